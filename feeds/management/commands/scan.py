import datetime as dt
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from feeds.library.process import ProcessOutcome, Result, process
from feeds.management.arguments import at_least, moment
from feeds.models import Episode, EpisodeQuerySet, Feed
from feeds.polling.adding import add_feed
from feeds.polling.http import Door
from feeds.polling.refresh import Outcome, Refreshed, refresh
from feeds.reading.errors import SourceError


class Command(BaseCommand):
    help = "Poll the feeds that are due, take in new episodes and their transcripts, and extract their insights."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--feed", metavar="URL", help="only this feed, due or not; it is added if it is new")
        parser.add_argument("--limit", type=at_least(0), metavar="N", help="process at most N episodes")
        parser.add_argument("--now", type=moment, metavar="ISO", help="act as if it were this moment")

    def handle(self, *args: Any, feed: str | None, limit: int | None, now: dt.datetime | None, **options: Any) -> None:
        now = now or timezone.now()
        door = Door()
        only = None if feed is None else [_feed(feed)]
        feeds = list(Feed.objects.due(now)) if only is None else only
        polled = [self._polled(one) for one in _progress(refresh(feeds, now=now, door=door), "feeds", len(feeds))]
        waiting = list(_waiting(now, only=only).values_list("pk", flat=True)[:limit])
        results = [
            self._processed(process(pk, now=now, door=door)) for pk in _progress(waiting, "episodes", len(waiting))
        ]
        if left := len(feeds) - len(polled):
            self._say(f"{left} feeds are being polled by another process, or stand on a host that is")
        self.stdout.write(_summary(polled, results))
        if _nothing_worked(polled, results):
            raise CommandError("nothing could be done; the reasons are above")

    def _polled(self, outcome: Refreshed) -> Refreshed:
        if outcome.error:
            self._say(f"{outcome.title}: {outcome.outcome}: {outcome.error}")
        return outcome

    def _processed(self, outcome: ProcessOutcome) -> ProcessOutcome:
        if outcome.error and outcome.result is not Result.SILENT:
            episode = Episode.objects.select_related("feed").get(pk=outcome.episode_id)
            self._say(f"{episode.feed.title}: {episode.title}: {outcome.result}: {outcome.error}")
        return outcome

    def _say(self, line: str) -> None:
        tqdm.write(line, file=sys.stderr)


def _feed(url: str) -> Feed:
    try:
        return add_feed(url)[0]
    except SourceError as error:
        raise CommandError(str(error)) from error


def _waiting(now: dt.datetime, *, only: list[Feed] | None) -> EpisodeQuerySet:
    waiting = Episode.objects.waiting(now)
    return waiting if only is None else waiting.filter(feed__in=only)


def _progress(steps: Iterable[Any], what: str, total: int) -> Iterable[Any]:
    return tqdm(steps, desc=what, total=total, file=sys.stderr, disable=not sys.stderr.isatty() or not total)


def _summary(polled: list[Refreshed], results: list[ProcessOutcome]) -> str:
    feeds = Counter(outcome.outcome for outcome in polled)
    episodes = Counter(outcome.result for outcome in results)
    insights = sum(outcome.insights for outcome in results)
    rejected = sum(outcome.rejected for outcome in results)
    passages = sum(outcome.passages for outcome in results)
    return (
        f"{len(polled)} feeds polled: {_counts(feeds)}; {sum(outcome.stored for outcome in polled)} new episodes; "
        f"{len(results)} processed: {_counts(episodes)}; {insights} insights, {rejected} rejected, "
        f"{passages} kept as passages"
    )


def _counts(counter: Counter[Any]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counter.most_common()) or "none"


def _nothing_worked(polled: list[Refreshed], results: list[ProcessOutcome]) -> bool:
    """Failures, and not one success: what is not due, or in another worker's hands, is no failure."""
    worked = any(one.outcome in (Outcome.CHANGED, Outcome.UNCHANGED) for one in polled) or any(
        one.result in (Result.DONE, Result.SILENT) for one in results
    )
    return any([one.error for one in polled] + [one.error for one in results]) and not worked

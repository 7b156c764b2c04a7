"""What the last night came to, in a few lines for operators."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from accounts.models import User
from briefs.models import Brief, Hold
from feeds.models import Episode, Feed, Insight, LlmCall

PERIOD = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that failed, with the error that is stored on its row."""

    what: str
    error: str


@dataclass(frozen=True, slots=True)
class Report:
    since: dt.datetime
    until: dt.datetime
    subscribers: int
    shows_scanned: int
    shows_failing: int
    episodes_new: int
    episodes_done: int
    episodes_silent: int
    episodes_failed: int
    insights: int
    passages: int
    cost: Decimal
    briefs: Mapping[str, int]
    troubles: tuple[Trouble, ...]


def nightly_report(*, now: dt.datetime) -> Report:
    since = now - PERIOD
    processed = dict(
        Episode.objects.filter(processed_at__gt=since).order_by().values_list("state").annotate(Count("id"))
    )
    failed = Episode.objects.filter(state=Episode.State.FAILED, next_attempt_at__gt=since)
    return Report(
        since=since,
        until=now,
        subscribers=User.objects.get_queryset().receiving().count(),
        shows_scanned=Feed.objects.filter(last_checked_at__gt=since).count(),
        shows_failing=Feed.objects.filter(failures__gt=0).count(),
        episodes_new=Episode.objects.filter(created_at__gt=since).count(),
        episodes_done=processed.get(Episode.State.DONE, 0),
        episodes_silent=processed.get(Episode.State.SILENT, 0),
        episodes_failed=failed.count(),
        insights=Insight.objects.ready().filter(created_at__gt=since).count(),
        passages=Insight.objects.passages().filter(created_at__gt=since).count(),
        cost=LlmCall.objects.filter(asked_at__gt=since).spent(),
        briefs=dict(Brief.objects.filter(due_at__gt=since).order_by().values_list("state").annotate(Count("id"))),
        troubles=_troubles(since),
    )


def in_words(report: Report) -> str:
    briefs = ", ".join(f"{count} {state}" for state, count in sorted(report.briefs.items())) or "none due"
    lines = [
        f"Overheard, {report.since:%d %b %H:%M} to {report.until:%d %b %H:%M} UTC",
        "",
        f"Shows      {report.shows_scanned} scanned, {report.shows_failing} failing",
        f"Episodes   {report.episodes_new} new, {report.episodes_done} extracted, "
        f"{report.episodes_silent} without a transcript, {report.episodes_failed} failed",
        f"Insights   {report.insights} ready, {report.passages} kept as passages, "
        f"{report.cost:.2f} spent on language models",
        f"Briefs     {briefs}",
        f"Readers    {report.subscribers}",
    ]
    if report.troubles:
        lines += ["", "What failed", *(f"  {one.what}: {one.error}" for one in report.troubles)]
    return "\n".join(lines)


def _troubles(since: dt.datetime) -> tuple[Trouble, ...]:
    """The newest of each kind; the admin has them all."""
    feeds = Feed.objects.exclude(error="").order_by("-last_checked_at")[:20]
    episodes = Episode.objects.filter(state=Episode.State.FAILED).order_by("-next_attempt_at")[:20]
    undecided = (Brief.State.UNKNOWN, Brief.State.FAILED)
    briefs = Brief.objects.filter(state__in=undecided, due_at__gt=since).select_related("user")[:20]
    unscheduled = User.objects.get_queryset().receiving().exclude(schedule_error="")[:20]
    holds = Hold.objects.filter(until__gt=since)
    return (
        *(Trouble(f"no {hold}", hold.reason) for hold in holds),
        *(Trouble(f"no brief is scheduled for {user.address}", user.schedule_error) for user in unscheduled),
        *(Trouble(feed.title, feed.error) for feed in feeds),
        *(Trouble(episode.title, episode.error) for episode in episodes),
        *(Trouble(f"brief of {brief.day} for {brief.user}, {brief.state}", brief.reason) for brief in briefs),
    )

"""Ask feeds, take in what is new, and set the time of the next question."""

import datetime as dt
import logging
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import transaction
from django.db.models import F

from feeds.models import Feed
from feeds.polling import schedule
from feeds.polling.adding import feed_address, is_private
from feeds.polling.fetch import Fetched, NotModified, Validators, fetch_many
from feeds.polling.host_locks import locked
from feeds.polling.http import Door, shown
from feeds.polling.intake import take_in
from feeds.polling.parse import ParsedFeed, parse
from feeds.reading.errors import BadAddress, BadAnswer, HostWaits, NotAFeed, SourceError

logger = logging.getLogger(__name__)

# A feed whose poll died with its process is asked again after this: so that the one it died of lets others go first.
LEASE = dt.timedelta(seconds=90)


class Outcome(StrEnum):
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    GONE = "gone"
    WAITS = "waits"  # its host asked for a pause; nothing was requested


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of one feed: `stored` counts its new episodes, `waiting` are the ids of those to be processed."""

    feed_id: int
    title: str
    outcome: Outcome
    stored: int = 0
    waiting: tuple[int, ...] = field(default=())
    error: str = ""


def refresh(feeds: Iterable[Feed], *, now: dt.datetime, door: Door) -> Iterator[Refreshed]:
    """Yield the outcome of each feed as it comes; feeds, and hosts, that another process polls are left out."""
    hosts = {feed: door.host_of(feed.url or "") for feed in feeds}
    with locked(set(hosts.values())) as ours:
        claimed = {feed.pk: feed for feed, host in hosts.items() if host in ours and _claim(feed, now=now)}
        wanted = {
            feed.pk: (feed.url or "", Validators(feed.etag, feed.last_modified, feed.body_hash))
            for feed in claimed.values()
        }
        for pk, answer in fetch_many(wanted, door=door):
            yield _settle(claimed[pk], answer, now=now)


def _claim(feed: Feed, *, now: dt.datetime) -> bool:
    """By conditional UPDATE: another process may have polled the feed since this one looked."""
    unclaimed = Feed.objects.filter(pk=feed.pk, next_check_at=feed.next_check_at, url=feed.url)
    return unclaimed.update(next_check_at=now + LEASE) == 1


def _settle(feed: Feed, answer: Fetched | NotModified | SourceError, *, now: dt.datetime) -> Refreshed:
    try:
        if isinstance(answer, SourceError):
            raise answer
        if isinstance(answer, NotModified):
            return _unchanged(feed, answer, now=now)
        return _changed(feed, answer, _parsed(answer), now=now)
    except SourceError as error:
        return _failed(feed, error, now=now)
    except Exception as error:
        # One feed must not stop the others; what nobody foresaw keeps its traceback in the log.
        logger.exception("feed %s", feed.pk)
        return _failed(feed, SourceError(f"unexpected {type(error).__name__}: {error}"), now=now)


def _parsed(answer: Fetched) -> ParsedFeed:
    try:
        return parse(answer.body, url=answer.url, content_type=answer.content_type)
    except NotAFeed as error:
        raise NotAFeed(f"{shown(answer.url)}: {error}") from error


def _changed(feed: Feed, answer: Fetched, parsed: ParsedFeed, *, now: dt.datetime) -> Refreshed:
    with transaction.atomic():
        stored, waiting = take_in(feed, parsed, now=now)
        feed.etag, feed.last_modified = answer.validators.etag, answer.validators.last_modified
        feed.body_hash = answer.validators.body_hash
        feed.last_changed_at = now
        wish = schedule.wish(cache_control=answer.cache_control, ttl_minutes=parsed.ttl)
        _succeeded(feed, wish=wish, moved_to=answer.moved_to or parsed.new_url, now=now)
        feed.save(update_fields=[*_SUCCESS_FIELDS, "etag", "last_modified", "body_hash", "last_changed_at"])
    return Refreshed(feed.pk, feed.title, Outcome.CHANGED, stored, waiting)


def _unchanged(feed: Feed, answer: NotModified, *, now: dt.datetime) -> Refreshed:
    wish = schedule.wish(cache_control=answer.cache_control, ttl_minutes=None)
    # A feed that announces its new address in its body said so when it was last read, and says so still.
    _succeeded(feed, wish=wish, moved_to=answer.moved_to or feed.moved_to, now=now)
    feed.save(update_fields=_SUCCESS_FIELDS)
    return Refreshed(feed.pk, feed.title, Outcome.UNCHANGED)


_SUCCESS_FIELDS = [
    "moved_to", "moved_first_seen_at", "moved_sightings", "failures", "error", "last_checked_at", "next_check_at",
]  # fmt: skip


def _succeeded(feed: Feed, *, wish: dt.timedelta, moved_to: str, now: dt.datetime) -> None:
    published = feed.episodes.order_by("-published_at").values_list("published_at", flat=True)[: schedule.RECENT]
    feed.failures, feed.error, feed.last_checked_at = 0, "", now
    feed.next_check_at = schedule.after_success(now=now, published=list(published), wish=wish, jitter=_jitter())
    _note_move(feed, moved_to, now=now)


def _note_move(feed: Feed, said: str, *, now: dt.datetime) -> None:
    moved_to = _address_or_none(said)
    if not moved_to or moved_to == feed.url:
        feed.moved_to, feed.moved_first_seen_at, feed.moved_sightings = "", None, 0
        return
    if moved_to != feed.moved_to:
        feed.moved_to, feed.moved_first_seen_at, feed.moved_sightings = moved_to, now, 0
    feed.moved_sightings += 1
    first_seen_at = feed.moved_first_seen_at or now
    is_believed = schedule.is_move_believed(first_seen_at=first_seen_at, sightings=feed.moved_sightings, now=now)
    if is_believed and not Feed.objects.filter(url=moved_to).exists():
        # Not where an operator gave it another address while it was asked.
        # A show that moves to an address with a secret leaves the public pages.
        secret = {"is_private": True} if is_private(moved_to) else {}
        Feed.objects.filter(pk=feed.pk, url=feed.url).update(url=moved_to, **secret)
        feed.moved_to, feed.moved_first_seen_at, feed.moved_sightings = "", None, 0


def _address_or_none(said: str) -> str | None:
    try:
        return feed_address(said)
    except BadAddress:
        return None


def _failed(feed: Feed, error: SourceError, *, now: dt.datetime) -> Refreshed:
    """The row keeps its validators, its state and the reason; only a 410 ends it."""
    reason = str(error)[:500]
    if isinstance(error, HostWaits):
        due = schedule.after_pause(now=now, retry_after=error.retry_after or 0, jitter=_jitter())
        Feed.objects.filter(pk=feed.pk).update(next_check_at=due)
        return Refreshed(feed.pk, feed.title, Outcome.WAITS, error=reason)
    fields = {"failures": F("failures") + 1, "error": reason, "last_checked_at": now}
    if isinstance(error, BadAnswer) and error.status == 410:
        Feed.objects.filter(pk=feed.pk).update(**fields, state=Feed.State.GONE, next_check_at=None)
        return Refreshed(feed.pk, feed.title, Outcome.GONE, error=reason)
    due = schedule.after_failure(now=now, failures=feed.failures + 1, retry_after=error.retry_after, jitter=_jitter())
    Feed.objects.filter(pk=feed.pk).update(**fields, next_check_at=due)
    return Refreshed(feed.pk, feed.title, Outcome.FAILED, error=reason)


def _jitter() -> float:
    return random.random()  # noqa: S311  spreads load, guards nothing

"""Ask feeds, take in what is new, and set the time of the next question."""

import datetime as dt
import logging
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import transaction
from django.db.models import F

from feeds.models import Feed
from feeds.polling import schedule
from feeds.polling.fetch import Fetched, NotModified, Validators, fetch_many
from feeds.polling.host_locks import locked
from feeds.polling.http import Door, shown
from feeds.polling.intake import fingerprints, take_in
from feeds.polling.many_feeds import claim, newest_dates, record_unchanged
from feeds.polling.moving import MOVE_FIELDS, follow, is_due, note_move, returned
from feeds.polling.page import feeds_of_page, led_by_page
from feeds.polling.parse import ParsedFeed, parse
from feeds.reading.errors import BadAnswer, HostWaits, NotAFeed, SourceError

logger = logging.getLogger(__name__)

# A feed whose poll died with its process is asked again after this: so that the one it died of lets others go first.
LEASE = dt.timedelta(seconds=90)
# So many feeds that say nothing new are recorded by one statement.
TOGETHER = 100


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


def refresh(
    feeds: Iterable[Feed], *, now: dt.datetime, door: Door, seconds: float | None = None, is_led: bool = False
) -> Iterator[Refreshed]:
    """Yield the outcome of each feed as it comes; feeds, and hosts, that another process polls are left out.

    So are those that nobody asked after so many `seconds`: they stay due. A page that was added in place of a feed
    leads to the feed that it names, which is polled then; one that `is_led` leads nowhere else.
    """
    led = list[int]()
    hosts = {feed: door.host_of(feed.url or "") for feed in feeds}
    with locked(set(hosts.values())) as ours:
        claimed = claim([feed for feed, host in hosts.items() if host in ours], until=now + LEASE)
        yield from _asked(claimed, now=now, door=door, seconds=seconds, led=None if is_led else led)
    if led:
        yield from refresh(Feed.objects.filter(pk__in=led), now=now, door=door, seconds=seconds, is_led=True)


def _asked(
    claimed: Mapping[int, Feed], *, now: dt.datetime, door: Door, seconds: float | None, led: list[int] | None
) -> Iterator[Refreshed]:
    """`led` takes those that are to be asked again, under the address that their page names."""
    wanted = {pk: (feed.url or "", _known(feed, now=now)) for pk, feed in claimed.items()}
    unasked, silent = dict(claimed), dict[Feed, NotModified]()
    for pk, answer in fetch_many(wanted, door=door, seconds=seconds):
        feed = unasked.pop(pk)
        if isinstance(answer, NotModified) and _says_nothing(feed, answer):
            silent[feed] = answer
        elif led is not None and isinstance(answer, Fetched) and led_by_page(feed, answer, now=now):
            led.append(pk)
        else:
            yield _settle(feed, answer, now=now)
            _move(feed, door=door, now=now)
        if len(silent) == TOGETHER:
            yield from _settle_together(silent, now=now)
            silent = {}
    if silent:
        yield from _settle_together(silent, now=now)
    # As due as they were.
    Feed.objects.bulk_update(unasked.values(), ["next_check_at"])


def _says_nothing(feed: Feed, answer: NotModified) -> bool:
    """But when it wants to be asked again."""
    return answer.validators is None and not answer.moved_to and not feed.moved_to


def _settle_together(silent: Mapping[Feed, NotModified], *, now: dt.datetime) -> list[Refreshed]:
    dates = newest_dates([feed.pk for feed in silent])
    for feed, answer in silent.items():
        wish = schedule.wish(cache_control=answer.cache_control, ttl_minutes=None)
        _set_times(feed, dates.get(feed.pk, []), wish=wish, now=now)
    record_unchanged(list(silent), now=now)
    return [Refreshed(feed.pk, feed.title, Outcome.UNCHANGED) for feed in silent]


def _move(feed: Feed, *, door: Door, now: dt.datetime) -> None:
    try:
        if is_due(feed, now=now):
            follow(feed, door=door, now=now)
    except Exception:
        # As below: the others are still to be asked.
        logger.exception("move of feed %s", feed.pk)


def _known(feed: Feed, *, now: dt.datetime) -> Validators:
    if _is_whole_due(feed, now=now):
        return Validators(body_hash=feed.body_hash)
    return Validators(feed.etag, feed.last_modified, feed.body_hash)


def _is_whole_due(feed: Feed, *, now: dt.datetime) -> bool:
    return schedule.needs_whole(now=now, last_whole_at=feed.last_whole_at, overdue_at=feed.overdue_at)


def _settle(feed: Feed, answer: Fetched | NotModified | SourceError, *, now: dt.datetime) -> Refreshed:
    try:
        if isinstance(answer, SourceError):
            raise answer
        if isinstance(answer, NotModified):
            return _unchanged(feed, answer, now=now)
        return _changed(feed, answer, _parsed(answer, known=_unread(feed, now=now)), now=now)
    except SourceError as error:
        return _failed(feed, error, now=now)
    except Exception as error:
        # One feed must not stop the others; what nobody foresaw keeps its traceback in the log.
        logger.exception("feed %s", feed.pk)
        return _failed(feed, SourceError(f"unexpected {type(error).__name__}: {error}"), now=now)


def _unread(feed: Feed, *, now: dt.datetime) -> frozenset[str]:
    """What need not be read; whatever is asked for whole is read whole, too, against rows that were changed since."""
    return frozenset() if _is_whole_due(feed, now=now) else fingerprints(feed)


def _parsed(answer: Fetched, *, known: frozenset[str]) -> ParsedFeed:
    try:
        return parse(answer.body, url=answer.url, content_type=answer.content_type, known=known)
    except NotAFeed as error:
        names = feeds_of_page(answer)
        hint = f"; the feed that it names is {shown(names[0])}" if names else ""
        raise NotAFeed(f"{shown(answer.url)}: {error}{hint}") from error


def _changed(feed: Feed, answer: Fetched, parsed: ParsedFeed, *, now: dt.datetime) -> Refreshed:
    with transaction.atomic():
        stored, waiting = take_in(feed, parsed, now=now)
        feed.last_changed_at = now
        if parsed.is_whole:
            _keep(feed, answer.validators, now=now)
        wish = schedule.wish(cache_control=answer.cache_control, ttl_minutes=parsed.ttl)
        _succeeded(feed, wish=wish, moved_to=answer.moved_to or parsed.new_url, now=now)
        feed.save(update_fields=[*_SUCCESS_FIELDS, *_VERSION_FIELDS, "last_changed_at"])
    return Refreshed(feed.pk, feed.title, Outcome.CHANGED, stored, waiting)


def _unchanged(feed: Feed, answer: NotModified, *, now: dt.datetime) -> Refreshed:
    wish = schedule.wish(cache_control=answer.cache_control, ttl_minutes=None)
    # A feed that announces its new address in its body said so when it was last read, and says so still.
    _succeeded(feed, wish=wish, moved_to=answer.moved_to or feed.moved_to, now=now)
    if answer.validators is not None:
        _keep(feed, answer.validators, now=now)
    feed.save(update_fields=[*_SUCCESS_FIELDS, *_VERSION_FIELDS])
    return Refreshed(feed.pk, feed.title, Outcome.UNCHANGED)


def _keep(feed: Feed, version: Validators, *, now: dt.datetime) -> None:
    feed.etag, feed.last_modified, feed.body_hash = version.etag, version.last_modified, version.body_hash
    feed.last_whole_at = now


_SUCCESS_FIELDS = [*MOVE_FIELDS, "failures", "error", "last_checked_at", "next_check_at", "overdue_at"]
_VERSION_FIELDS = ["etag", "last_modified", "body_hash", "last_whole_at"]


def _succeeded(feed: Feed, *, wish: dt.timedelta, moved_to: str, now: dt.datetime) -> None:
    feed.failures, feed.error, feed.last_checked_at = 0, "", now
    _set_times(feed, newest_dates([feed.pk]).get(feed.pk, []), wish=wish, now=now)
    note_move(feed, moved_to, now=now)


def _set_times(feed: Feed, published: Sequence[dt.datetime], *, wish: dt.timedelta, now: dt.datetime) -> None:
    feed.overdue_at = schedule.overdue_at(published)
    feed.next_check_at = schedule.after_success(now=now, published=published, wish=wish, jitter=_jitter())


def _failed(feed: Feed, error: SourceError, *, now: dt.datetime) -> Refreshed:
    """The row keeps its validators, its state and the reason; only a 410 ends it."""
    reason = str(error)[:500]
    if isinstance(error, HostWaits):
        due = schedule.after_pause(now=now, retry_after=error.retry_after or 0, jitter=_jitter())
        Feed.objects.filter(pk=feed.pk).update(next_check_at=due)
        return Refreshed(feed.pk, feed.title, Outcome.WAITS, error=reason)
    if returned(feed, error, now=now):
        return Refreshed(feed.pk, feed.title, Outcome.FAILED, error=reason)
    fields = {"failures": F("failures") + 1, "error": reason, "last_checked_at": now}
    if isinstance(error, BadAnswer) and error.status == 410:
        Feed.objects.filter(pk=feed.pk).update(**fields, state=Feed.State.GONE, gone_at=now, next_check_at=None)
        return Refreshed(feed.pk, feed.title, Outcome.GONE, error=reason)
    due = schedule.after_failure(now=now, failures=feed.failures + 1, retry_after=error.retry_after, jitter=_jitter())
    Feed.objects.filter(pk=feed.pk).update(**fields, next_check_at=due)
    return Refreshed(feed.pk, feed.title, Outcome.FAILED, error=reason)


def _jitter() -> float:
    return random.random()  # noqa: S311  spreads load, guards nothing

"""Pure: when to ask a feed again."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

SOONEST = dt.timedelta(hours=1)
LATEST = dt.timedelta(hours=6)
LATEST_FOR_DORMANT = dt.timedelta(hours=24)
DORMANT_AFTER = dt.timedelta(days=90)
LONGEST_WISH = dt.timedelta(hours=24)
FIRST_BACKOFF = dt.timedelta(hours=1)
LONGEST_BACKOFF = dt.timedelta(days=3)
# A show that comes every two days is asked every four hours.
CHECKS_PER_EPISODE = 12
RECENT = 10

WHOLE_AFTER = dt.timedelta(days=7)
WHOLE_AFTER_OVERDUE = dt.timedelta(hours=24)

MOVE_SIGHTINGS = 3
MOVE_PERIOD = dt.timedelta(days=7)


def after_success(
    *, now: dt.datetime, published: Sequence[dt.datetime], wish: dt.timedelta = dt.timedelta(), jitter: float
) -> dt.datetime:
    """When to ask next after an answer.

    `published` are the dates of the episodes in any order; `wish` is how long the server wants to be left alone
    (Cache-Control, ttl); `jitter` is 0 to 1 and spreads feeds that were added together.
    """
    interval = max(_cadence(now, published), min(wish, LONGEST_WISH))
    return now + interval * (1 + 0.1 * jitter)


def after_failure(*, now: dt.datetime, failures: int, retry_after: float | None = None, jitter: float) -> dt.datetime:
    """When to ask next after the `failures`-th failure in a row; `retry_after` in seconds is the least wait."""
    doublings = min(max(failures - 1, 0), 10)
    backoff: dt.timedelta = min(FIRST_BACKOFF * 2**doublings, LONGEST_BACKOFF)
    asked = min(dt.timedelta(seconds=retry_after or 0), LONGEST_WISH)
    return now + max(backoff * (0.75 + 0.25 * jitter), asked)


def after_pause(*, now: dt.datetime, retry_after: float, jitter: float) -> dt.datetime:
    """When to ask a feed whose host wants a pause that another feed was told of: no failure of its own."""
    return now + min(dt.timedelta(seconds=retry_after), LONGEST_WISH) + dt.timedelta(minutes=5) * jitter


def is_move_believed(*, first_seen_at: dt.datetime, sightings: int, now: dt.datetime) -> bool:
    """A permanent redirect is stored only when it was seen again and again for a week: some are mistakes."""
    return sightings >= MOVE_SIGHTINGS and now - first_seen_at >= MOVE_PERIOD


def needs_whole(*, now: dt.datetime, last_whole_at: dt.datetime | None, overdue_at: dt.datetime | None) -> bool:
    """Whether to ask without validators: a server that says “not modified” is believed for a week at most, and for a
    day while an episode is overdue."""
    if last_whole_at is None or now - last_whole_at >= WHOLE_AFTER:
        return True
    is_overdue = overdue_at is not None and overdue_at <= now < overdue_at + WHOLE_AFTER
    return is_overdue and now - last_whole_at >= WHOLE_AFTER_OVERDUE


def overdue_at(published: Sequence[dt.datetime]) -> dt.datetime | None:
    """When an episode is missing: after twice the usual time between two."""
    recent = sorted(published, reverse=True)[:RECENT]
    gaps = _gaps(recent)
    return recent[0] + dt.timedelta(seconds=2 * median(gaps)) if gaps else None


def wish(*, cache_control: str, ttl_minutes: int | None) -> dt.timedelta:
    """How long the server says that its answer holds."""
    max_age = 0
    for directive in cache_control.lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name == "max-age" and value.strip('"').isascii() and value.strip('"').isdigit():
            max_age = int(value.strip('"')[:9])
    return min(max(dt.timedelta(seconds=max_age), dt.timedelta(minutes=ttl_minutes or 0)), LONGEST_WISH)


def _cadence(now: dt.datetime, published: Sequence[dt.datetime]) -> dt.timedelta:
    recent = sorted(published, reverse=True)[:RECENT]
    if not recent:
        return LATEST
    if now - recent[0] > DORMANT_AFTER:
        return LATEST_FOR_DORMANT
    gaps = _gaps(recent)
    if not gaps:
        return LATEST
    return min(max(dt.timedelta(seconds=median(gaps) / CHECKS_PER_EPISODE), SOONEST), LATEST)


def _gaps(newest_first: Sequence[dt.datetime]) -> list[float]:
    return [(newer - older).total_seconds() for newer, older in pairwise(newest_first)]

"""When a subscriber's brief is due: pure, and exact where the local clock jumps."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

# Two briefs never come nearer than this, whatever was done to the clock in between.
MINIMUM_GAP = dt.timedelta(hours=12)
# A brief later than this is skipped; what it would have held joins the next one.
LATEST = dt.timedelta(hours=6)
TOO_LATE = "more than six hours late; its items join the next brief"
# A brief that would come too near the last one waits for this long, and is left out where that is not enough.
PATIENCE = dt.timedelta(minutes=15)
TOO_NEAR = "less than twelve hours after the one before; its items join the next brief"

_DAY = dt.timedelta(days=1)
# Nearer to the end of the calendar than this, "until then" means for good.
_FAR = dt.timedelta(days=400)
# Longer than this nobody asks what became of a morning.
_REMEMBERED = dt.timedelta(days=60)
_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """The brief of one local day and its instant in UTC.

    `day` is the day it was meant for: where 23:00 does not exist, `at` already lies on the day after.
    """

    day: dt.date
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """When a subscriber wants the brief; `days` counts from Monday, 0. A weekly brief comes on the first of them."""

    time_zone: str
    hour: int
    days: Collection[int]
    weekly: bool = False
    paused_until: dt.date | None = None

    def wants(self, day: dt.date) -> bool:
        if self.paused_until and day < self.paused_until:
            return False
        return day.weekday() == min(self.days, default=None) if self.weekly else day.weekday() in self.days

    def instant(self, day: dt.date) -> dt.datetime | None:
        """The UTC instant of the chosen hour on `day`; None for a day that the zone skipped as a whole."""
        zone = ZoneInfo(self.time_zone)
        if _first_valid(dt.datetime.combine(day, dt.time()), zone).astimezone(zone).date() != day:
            return None
        return _first_valid(dt.datetime.combine(day, dt.time(self.hour)), zone)

    def local_day(self, instant: dt.datetime) -> dt.date:
        return instant.astimezone(ZoneInfo(self.time_zone)).date()


def next_slot(clock: Clock, *, now: dt.datetime, last_day: dt.date | None = None) -> Slot | None:
    """The first slot after `now` on a later day than the brief before had; None when no day of the week is wanted."""
    if not clock.days:
        return None
    first = clock.local_day(now) - _DAY
    if clock.paused_until:
        first = max(first, clock.paused_until)
    if last_day:
        first = max(first, last_day + _DAY)
    return next((slot for slot in _slots(clock, first) if slot.at > now), None)


def slots_between(clock: Clock, *, since: dt.datetime, now: dt.datetime) -> list[Slot]:
    """Those from `since` up to `now`, the oldest first: each was promised to somebody."""
    begin = max(since, now - _REMEMBERED)
    first, last = clock.local_day(begin) - _DAY, clock.local_day(now) + _DAY
    return [slot for slot in _slots(clock, first, days=(last - first).days + 1) if begin <= slot.at <= now]


def is_too_late(due_at: dt.datetime, *, now: dt.datetime) -> bool:
    return now - due_at > LATEST


def keeps_gap(at: dt.datetime, *, last_at: dt.datetime | None) -> bool:
    return last_at is None or at - last_at >= MINIMUM_GAP


def may_come_at(due_at: dt.datetime, *, last_at: dt.datetime | None) -> dt.datetime | None:
    """When a brief that is due then may be sent, if the one before reached its subscriber at `last_at`.

    Somebody who moves across the sea can be a few seconds short of the gap; they wait for these. None where it is more.
    """
    at = max(due_at, last_at + MINIMUM_GAP) if last_at else due_at
    return at if at - due_at <= PATIENCE else None


@dataclass(frozen=True, slots=True)
class Coming:
    """The instant of the next brief, and the first before it that is left out for being too near the last one."""

    at: dt.datetime | None
    left_out: dt.datetime | None = None


def coming(
    clock: Clock,
    *,
    promised: dt.datetime | None,
    now: dt.datetime,
    last_day: dt.date | None = None,
    last_at: dt.datetime | None = None,
) -> Coming:
    """What will happen, as things stand; `promised` is the next instant that was computed before, if there is one."""
    at, left_out = promised, None
    if at is None or at <= now:
        at = _instant(next_slot(clock, now=now, last_day=last_day))
    while at and not may_come_at(at, last_at=last_at):
        left_out = left_out or at
        at = _instant(next_slot(clock, now=at, last_day=last_day))
    return Coming(at, left_out)


def _instant(slot: Slot | None) -> dt.datetime | None:
    return slot.at if slot else None


def _slots(clock: Clock, first: dt.date, *, days: int = 16) -> Iterator[Slot]:
    """Slots by day from `first` on; by default over enough of them for a weekly one after a lost day."""
    if dt.date.max - first < _FAR:
        return
    for offset in range(days):
        day = first + offset * _DAY
        at = clock.instant(day) if clock.wants(day) else None
        if at:
            yield Slot(day, at)


def _first_valid(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The instant of a local time: the first of two where it comes twice, the end of the gap where it never comes."""
    instant = local.replace(tzinfo=zone).astimezone(dt.UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local:
        return instant
    # In a gap fold=0 reads the offset from before the jump and fold=1 the one from after it, so the jump lies between.
    low, high = local.replace(tzinfo=zone, fold=1).astimezone(dt.UTC), instant
    before = low.astimezone(zone).utcoffset()
    while high - low > _MINUTE:
        middle = low + ((high - low) / 2 // _MINUTE) * _MINUTE
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high

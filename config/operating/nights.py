"""One record for each night, and its report by mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from config.models import NightRecord
from config.operating.counting import figures
from config.operating.figures import Figures, Night

PICTURED = 14
_AGAIN = dt.timedelta(minutes=10)
# A report that could not be mailed for so long is in the admin all the same.
_TOO_OLD = dt.timedelta(hours=12)


def last_end(*, hour: int, now: dt.datetime) -> dt.datetime:
    """When the last night ended, which is at that hour of UTC."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= now else today - dt.timedelta(days=1)


def report_night(*, hour: int, now: dt.datetime, tell: Callable[[Figures], None]) -> bool:
    """Record the night that ended last, and tell of it once; what raises is tried again by a later tick."""
    end = last_end(hour=hour, now=now)
    counted = None
    if not NightRecord.objects.filter(day=end.date()).exists():
        counted = figures(now=now)
        known = {"figures": counted.night.as_json(), "counted_at": now, "next_attempt_at": now}
        NightRecord.objects.get_or_create(known, day=end.date())
    if now - end > _TOO_OLD or not _claim(end.date(), now=now):
        return False
    tell(counted or figures(now=now))
    NightRecord.objects.filter(day=end.date()).update(mailed_at=now)
    return True


def last_nights(*, current: Night, now: dt.datetime) -> Sequence[tuple[str, Night]]:
    """The recorded ones and the last 24 hours, the oldest first; a night without a record is left out."""
    first = now.date() - dt.timedelta(days=PICTURED)
    records = NightRecord.objects.filter(day__gt=first).order_by("-day")[: PICTURED - 1]
    past = [(f"{one.day.day} {one.day:%b}", Night.from_json(one.figures)) for one in records]
    return [*reversed(past), ("the last 24 hours", current)]


def _claim(day: dt.date, *, now: dt.datetime) -> bool:
    untold = NightRecord.objects.filter(day=day, mailed_at=None, next_attempt_at__lte=now)
    return untold.update(next_attempt_at=now + _AGAIN) == 1

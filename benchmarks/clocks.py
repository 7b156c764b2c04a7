"""Every zone, every hour, every change of clocks from 2026 to 2030: is the due instant exact?

    python -m benchmarks.clocks

The oracle knows nothing of gaps and folds. It walks through time in quarters of an hour and takes the first instant at
which the local clock shows the wanted hour, or is past it.
"""

import datetime as dt
import itertools
import zoneinfo
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from briefs.edition.schedule import Clock

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2030, 12, 31)
STEP, DAY = dt.timedelta(minutes=15), dt.timedelta(days=1)


def main() -> None:
    zones = sorted(zoneinfo.available_timezones())
    with ProcessPoolExecutor() as workers:
        found = list(workers.map(_check, zones, chunksize=8))
    changes, asked = sum(one for one, _, _ in found), sum(two for _, two, _ in found)
    wrong = [line for _, _, lines in found for line in lines]
    print(f"{len(zones)} zones, {changes} changes of clocks, {asked} due instants, {len(wrong)} of them wrong")
    print("\n".join(wrong[:20]))


def _check(name: str) -> tuple[int, int, list[str]]:
    zone = zoneinfo.ZoneInfo(name)
    days = list(_days_of_change(zone))
    asked, wrong = 0, []
    for changed in days:
        walk = _walk(zone, changed)
        for day, hour in itertools.product((changed - DAY, changed, changed + DAY), range(24)):
            asked += 1
            given = Clock(name, hour, range(7)).instant(day)
            wanted = dt.datetime.combine(day, dt.time(hour))
            right = next(instant for instant, local in walk if local >= wanted)
            if given != right:
                wrong.append(f"{name} {day} {hour}:00 is {right:%Y-%m-%d %H:%M} UTC, not {given}")
    return len(days), asked, wrong


def _days_of_change(zone: zoneinfo.ZoneInfo) -> Iterator[dt.date]:
    day, before = FIRST, _offset(zone, FIRST)
    while day < LAST:
        after = _offset(zone, day + DAY)
        if after != before:
            yield day
        day, before = day + DAY, after


def _offset(zone: zoneinfo.ZoneInfo, day: dt.date) -> dt.timedelta | None:
    return dt.datetime.combine(day, dt.time(), dt.UTC).astimezone(zone).utcoffset()


def _walk(zone: zoneinfo.ZoneInfo, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
    start = dt.datetime.combine(day - 3 * DAY, dt.time(), dt.UTC)
    instants = [start + number * STEP for number in range(7 * 96)]
    return [(instant, instant.astimezone(zone).replace(tzinfo=None)) for instant in instants]


if __name__ == "__main__":
    main()

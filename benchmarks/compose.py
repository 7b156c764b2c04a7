"""Composes a morning's briefs of 20,000 made-up subscribers and stores them, beside a bare COPY of the same items.

    python -m benchmarks.compose [--subscribers 20000] [--insights 3000] [--days 3]

The rows live in a database of their own, which is dropped at the end. The COPY hands the items' very bytes to the
table that they were deleted from. CPU seconds are this process's, without the server's.
"""

import argparse
import datetime as dt
import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

import numpy as np  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.compose_world import Subscribers, fill_pool  # noqa: E402
from benchmarks.tables import print_table  # noqa: E402
from briefs.edition.compose import compose_due  # noqa: E402
from briefs.models import Brief, BriefItem  # noqa: E402

ITEM = "brief_id, insight_id, position, reason, reason_detail, score, voices"


@dataclass(frozen=True, slots=True)
class Spent:
    wall: float
    cpu: float
    peak: int


def main() -> None:
    arguments = _arguments()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        now, rng = timezone.now(), np.random.default_rng(7)
        insights = fill_pool(rng, arguments.insights, now)
        Subscribers(rng, insights, days=arguments.days, now=now).fill(arguments.subscribers)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        before = _peak()
        composing = _spent(lambda: compose_due(now=now))
        copying = _spent(_copying_again(now))
        _print(now, composing, copying, before)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subscribers", type=int, default=20_000)
    parser.add_argument("--insights", type=int, default=3000, help="that arrived since yesterday's briefs")
    parser.add_argument("--days", type=int, default=3, help="before this one on which everyone had a brief")
    return parser.parse_args()


def _spent(work: Callable[[], object]) -> Spent:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu, _peak())


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _copying_again(now: dt.datetime) -> Callable[[], None]:
    """Takes today's items out of the table; the work is to put them back."""
    todays = Brief.objects.filter(day=now.date())
    ids = list(todays.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        chosen = f"SELECT {ITEM} FROM briefs_briefitem WHERE brief_id = ANY(%s)"  # noqa: S608
        with cursor.copy(f"COPY ({chosen}) TO STDOUT", [ids]) as out:
            content = b"".join(bytes(part) for part in out)
        cursor.execute("DELETE FROM briefs_briefitem WHERE brief_id = ANY(%s)", [ids])
        cursor.execute("VACUUM briefs_briefitem")

    def copy() -> None:
        with connection.cursor() as cursor, cursor.copy(f"COPY briefs_briefitem ({ITEM}) FROM STDIN") as into:
            into.write(content)

    return copy


def _print(now: dt.datetime, composing: Spent, copying: Spent, before: int) -> None:
    todays = Brief.objects.filter(day=now.date())
    briefs, items = todays.count(), BriefItem.objects.filter(brief__in=todays).count()
    composed = todays.filter(state=Brief.State.COMPOSED).count()

    def cells(spent: Spent) -> list[str]:
        rates = [f"{briefs / spent.wall:,.0f}", f"{items / spent.wall:,.0f}"]
        return [f"{spent.wall:.2f}", f"{spent.cpu:.2f}", *rates, str(spent.peak)]

    print_table(
        f"{briefs:,} briefs, {composed:,} with something to say, {items:,} items; peak of {before} MB before the first",
        ("seconds", "CPU s", "briefs/s", "items/s", "peak MB"),
        [("composed and stored", cells(composing)), ("bare COPY of the items", cells(copying))],
    )


if __name__ == "__main__":
    main()

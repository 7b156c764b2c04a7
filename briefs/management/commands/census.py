import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from briefs.edition.census import Census, census


class Command(BaseCommand):
    help = "What became of every brief that was due on a day, and why. Fails where it does not add up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "day", nargs="?", type=dt.date.fromisoformat, metavar="DAY", help="the subscribers' local day; else today"
        )

    def handle(self, *args: Any, day: dt.date | None, **options: Any) -> None:
        now = timezone.now()
        found = census(day or now.date(), now=now)
        self.stdout.write("\n".join(_lines(found)))
        if not found.adds_up:
            raise CommandError("This does not add up: briefs changed while they were counted, or some were forgotten.")


def _lines(found: Census) -> list[str]:
    lines = [f"{found.day}, briefs due: {found.due}"]
    for state, number in found.ended.items():
        lines.append(f"{number:>8} {state}")
        lines += [f"{one.number:>16} {one.reason}" for one in found.reasons if one.state == state]
    if not found.is_over:
        lines.append(f"{found.in_hand + found.unopened:>8} not ended yet")
    return lines

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from briefs.models import Brief
from briefs.tick import Ticked, tick


class Command(BaseCommand):
    help = "One tick: schedules, composes and delivers all briefs that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="act as if it were this moment, for example 2026-11-23T07:00Z")

    def handle(self, *args: Any, now: str | None, **options: Any) -> None:
        self.stdout.write(_in_words(tick(now=_moment(now) if now else timezone.now())))


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is no ISO date and time, such as 2026-11-23T07:00Z.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _in_words(ticked: Ticked) -> str:
    empty = sum(1 for one in ticked.composed if not one.items)
    states = ", ".join(f"{count} {Brief.State(state).label.lower()}" for state, count in ticked.delivered.items())
    return (
        f"{ticked.opened} briefs due, {len(ticked.composed) - empty} composed, {empty} with nothing to say; "
        f"{states or 'none to send'}."
    )

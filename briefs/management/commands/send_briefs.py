import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from briefs.edition.tick import Ticked, tick
from briefs.models import Brief
from feeds.management.arguments import moment


class Command(BaseCommand):
    help = "One tick: schedules, composes and delivers all briefs that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", type=moment, metavar="ISO", help="act as if it were this moment, for example 2026-11-23T07:00Z"
        )

    def handle(self, *args: Any, now: dt.datetime | None, **options: Any) -> None:
        self.stdout.write(_in_words(tick(now=now or timezone.now())))
        if stuck := Brief.objects.filter(state=Brief.State.DUE, attempts__gt=0).count():
            raise CommandError(
                f"{stuck} briefs could not be composed; the reason is in the log, and they are tried again"
            )


def _in_words(ticked: Ticked) -> str:
    states = [f"{count} {Brief.State(state).label.lower()}" for state, count in ticked.delivered.items()]
    tests = [f"{ticked.tests_sent} sent as a test"] if ticked.tests_sent else []
    return (
        f"{ticked.opened} briefs due, {ticked.composed[Brief.State.COMPOSED]} composed, "
        f"{ticked.composed[Brief.State.EMPTY]} with nothing to say; "
        f"{', '.join([*states, *tests]) or 'none to send'}."
    )

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from config.operating.counting import figures
from config.operating.report import as_text
from config.operating.telling import mail_report


class Command(BaseCommand):
    help = "What went wrong in the last 24 hours, what was scanned, read, sent and skipped, and what waits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mail", metavar="ADDRESS", help="mail it there, too")

    def handle(self, *args: Any, mail: str | None, **options: Any) -> None:
        found = figures(now=timezone.now())
        self.stdout.write(as_text(found))
        if mail:
            mail_report(found, to=[mail])

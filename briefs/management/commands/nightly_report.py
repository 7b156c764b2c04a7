from typing import Any

from django.conf import settings
from django.core.mail import mail_admins
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from briefs.report import in_words, nightly_report


class Command(BaseCommand):
    help = "What was scanned, extracted, sent, skipped and what failed in the last 24 hours."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mail", action="store_true", help="also mail it to the ADMINS")

    def handle(self, *args: Any, mail: bool, **options: Any) -> None:
        report = nightly_report(now=timezone.now())
        text = in_words(report)
        self.stdout.write(text)
        if mail and settings.ADMINS:
            failed = len(report.troubles)
            mail_admins(f"{report.insights} insights, {report.briefs.get('sent', 0)} briefs, {failed} failures", text)

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.mail.connection import Connection
from accounts.mail.layout import message_id
from accounts.mail.message import mail_to
from briefs.edition.report import Report, in_words, nightly_report


class Command(BaseCommand):
    help = "What was scanned, extracted, sent, skipped and what failed in the last 24 hours."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mail", metavar="ADDRESS", help="mail it there, too")

    def handle(self, *args: Any, mail: str | None, **options: Any) -> None:
        report = nightly_report(now=timezone.now())
        text = in_words(report)
        self.stdout.write(text)
        if mail:
            headers = {"Message-ID": message_id(f"report-{report.until:%Y%m%d%H%M%S}")}
            with Connection() as connection:
                connection.send(mail_to(mail, subject=_subject(report), text=text, headers=headers))


def _subject(report: Report) -> str:
    sent, failed = report.briefs.get("sent", 0), len(report.troubles)
    return f"Overheard: {report.insights} insights, {sent} briefs, {failed} failures"

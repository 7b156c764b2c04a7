import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from briefs.edition.next_brief import clock_of
from briefs.edition.printing.preview import Preview, preview
from feeds.management.arguments import day as local_day


class Command(BaseCommand):
    help = "Composes a subscriber's brief without sending or recording anything."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--day", type=local_day, metavar="DATE", help="local day; today by default")
        parser.add_argument("--output", type=Path, metavar="FILE.eml", help="write the mail here, else print its text")

    def handle(self, *args: Any, email: str, day: dt.date | None, output: Path | None, **options: Any) -> None:
        try:
            user = User.objects.get_by_natural_key(email)
        except User.DoesNotExist as error:
            raise CommandError(f"There is no subscriber {email}.") from error
        self._show(preview(user, now=_moment(user, day)), output)

    def _show(self, found: Preview, output: Path | None) -> None:
        if found.message is None:
            self.stdout.write(f"Nothing would be sent: {found.why_empty}.")
        elif output:
            _write(output, found.message.message().as_bytes(linesep="\r\n"))
            self.stdout.write(f"Wrote {output}: {found.message.subject}")
        else:
            self.stdout.write(f"Subject: {found.message.subject}\n\n{found.message.body}")


def _write(file: Path, mail: bytes) -> None:
    try:
        file.write_bytes(mail)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error


def _moment(user: User, day: dt.date | None) -> dt.datetime:
    now = timezone.now()
    if day is None:
        return now
    at = clock_of(user).instant(day)
    if at is None:
        raise CommandError(f"{day} does not exist in {user.time_zone}.")
    return at

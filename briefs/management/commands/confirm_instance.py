from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Instance
from briefs.edition.gap import confirm_instance


class Command(BaseCommand):
    help = "Lets a database send again that was restored or copied; you say whether the mail in the gap was sent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--gap",
            required=True,
            choices=["sent", "unsent"],
            help="what was due since the dump counts as sent, or is still to be sent where it is not too late",
        )

    def handle(self, *args: Any, gap: str, **options: Any) -> None:
        fenced = Instance.objects.exclude(fence_reason="").first()
        if fenced is None:
            raise CommandError("Nothing is to be confirmed: this database may send.")
        counted = confirm_instance(fenced, was_sent=gap == "sent", now=timezone.now())
        self.stdout.write(
            f"Sending goes on; {counted.briefs} briefs and {counted.letters} letters since "
            f"{counted.since:%d %B %Y %H:%M} UTC count as sent."
        )

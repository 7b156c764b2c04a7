from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.letters.deliver import deliver_letters


class Command(BaseCommand):
    help = "Sends the letters that wait: confirmations, sign-in codes. For a cron job where no worker runs."

    def handle(self, *args: Any, **options: Any) -> None:
        delivered = deliver_letters(now=timezone.now())
        self.stdout.write(f"{delivered.sent} letters sent, {delivered.put_off} put off, {delivered.failed} failed.")

from typing import Any

from django.core.management.base import BaseCommand

from feeds.library.related.stored import keep_missing


class Command(BaseCommand):
    help = "Read, for comparison, the insights that today's model has not read: needed once after the model changed."

    def handle(self, *args: Any, **options: Any) -> None:
        count = keep_missing()
        self.stdout.write(f"{count} insight{'' if count == 1 else 's'} read")

from typing import Any

from django.core.management.base import BaseCommand

from feeds.library.imported import exported
from feeds.models import Insight


class Command(BaseCommand):
    help = "Write the public insights that are ready as JSON lines to standard output, oldest first."

    def handle(self, *args: Any, **options: Any) -> None:
        insights = Insight.objects.public().ready().select_related("episode__feed").defer("embedding").order_by("pk")
        for line in exported(insights.iterator(chunk_size=500)):
            self.stdout.write(line)

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from feeds.models import Feed
from feeds.polling.opml import export_opml


class Command(BaseCommand):
    help = "Write the shows as OPML to standard output; private ones only if asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--private", action="store_true", help="with the addresses that are somebody's secret")

    def handle(self, *args: Any, private: bool, **options: Any) -> None:
        feeds = Feed.objects.readable_elsewhere()
        if not private:
            feeds = feeds.filter(is_private=False)
        self.stdout.write(export_opml(feeds), ending="")

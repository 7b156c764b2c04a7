from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feeds.polling.http import Door
from feeds.polling.opml import Imported, import_opml
from feeds.reading.errors import SourceError


class Command(BaseCommand):
    help = "Add the shows of an OPML file, from the disk or the web. They are read by the next scan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="FILE-or-URL")

    def handle(self, *args: Any, source: str, **options: Any) -> None:
        body = _body(source)
        try:
            imported = import_opml(body)
        except SourceError as error:
            raise CommandError(f"{source}: {error}") from error
        self._report(imported)

    def _report(self, imported: Imported) -> None:
        for feed in imported.added:
            self.stdout.write(f"added: {feed.title}{' (private)' if feed.is_private else ''}")
        for feed in imported.known:
            self.stdout.write(f"already there: {feed.title}")
        for title, reason in imported.failed:
            self.stdout.write(f"failed: {title or 'without a title'}: {reason}")
        self.stdout.write(
            f"{len(imported.added)} added, {len(imported.known)} already there, {len(imported.failed)} failed"
        )


def _body(source: str) -> bytes:
    try:
        return Door().get(source).body if "://" in source else Path(source).read_bytes()
    except SourceError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{source}: {error.strerror}") from error

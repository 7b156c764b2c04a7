from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feeds.library.imported import import_lines


class Command(BaseCommand):
    help = "Take in insights from a file of JSON lines, each once; they are marked as imported."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.jsonl")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with file.open(encoding="utf-8", errors="replace") as lines:
                report = import_lines(lines, now=timezone.now())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        for number, reason in report.failed:
            self.stderr.write(f"{file}:{number}: {reason}")
        self.stdout.write(f"{report.added} added, {report.known} already there, {len(report.failed)} failed")
        if report.failed:
            raise CommandError(f"{len(report.failed)} lines could not be read")

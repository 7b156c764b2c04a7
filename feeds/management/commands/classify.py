"""The topics of texts: JSON lines in, one line out for each; needs no database."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from feeds.reading.topics import classify

# Enough for the embedder to sort by length, few enough that the first answers do not wait for the last line.
LINES_AT_ONCE = 256


class Command(BaseCommand):
    help = 'Reads lines {"text": ...} and prints {"topics": [{"slug", "name", "score"}, ...]} for each, best first.'
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE", type=Path, help="standard input without it")

    def handle(self, *, file: Path | None, **options: Any) -> None:
        bad: list[int] = []
        with _lines(file) as lines:
            numbered = enumerate(lines, start=1)
            while batch := list(islice(numbered, LINES_AT_ONCE)):
                bad += self._answer(batch)
        if bad:
            raise CommandError(f'Not a JSON object with a string "text", so without topics: line {_listed(bad)}.')

    def _answer(self, batch: Sequence[tuple[int, bytes]]) -> list[int]:
        """Print a line for each line, the bad ones too, so that answers stay beside their questions."""
        texts = [_text(line) for _, line in batch]
        for topics in classify([text or "" for text in texts]):
            self.stdout.write(json.dumps({"topics": [asdict(topic) for topic in topics]}))
        return [number for (number, _), text in zip(batch, texts, strict=True) if text is None]


def _lines(file: Path | None) -> AbstractContextManager[IO[bytes]]:
    if file is None:
        return nullcontext(sys.stdin.buffer)
    try:
        return file.open("rb")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error


def _text(line: bytes) -> str | None:
    try:
        text = json.loads(line)["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return text if isinstance(text, str) else None


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown} and {len(numbers) - 10} more"

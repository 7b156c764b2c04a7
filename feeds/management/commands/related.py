from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from feeds.library.related.retrieve import RelatedInsight, related_to, related_to_text
from feeds.management.arguments import at_least
from feeds.models import Insight


class Command(BaseCommand):
    help = "Related insights from other shows: of a text, of an insight, or of each line of a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        wanted = parser.add_mutually_exclusive_group(required=True)
        wanted.add_argument("text", nargs="?", metavar="TEXT")
        wanted.add_argument("--insight", type=at_least(1), metavar="ID")
        wanted.add_argument("--batch", type=Path, metavar="FILE.jsonl", help='lines {"id", "text", "podcast"}')
        parser.add_argument("--limit", type=at_least(1), default=10, metavar="N")
        parser.add_argument("--format", choices=["json", "text"], default="json")

    def handle(
        self,
        *,
        text: str | None,
        insight: int | None,
        batch: Path | None,
        limit: int,
        format: str,
        **options: Any,
    ) -> None:
        if batch is not None:
            self._answer_lines(batch, limit)
            return
        if insight is not None:
            related = related_to(_insight(insight), limit=limit)
        else:
            related = related_to_text(text or "", limit=limit)
        if format == "json":
            self.stdout.write(json.dumps(_rows(related), ensure_ascii=False, indent=2))
        else:
            self.stdout.writelines(
                f"{row['score']:.2f}  {row['podcast']}: {row['headline']}\n" for row in _rows(related)
            )

    def _answer_lines(self, file: Path, limit: int) -> None:
        bad: list[int] = []
        try:
            # Bytes: a text would be cut at the line separators that JSON allows inside of a string.
            lines = file.read_bytes().splitlines()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        for number, line in enumerate(lines, start=1):
            question = _question(line)
            if question is None:
                bad.append(number)
                continue
            related = related_to_text(question["text"], podcast=question.get("podcast"), limit=limit)
            self.stdout.write(json.dumps({"id": question["id"], "related": _rows(related)}, ensure_ascii=False))
        if bad:
            numbers = ", ".join(map(str, bad[:10]))
            raise CommandError(f'Not a JSON object with an "id" and a "text", {len(bad)} in all: line {numbers}.')


def _insight(pk: int) -> Insight:
    found = Insight.objects.with_source().filter(pk=pk).first()
    if found is None:
        raise CommandError(f"There is no insight {pk}.")
    return found


def _question(line: bytes) -> dict[str, Any] | None:
    try:
        question = json.loads(line)
        is_whole = isinstance(question["text"], str) and question["id"] is not None
        is_whole = is_whole and isinstance(question.get("podcast"), str | None)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return question if is_whole else None


def _rows(related: Sequence[RelatedInsight]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.insight.pk,
            "url": one.insight.source_url or f"{settings.SITE_URL}{one.insight.get_absolute_url()}",
            "headline": one.insight.headline,
            "text": one.insight.text,
            "podcast": one.insight.episode.feed.title,
            "score": one.score,
            "stance": one.stance,
        }
        for one in related
    ]

"""Passages with an editor's verdicts and texts, and the light edits made of them; both stay outside the repository."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEPT_APART = ("JS Party", "Ship It!", "Changelog & Friends", "Y Combinator Startup Podcast")


@dataclass(frozen=True, slots=True)
class Pair:
    """A passage and what an editor says of it: `verdict` is 2 publish, 1 modest, 0 nothing to print."""

    key: str
    show: str
    episode: str
    guests: tuple[str, ...]
    speaker: str | None
    before: str
    passage: str
    after: str
    verdict: int
    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Sentences taken from a passage and what an editor made of them by deleting and replacing."""

    key: str
    ok: int
    taken: tuple[str, ...]
    text: str
    headline: str


def read_pairs(path: Path) -> dict[str, Pair]:
    return {
        row["key"]: Pair(
            key=row["key"],
            show=row["show"],
            episode=row["episode"],
            guests=tuple(row["guests"] or ()),
            speaker=row["speaker"],
            before=row["before"] or "",
            passage=row["passage"],
            after=row["after"] or "",
            verdict=row["verdict"],
            headline=row.get("headline") or "",
            text=row.get("text") or "",
        )
        for row in _rows(path)
    }


def read_edits(*paths: Path) -> list[Edit]:
    return [
        Edit(
            key=row["key"],
            ok=row["ok"],
            taken=tuple(piece for piece in row["from"].split(" | ") if piece.strip()),
            text=row["edit"],
            headline=row["headline"],
        )
        for path in paths
        for row in _rows(path)
    ]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)

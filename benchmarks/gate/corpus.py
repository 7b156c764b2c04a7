"""An editor's texts for passages of talk: pairs.jsonl, and edits.jsonl made of the same passages by light changes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HELD_OUT = frozenset({"JS Party", "Ship It!", "Changelog & Friends", "Y Combinator Startup Podcast"})


@dataclass(frozen=True, slots=True)
class EditedText:
    """A headline and a text, and the talk that they were made of; `context` as the gate wants it."""

    key: str
    show: str
    headline: str
    text: str
    passage: str
    before: str
    after: str
    context: str
    speaker: str
    is_an_edit: bool

    @property
    def episode(self) -> str:
        return self.key.split("#")[0]

    @property
    def is_held_out(self) -> bool:
        return self.show in HELD_OUT


def edited_texts(folder: Path) -> list[EditedText]:
    """Those of the free writing, then those that light edits made fit to print."""
    pairs = {pair["key"]: pair for pair in _lines(folder / "pairs.jsonl")}
    written = [
        _text(pair, pair["headline"], pair["text"], is_an_edit=False) for pair in pairs.values() if pair.get("text")
    ]
    edits = (edit for edit in _lines(folder / "edits.jsonl") if edit["ok"] == 2 and edit["key"] in pairs)
    return [*written, *(_text(pairs[edit["key"]], edit["headline"], edit["edit"], is_an_edit=True) for edit in edits)]


def _text(pair: dict[str, Any], headline: str, text: str, *, is_an_edit: bool) -> EditedText:
    context = "\n".join(str(pair[key] or "") for key in ("show", "episode", "guests", "speaker"))
    talk = {key: pair[key] or "" for key in ("passage", "before", "after")}
    told = {"key": pair["key"], "show": pair["show"], "headline": headline, "text": text, "context": context}
    return EditedText(**told, **talk, speaker=pair["speaker"] or "", is_an_edit=is_an_edit)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)

"""Passages with what an editor wrote of them, and shortenings that a reader marked for how well they stand alone."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from feeds.reading.insights.writeup.headline import shortenings
from feeds.reading.insights.writeup.sentences import has_marks, sentences
from feeds.reading.insights.writeup.shortenings import Scene, Shortening

# By episode: the number of the labelled insight, the fingerprint of a shortening of its passage, the mark. No word.
MARKS = Path(__file__).parents[1] / "data" / "headline_marks.json"


@dataclass(frozen=True)
class EditedPassage:
    """`passage` is what was said by the units around the quote; `speaker` is whose unit holds the quote."""

    show: str
    passage: str
    speaker: str | None
    headline: str
    text: str

    @property
    def scene(self) -> Scene:
        return Scene.of(sentences(self.passage), restored=not has_marks(self.passage))


@dataclass(frozen=True, slots=True)
class MarkedShortening:
    """`mark` is 3 for a claim that anybody understands, 2 for one a little vague, 1 for half of one, 0 for none."""

    show: str
    shortening: Shortening
    scene: Scene
    mark: int


def edited_passages(data: Path) -> list[EditedPassage]:
    """Every labelled insight below `data`, with the unit of its quote and at most one on either side."""
    return [passage for path in sorted((data / "labels").glob("*.json")) for passage in _of_episode(data, path)]


def _of_episode(data: Path, path: Path) -> Iterator[EditedPassage]:
    units = json.loads((data / "units" / path.name).read_text())["units"]
    show = re.split(r"[-_]", path.stem)[0]
    for marked in json.loads(path.read_text())["insights"]:
        first, last = marked["units"][0], marked["units"][-1]
        held = [number for number in range(first, last + 1) if marked["quote"][:30] in units[number]["text"]]
        place = next(iter(held), first)
        near = units[max(first, place - 1) : min(last, place + 1) + 1]
        spoken = " ".join(unit["text"] for unit in near)
        yield EditedPassage(show, spoken, units[place]["speaker"], marked["headline"], marked["text"])


def marked_shortenings(data: Path, *, marks: Path = MARKS) -> list[MarkedShortening]:
    """The marked shortenings of the passages of `edited_passages`, as far as these are still read in the same ways."""
    marked = json.loads(marks.read_text())
    return [
        shortening
        for name, of_episode in marked.items()
        if (data / "labels" / f"{name}.json").exists()
        for shortening in _marked(list(_of_episode(data, data / "labels" / f"{name}.json")), of_episode)
    ]


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _marked(passages: Sequence[EditedPassage], marks: Sequence[tuple[int, str, int]]) -> Iterator[MarkedShortening]:
    wanted = {(insight, shortening): mark for insight, shortening, mark in marks}
    for insight in sorted({insight for insight, _, _ in marks}):
        scene = passages[insight].scene
        for shortening in shortenings(scene):
            mark = wanted.get((insight, fingerprint(shortening.text)))
            if mark is not None:
                yield MarkedShortening(passages[insight].show, shortening, scene, mark)

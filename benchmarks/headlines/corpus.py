"""Passages with what an editor wrote of them, and readings that an editor marked for how well they stand alone."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from feeds.insights.writeup.readings import Reading, Scene
from feeds.insights.writeup.sentences import has_marks, sentences


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
class MarkedReading:
    """`mark` is 3 for a claim that anybody understands, 2 for one a little vague, 1 for half of one, 0 for none."""

    reading: Reading
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


def marked_readings(file: Path) -> list[MarkedReading]:
    """JSON lines with `sentences` and what was said `around` them, the `reading` of which `sentence`, its `mark`."""
    return [_marked(json.loads(line)) for line in file.read_text().splitlines()]


def _marked(line: dict[str, object]) -> MarkedReading:
    said = [str(sentence) for sentence in _listed(line["sentences"])]
    reading = Reading(str(line["reading"]), int(str(line["sentence"])), float(str(line["price"])))
    scene = Scene.of(said, before=str(line["around"]), restored=bool(line["restored"]))
    return MarkedReading(reading, scene, int(str(line["mark"])))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []

"""Reads insights that an editor wrote and labelled, with the passages they rest on, from a folder of labelled data."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from feeds.reading.topics import Surroundings


@dataclass(frozen=True)
class LabelledInsight:
    """`quote` and `passage` are what was said, `headline` and `text` what the editor made of it."""

    id: str
    show: str
    headline: str
    text: str
    topics: frozenset[str]
    quote: str
    passage: str

    @property
    def episode(self) -> str:
        return self.id.partition("#")[0]


def labelled_insights(data: Path) -> list[LabelledInsight]:
    """All of `data`/labels/*.json, with their passages from `data`/units and shows from `data`/related."""
    lines = (data / "related" / "insights.jsonl").read_text().splitlines()
    shows = {line["id"]: line["show"] for line in map(json.loads, lines)}
    return [insight for path in sorted((data / "labels").glob("*.json")) for insight in _of_episode(data, path, shows)]


def contexts(data: Path) -> dict[str, Surroundings]:
    """Of each labelled episode; what its show says of itself is not in the data."""
    return {path.stem: _context(data, path) for path in sorted((data / "labels").glob("*.json"))}


def worthless_passages(data: Path) -> list[str]:
    """Units that the editor marked as banter, and stray short turns that earned no mark: nothing to file anywhere."""
    return [text for path in sorted((data / "labels").glob("*.json")) for text in _worthless(data, path)]


def _context(data: Path, path: Path) -> Surroundings:
    episode = json.loads((data / "units" / path.name).read_text())
    transcript = " ".join(unit["text"] for unit in episode["units"])
    return Surroundings(show=episode["podcast"], episode=episode["title"], transcript=transcript)


def _worthless(data: Path, path: Path) -> Iterator[str]:
    labels = json.loads(path.read_text())
    banter = {trap["unit"] for trap in labels["hard_negatives"] if trap["why"] == "banter"}
    for number, unit in enumerate(json.loads((data / "units" / path.name).read_text())["units"]):
        if number in banter or (unit["words"] <= 25 and str(number) not in labels["scores"]):
            yield unit["text"]


def _of_episode(data: Path, path: Path, shows: dict[str, str]) -> Iterator[LabelledInsight]:
    labels = json.loads(path.read_text())
    units = json.loads((data / "units" / path.name).read_text())["units"]
    for number, marked in enumerate(labels["insights"]):
        first, last = marked["units"][0], marked["units"][-1]
        identity = f"{labels['id']}#{number}"
        yield LabelledInsight(
            id=identity,
            show=shows[identity],
            headline=marked["headline"],
            text=marked["text"],
            topics=frozenset(marked["topics"]),
            quote=marked["quote"],
            passage=" ".join(unit["text"] for unit in units[first : last + 1]),
        )

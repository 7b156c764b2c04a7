"""The labelled episodes as the extractor sees them, each stretch with the editor's mark."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feeds.reading.insights.candidates import Layout, Stretch, stretches
from feeds.reading.transcripts.segments import Segment


@dataclass(frozen=True)
class LabelledEpisode:
    """`units` are the texts that the editor marked, `marks` their marks (0 to 3), one for each of the stretches too."""

    name: str
    show: str
    segments: list[Segment]
    layout: Layout
    stretches: list[Stretch]
    units: list[str]
    marks: NDArray[np.int64]


def labelled_episodes(data: Path) -> list[LabelledEpisode]:
    """Every labelled episode below `data`, which holds the folders `labels`, `units` and `episodes`."""
    return list(_episodes(data))


def _episodes(data: Path) -> Iterator[LabelledEpisode]:
    for file in sorted((data / "labels").glob("*.json")):
        scores = json.loads(file.read_text()).get("scores")
        recorded = data / "episodes" / file.name
        if scores is None or not recorded.exists():
            continue
        episode = json.loads(recorded.read_text())
        units = [unit["text"] for unit in json.loads((data / "units" / file.name).read_text())["units"]]
        segments = [_segment(entry) for entry in episode["segments"]]
        layout = Layout.of(segments)
        cut = stretches(layout)
        if len(cut) != len(units):
            raise ValueError(f"{file.stem}: {len(units)} units were marked, but the transcript is cut into {len(cut)}")
        marks = np.array([scores.get(str(number), 0) for number in range(len(units))])
        yield LabelledEpisode(file.stem, episode["podcast"], segments, layout, cut, units, marks)


def _segment(entry: dict[str, object]) -> Segment:
    speaker, start, end = entry.get("speaker"), entry.get("startTime"), entry.get("endTime")
    return Segment(
        body=str(entry["body"]),
        speaker=str(speaker) if speaker else None,
        start=float(str(start)) if start is not None else None,
        end=float(str(end)) if end is not None else None,
    )

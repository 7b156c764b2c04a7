"""Measures who is named as the speaker: python -m benchmarks.speakers PATH-TO-DATA

Passages that an editor read (`writing/pairs.jsonl`) are looked for in their episodes; before is what the transcripts
say, after what is made of that with the episode's title and guests. Where the editor named the speaker, the two are
compared. Then the labels of the episodes that have some are replaced by “SPEAKER_00” and its like, as a recogniser
writes them, and at last taken away.

Two names are one person's where the last names agree, or where one is a part of the other: Pieter is Pieter Wuille, and
Ben Coe is Benjamin Coe.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.tables import print_table
from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.insights.grounding import Ground
from feeds.reading.speakers import attributed
from feeds.reading.transcripts.formats import read
from feeds.reading.transcripts.segments import Segment

COLUMNS = ("passages", "named before", "named after", "judged", "right before", "right after")
EVERYTHING = "all shows"


@dataclass(frozen=True)
class Episode:
    context: EpisodeContext
    segments: Sequence[Segment]
    passages: Sequence[str]
    speakers: Sequence[str | None]  # of the passages, where the editor knew


@dataclass(frozen=True, slots=True)
class Told:
    """Of one passage: who speaks by the transcript, by our account, and by the editor."""

    before: str | None
    after: str | None
    editor: str | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    episodes = list(_episodes(parser.parse_args().data))
    labelled = [_judged_by_labels(one) for one in episodes if any(segment.speaker for segment in one.segments)]
    _report("As they are, judged by the editor", episodes)
    _report("Labels hidden behind marks, judged by the labels", [_changed(one, _marked) for one in labelled])
    _report("Labels taken away, judged by the labels", [_changed(one, _bare) for one in labelled])


def _report(title: str, episodes: Iterable[Episode]) -> None:
    told: dict[str, list[Told]] = defaultdict(list)
    for episode in episodes:
        told[episode.context.show] += _told(episode)
    total = [one for show in told.values() for one in show]
    rows = [*sorted(told.items()), (EVERYTHING, total)]
    print_table(title, COLUMNS, [(show[:40], _cells(found)) for show, found in rows])


def _told(episode: Episode) -> list[Told]:
    before, after = Ground(episode.segments), Ground(attributed(episode.segments, episode.context))
    return [
        Told(_speaker(before, passage), _speaker(after, passage), editor)
        for passage, editor in zip(episode.passages, episode.speakers, strict=True)
    ]


def _speaker(ground: Ground, passage: str) -> str | None:
    place = ground.find(passage)
    return place.speaker if place else None


def _cells(told: Sequence[Told]) -> list[str]:
    judged = [one for one in told if one.editor and one.after]
    return [
        str(len(told)),
        str(sum(1 for one in told if one.before)),
        str(sum(1 for one in told if one.after)),
        str(len(judged)),
        _share((one.before, one.editor) for one in told if one.editor and one.before),
        _share((one.after, one.editor) for one in judged),
    ]


def _share(pairs: Iterable[tuple[str | None, str | None]]) -> str:
    right = [_is_one_person(one or "", other or "") for one, other in pairs]
    return f"{sum(right) / len(right):.3f}" if right else "-"


def _is_one_person(one: str, other: str) -> bool:
    words, others = one.casefold().split(), other.casefold().split()
    return words[-1] == others[-1] or set(words) <= set(others) or set(others) <= set(words)


# The data ------------------------------------------------------------------------------------------------------------


def _episodes(data: Path) -> Iterable[Episode]:
    pairs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in (data / "writing" / "pairs.jsonl").read_text().splitlines():
        pair = json.loads(line)
        pairs[pair["key"].partition("#")[0]].append(pair)
    for file in sorted((data / "episodes").glob("*.json")):
        found = json.loads(file.read_text())
        yield Episode(
            context=_context(found),
            segments=read(file.read_bytes()),
            passages=[pair["passage"] for pair in pairs[found["id"]]],
            speakers=[pair["speaker"] for pair in pairs[found["id"]]],
        )


def _context(found: Mapping[str, Any]) -> EpisodeContext:
    guests = tuple(found.get("guests") or ())
    return EpisodeContext(show=found["podcast"], title=found.get("title") or "", guests=guests, people=guests)


def _judged_by_labels(episode: Episode) -> Episode:
    ground = Ground(episode.segments)
    return replace(episode, speakers=[_speaker(ground, passage) for passage in episode.passages])


def _changed(episode: Episode, change: Callable[[Sequence[Segment]], list[Segment]]) -> Episode:
    return replace(episode, segments=change(episode.segments))


def _marked(segments: Sequence[Segment]) -> list[Segment]:
    labels = dict.fromkeys(segment.speaker for segment in segments if segment.speaker)
    marks = {label: f"SPEAKER_{number:02}" for number, label in enumerate(labels)}
    return [replace(one, speaker=marks[one.speaker] if one.speaker else None) for one in segments]


def _bare(segments: Sequence[Segment]) -> list[Segment]:
    return [replace(segment, speaker=None) for segment in segments]


if __name__ == "__main__":
    main()

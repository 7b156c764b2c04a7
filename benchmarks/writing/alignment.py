"""An editor's light edit as labels, a word each: what was taken, what stayed, which mark follows, what is headline."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from feeds.reading.insights.editor.draft import MARKS
from feeds.reading.insights.editor.sequence import Material
from feeds.reading.insights.editor.verbs import third_person
from feeds.reading.insights.editor.words import Word, split_words

REPORTING = frozenset(
    [
        "says",
        "said",
        "argues",
        "thinks",
        "believes",
        "finds",
        "explains",
        "notes",
        "adds",
        "recalls",
        "expects",
        "suggests",
        "describes",
        "calls",
        "estimates",
        "warns",
        "sees",
        "points",
        "reports",
        "predicts",
        "claims",
        "recommends",
        "advises",
    ]
)
_TELLERS = frozenset(["speaker", "guest", "host", "he", "she", "they"])
_REWARD = {"same": 2.0, "form": 1.5}
_RUN = 0.6

Bits = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Labels:
    """A value a word of the material, int8 (words,).

    `take` is 1 for the words of the sentences taken; `gone` for those of them deleted; `says` where "NAME says"
    follows; `mark` the number of the mark that follows in MARKS; `headline` for the words that the headline keeps.
    """

    take: Bits
    gone: Bits
    says: Bits
    mark: Bits
    headline: Bits


def labels(read: Material, pieces: Sequence[str], text: str, headline: str) -> Labels | None:
    """None where the sentences taken are not found."""
    places = taken_places(read, pieces)
    if not places:
        return None
    found = Labels(*(np.zeros(len(read.words), dtype=np.int8) for _ in range(5)))
    found.take[places] = 1
    found.gone[places] = 1
    target = split_words(text)
    anchors = aligned([read.words[place] for place in places], target)
    for source, goal in anchors:
        found.gone[places[source]] = 0
        found.mark[places[source]] = MARKS.index(mark_of(target[goal]))
    _label_gaps(found, places, target, anchors)
    _label_headline(found, places, anchors, target, split_words(headline))
    return found


def taken_places(read: Material, pieces: Sequence[str]) -> list[int]:
    """Places of the words of the pieces, each piece found where its words stand in a row."""
    keys = [read.words[place].key for place in read.passage]
    places: set[int] = set()
    for piece in pieces:
        wanted = [word.key for word in split_words(piece)]
        starts = (at for at in range(len(keys) - len(wanted) + 1) if keys[at : at + len(wanted)] == wanted)
        if (at := next(starts, None)) is not None:
            places.update(range(at, at + len(wanted)))
    return sorted(read.passage.start + place for place in places)


def mark_of(word: Word) -> str:
    """The mark that an editor set after a word."""
    for mark in ("?", "!", ".", ";", ":", ","):
        if mark in word.closing:
            return {"!": "."}.get(mark, mark)
    return ""


def aligned(source: Sequence[Word], goal: Sequence[Word]) -> list[tuple[int, int]]:
    """Words of the edit matched with words said, in order, so that most are matched and in the longest runs."""
    rows, columns = len(source), len(goal)
    best = np.zeros((rows + 1, columns + 1))
    matched = np.zeros((rows + 1, columns + 1), dtype=bool)
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            skip = max(best[i + 1, j], best[i, j + 1])
            reward = _likeness(source[i].key, goal[j].key)
            taken = reward + best[i + 1, j + 1] + _RUN * matched[i + 1, j + 1] if reward else -1.0
            matched[i, j] = taken >= skip and reward > 0
            best[i, j] = max(skip, taken)
    return _path(best, matched)


def _path(best: NDArray[np.float64], matched: NDArray[np.bool_]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    i, j = 0, 0
    while i < len(best) - 1 and j < len(best[0]) - 1:
        if matched[i, j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1, j] >= best[i, j + 1]:
            i += 1
        else:
            j += 1
    return found


def _likeness(one: str, two: str) -> float:
    if one.replace("-", "") == two.replace("-", ""):
        return _REWARD["same"]
    return _REWARD["form"] if third_person(one) == two or third_person(two) == one else 0.0


def _label_gaps(
    found: Labels, places: Sequence[int], target: Sequence[Word], anchors: Sequence[tuple[int, int]]
) -> None:
    """Where other words were put in the place of some, the first of these stays; a report stands after a word."""
    edges = [(-1, -1), *anchors, (len(places), len(target))]
    for (source, goal), (next_source, next_goal) in pairwise(edges):
        put = [word.key for word in target[goal + 1 : next_goal]]
        reports = bool(REPORTING.intersection(put)) and (
            bool(_TELLERS.intersection(put)) or any(word.core[:1].isupper() for word in target[goal + 1 : next_goal])
        )
        if reports and source >= 0 and next_source - source <= 1:
            found.says[places[source]] = 1
        elif put and next_source - source > 1:
            found.gone[places[source + 1]] = 0


def _label_headline(
    found: Labels,
    places: Sequence[int],
    anchors: Sequence[tuple[int, int]],
    target: Sequence[Word],
    headline: Sequence[Word],
) -> None:
    source_of = {goal: places[source] for source, goal in anchors}
    for goal, _ in aligned(target, headline):
        if goal in source_of:
            found.headline[source_of[goal]] = 1

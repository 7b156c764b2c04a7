"""Headlines made by shortening the edited text to a clause."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from feeds.reading.insights.editor.draft import Draft, Floats, Piece
from feeds.reading.insights.editor.word_lists import WORDS
from feeds.reading.insights.gate.figures import numbers_said
from feeds.reading.insights.gate.verbs import base_forms

LONGEST = 90
_FEWEST_WORDS, _MOST_WORDS = 4, 18
# A claim may begin after these, and end before them; what stands behind an "if" is no claim, and what stands before it
# is one only with its condition.
_BEGINS_AFTER = WORDS["claims begin after"]
_ENDS_BEFORE = WORDS["claims end before"]
_CONDITIONS = WORDS["conditions"]
_FREE = WORDS["free in headlines"]
_NO_BEGINNING = WORDS["no beginning of headlines"]
_NO_END = WORDS["no end of headlines"]
_GOES_ON = WORDS["numbers that go on"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A run of the draft's pieces, some of them left out; `fit` is the mean log-odds of what is kept and left out."""

    pieces: tuple[Piece, ...]
    fit: float


def headings(draft: Draft, *, most: int = 5) -> list[Heading]:
    """The likeliest shortenings, likeliest first."""
    pieces = draft.pieces
    odds = np.array([_log_odds(piece.headline) for piece in pieces], dtype=np.float32)
    found: dict[str, Heading] = {}
    for begin, end in _clauses(pieces):
        whole = list(range(begin, end))
        shorter = [n for n in whole if pieces[n].headline >= 0.3 or pieces[n].text.lower() not in _FREE]
        for kept in (whole, shorter):
            if heading := _heading(pieces, kept, odds):
                found.setdefault(" ".join(piece.text for piece in heading.pieces), heading)
    return sorted(found.values(), key=lambda one: -one.fit)[:most]


def _log_odds(probability: float) -> float:
    clipped = min(0.97, max(0.03, probability))
    return float(np.log(clipped / (1 - clipped)))


def _clauses(pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Runs from a beginning of a clause to an end of one, within a sentence."""
    size = len(pieces)
    keys = [piece.text.lower() for piece in pieces]
    stops = {0, *(n + 1 for n in range(size - 1) if pieces[n].mark in (".", "?", ";"))}
    inner = {n + 1 for n in range(size - 1) if pieces[n].mark or keys[n] in _BEGINS_AFTER} - stops
    begins = stops | {n for n in inner if keys[n] not in base_forms()}
    ends = (
        {n + 1 for n in range(size) if pieces[n].mark} | {size} | {n for n in range(1, size) if keys[n] in _ENDS_BEFORE}
    )
    for begin in sorted(begins):
        if keys[begin] in _NO_BEGINNING:
            continue
        for end in sorted(ends):
            if end - begin > _MOST_WORDS + 2 or any(one.mark in (".", "?") for one in pieces[begin : end - 1]):
                break
            if end - begin >= _FEWEST_WORDS and _is_claim(pieces[begin:end]) and not _cuts_a_number(pieces, end):
                yield begin, end


def _is_claim(run: Sequence[Piece]) -> bool:
    """Not a condition alone: what begins with "if" goes on behind a comma."""
    if run[0].text.lower() not in _CONDITIONS:
        return True
    return any(piece.mark == "," for piece in run[2:-3])


def _cuts_a_number(pieces: Sequence[Piece], end: int) -> bool:
    """As in "growing two | and a half times"."""
    last = pieces[end - 1]
    return (
        end < len(pieces)
        and not last.mark
        and pieces[end].text.lower() in _GOES_ON
        and numbers_said(last.text) != numbers_said("")
    )


def _heading(pieces: Sequence[Piece], kept: Sequence[int], odds: Floats) -> Heading | None:
    if len(kept) < _FEWEST_WORDS or pieces[kept[-1]].text.lower() in _NO_END:
        return None
    inner = tuple(pieces[n] for n in kept)
    if sum(len(piece.text) + len(piece.mark) + 1 for piece in inner) > LONGEST:
        return None
    gone = np.ones(len(odds), dtype=bool)
    gone[list(kept)] = False
    return Heading(inner, float((odds[list(kept)].sum() - odds[gone].sum()) / len(odds)))

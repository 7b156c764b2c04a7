"""How well a list of quotes answers an editor's marks, episode by episode.

A quote earns the mark of the best unit that holds at least three tenths of its words (as runs of three) and has not
been credited before; one that is not in the transcript word for word, or has more than 120 words, earns nothing.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_LONGEST_QUOTE = 120
_HELD = 0.3
_FIRST, _COUNTED = 5, 10

Run = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of the first five that rest on a top or a good unit, the gain of the first ten against the best order,
    and the share of quotes that are in the transcript."""

    top_of_five: float
    good_of_five: float
    ndcg: float
    verbatim: float


def figures(quotes: Sequence[str], units: Sequence[str], marks: NDArray[np.int64]) -> Figures:
    earned, found = _earned(quotes[:_COUNTED], units, marks)
    first = earned[:_FIRST]
    ideal = sorted((int(mark) for mark in marks), reverse=True)[:_COUNTED]
    return Figures(
        top_of_five=sum(mark == 3 for mark in first) / _FIRST,
        good_of_five=sum(mark >= 2 for mark in first) / _FIRST,
        ndcg=_discounted(earned) / (_discounted(ideal) or 1.0),
        verbatim=sum(found) / len(found) if found else 0.0,
    )


def mean_of(rows: Iterable[Figures]) -> Figures:
    return Figures(*(float(value) for value in np.mean([astuple(row) for row in rows], axis=0)))


def _earned(quotes: Sequence[str], units: Sequence[str], marks: NDArray[np.int64]) -> tuple[list[int], list[bool]]:
    spoken = [_words(unit) for unit in units]
    runs = [set(_runs(words)) for words in spoken]
    transcript = f" {' '.join(word for words in spoken for word in words)} "
    credited: set[int] = set()
    earned: list[int] = []
    found: list[bool] = []
    for quote in quotes:
        words = _words(quote)
        found.append(bool(words) and f" {' '.join(words)} " in transcript)
        holding = _holding(words, runs) if found[-1] and len(words) <= _LONGEST_QUOTE else set()
        earned.append(max((int(marks[number]) for number in holding - credited), default=0))
        credited |= holding if holding - credited else set()
    return earned, found


def _holding(words: Sequence[str], runs: Sequence[set[Run]]) -> set[int]:
    wanted = _runs(words) or [tuple(words)]
    return {number for number, own in enumerate(runs) if sum(run in own for run in wanted) >= _HELD * len(wanted)}


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("\u2019", "'"))


def _runs(words: Sequence[str]) -> list[Run]:
    return list(zip(words, words[1:], words[2:], strict=False))


def _discounted(marks: Iterable[int]) -> float:
    return sum((2.0**mark - 1) / math.log2(rank + 2) for rank, mark in enumerate(marks))

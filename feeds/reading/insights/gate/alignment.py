"""Where in the talk each word of a text may come from, as rows of numbers that the verifier reads.

A text is held against the talk word by word: whether the talk has the word, whether it stands there near the words that
surround it here, and, where the text follows the talk closely, what it stands in the place of.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from feeds.reading.insights.gate.edit_script import EditScript, Step, edit_script
from feeds.reading.insights.gate.polarity import NEGATORS, OPPOSITES
from feeds.reading.insights.gate.words import CLASSES, FUNCTION_WORDS, cased_words, plain, sentences, stem

Row = NDArray[np.float32]

STRENGTHENERS, HEDGES, STAND_INS = CLASSES["strengtheners"], CLASSES["hedges"], CLASSES["stand-ins"]
_KINDS = (STRENGTHENERS, HEDGES, CLASSES["connectives"], NEGATORS, frozenset(OPPOSITES))
_MARKERS = frozenset[str]().union(*_KINDS)
_NEIGHBOURS = 3
# Words of the talk this far from each other are near.
_REACH = 9
_FAR = 40
_STRETCH = 4
_ROUNDS = 2
_MOST = 8
# Longer omissions leave a sentence out rather than a word.
_SHORT = 4


class Talk:
    """The words of the talk in their order; those of the passage itself are `inner`."""

    def __init__(self, *, before: str, passage: str, after: str, context: str) -> None:
        parts = [cased_words(part) for part in (before, passage, after)]
        self.words = [plain(word) for part in parts for word in part]
        self.inner = range(len(parts[0]), len(parts[0]) + len(parts[1]))
        self.known = {stem(plain(word)) for word in cased_words(context)}
        self.places: Mapping[str, list[int]] = _places(self.words)


@dataclass(frozen=True, slots=True)
class Aligned:
    """One row a telling word, those words, and what speaks of the text as a whole; `kept` is the share of its words
    that stand in the talk in this order."""

    words: tuple[str, ...]
    rows: Row
    whole: Row
    kept: float


def aligned(text: str, talk: Talk) -> Aligned:
    written = [_Word(word, opens=not place) for one in sentences(text) for place, word in enumerate(cased_words(one))]
    reading = _Reading(written, talk)
    rows = [reading.row(number) for number in range(len(reading.telling))]
    steps = reading.script.steps
    return Aligned(
        words=tuple(word.plain for word in reading.telling),
        rows=np.array(rows, dtype=np.float32),
        whole=np.array([*reading.follows(), *_omitted(reading.script)], dtype=np.float32),
        kept=sum(step.is_kept for step in steps) / max(1, len(steps)),
    )


class _Word:
    def __init__(self, written: str, *, opens: bool) -> None:
        self.plain = plain(written).removesuffix("'s")
        self.stem = stem(self.plain)
        self.is_name = written[:1].isupper() and not opens
        self.is_number = written[:1].isdigit()
        self.is_marker = self.plain in _MARKERS
        self.is_telling = _tells(self.plain)


def _tells(word: str) -> bool:
    return word in _MARKERS or word not in FUNCTION_WORDS


def _places(words: Sequence[str]) -> Mapping[str, list[int]]:
    found = defaultdict[str, list[int]](list)
    for place, word in enumerate(words):
        found[stem(word)].append(place)
    return found


@dataclass(frozen=True)
class _Reading:
    written: Sequence[_Word]
    talk: Talk

    @cached_property
    def telling(self) -> list[_Word]:
        return [word for word in self.written if word.is_telling]

    @cached_property
    def script(self) -> EditScript:
        return edit_script([word.plain for word in self.written], self.talk.words)

    @cached_property
    def steps(self) -> list[Step]:
        """Those of the telling words."""
        return [step for word, step in zip(self.written, self.script.steps, strict=True) if word.is_telling]

    @cached_property
    def origins(self) -> list[int | None]:
        """For each telling word its place in the talk: the one nearest to its neighbours' places."""
        options = [self.talk.places.get(word.stem, []) for word in self.telling]
        found = [next((at for at in one if at in self.talk.inner), one[0] if one else None) for one in options]
        for _ in range(_ROUNDS):
            for number, offered in enumerate(options):
                if len(offered) > 1:
                    around = _known(found, number)
                    found[number] = min(offered, key=lambda at: sum(min(abs(at - one), _FAR) for one in around))
        return found

    def row(self, number: int) -> list[float]:
        word, step, around = self.telling[number], self.steps[number], _known(self.origins, number)
        places = self.talk.places.get(word.stem, [])
        missing, strange = not _is_near(places, around), not places
        is_known = word.stem in self.talk.known
        kinds = [float(word.plain in kind) for kind in _KINDS]
        return [
            float(any(place in self.talk.inner for place in places)), float(missing), float(strange), float(is_known),
            float(word.is_name), float(word.is_name and missing), float(word.is_name and strange and not is_known),
            float(word.is_number), float(word.is_number and missing),
            *kinds, *(kind * missing for kind in kinds), *(kind * strange for kind in kinds),
            *self._turned(word, around, missing=missing, strange=strange), *self._distances(number, around),
            float(np.log1p(len(places))), min(len(word.plain), 12) / 12, *_step(step),
        ]  # fmt: skip

    def _turned(self, word: _Word, around: Sequence[int], *, missing: bool, strange: bool) -> list[float]:
        """Whether the talk has the opposite of the word, here and instead of it."""
        places = [place for one in OPPOSITES.get(word.plain, ()) for place in self.talk.places.get(stem(one), ())]
        is_near = _is_near(places, around)
        return [float(is_near), float(is_near and missing), float(bool(places) and strange)]

    def _distances(self, number: int, around: Sequence[int]) -> list[float]:
        """How far the word's place is from its neighbours' places."""
        own = self.origins[number]
        steps = [abs(at - own) for at in around] if own is not None else []
        return [float(np.log1p(min(steps, default=_FAR))), float(np.log1p(np.median(steps or [_FAR])))]

    def follows(self) -> list[float]:
        """How closely the text follows a stretch of talk, and what that stretch has more than the text."""
        content = [(word, at) for word, at in zip(self.telling, self.origins, strict=True) if not word.is_marker]
        origins = [at for _, at in content if at is not None]
        reach = range(-_STRETCH, _STRETCH + 1)
        covered = sorted({at + by for at in origins for by in reach if 0 <= at + by < len(self.talk.words)})
        stems = {word.stem for word, _ in content}
        heard = {one for one in stems if one in self.talk.places}
        inner = [one for one in heard if any(place in self.talk.inner for place in self.talk.places[one])]
        steps = np.diff(origins) if len(origins) > 1 else np.zeros(1)
        said, own = [self.talk.words[at] for at in covered], [word.plain for word in self.written]
        return [
            len(heard) / max(1, len(stems)), len(inner) / max(1, len(stems)),
            *(value for kind in _KINDS for value in _balance(own, said, kind)),
            float((np.abs(steps) < 12).mean()), float((steps < 0).mean()), float(np.log1p(np.abs(steps)).mean()),
            _pairs_kept(self.talk, [word for word, _ in content]), len(covered) / max(1, len(self.talk.words)),
            len(content) / 50,
        ]  # fmt: skip


def _known(origins: Sequence[int | None], number: int) -> list[int]:
    """The places of a word's neighbours, as far as they have some."""
    around = range(max(0, number - _NEIGHBOURS), min(len(origins), number + 1 + _NEIGHBOURS))
    return [at for one in around if one != number and (at := origins[one]) is not None]


def _is_near(places: Sequence[int], around: Sequence[int]) -> bool:
    return any(abs(place - at) <= _REACH for place in places for at in around)


def _step(step: Step) -> list[float]:
    """What became of one word: kept, put in, or put where the talk has a stand-in or a word of its own."""
    telling = [word for word in step.instead_of if word not in STAND_INS and _tells(word)]
    run = min(step.run, _MOST) / _MOST
    return [
        float(step.is_kept), float(not step.is_kept and not step.instead_of), min(len(telling), _SHORT) / _SHORT,
        float(any(word in STAND_INS for word in step.instead_of)), run, float(not step.is_kept) * run,
    ]  # fmt: skip


def _omitted(script: EditScript) -> list[float]:
    """Short omissions between long runs that were kept: a hedge, a denial, a limit may be among them."""
    short = [one for one in script.omissions if len(one.words) <= _SHORT and one.run > 1]
    counts = [sum(word in kind for one in short for word in one.words) for kind in (HEDGES, NEGATORS, STRENGTHENERS)]
    others = [
        sum(word[:1].isdigit() for one in short for word in one.words),
        sum(one.gave_way for one in short),
        sum(any(_tells(word) and word not in HEDGES for word in one.words) for one in short),
    ]
    kept = sum(step.is_kept for step in script.steps) / max(1, len(script.steps))
    return [kept, *(min(count, _SHORT) / _SHORT for count in (*counts, *others))]


def _balance(words: Sequence[str], said: Sequence[str], kind: frozenset[str]) -> tuple[float, float]:
    """How many words of a kind that stretch has and the text has not, and the other way round."""
    dropped = sum(word in kind and word not in words for word in said)
    return min(dropped, _MOST) / _MOST, float(sum(word in kind and word not in said for word in words))


def _pairs_kept(talk: Talk, content: Sequence[_Word]) -> float:
    """The share of neighbouring words that also stand near each other in the talk."""
    pairs = [(talk.places.get(one.stem), talk.places.get(other.stem)) for one, other in pairwise(content)]
    both = [(first, second) for first, second in pairs if first and second]
    return sum(_distance(first, second) <= _REACH for first, second in both) / len(both) if both else 0.0


def _distance(first: Sequence[int], second: Sequence[int]) -> int:
    """The least between a place of the one and a place of the other, both in order."""
    return min(abs(place - other) for place in first for other in second[max(0, bisect_left(second, place) - 1) :][:2])

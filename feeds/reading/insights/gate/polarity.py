"""Whether what a text denies, and the way things go in it, is as the talk has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from feeds.reading.insights.gate.words import CLASSES, FUNCTION_WORDS, entries, sentences, stem, word_set, words

NEGATORS = CLASSES["negators"]
PLAIN_NEGATORS = frozenset(word for word in NEGATORS if word.endswith("n't")) | word_set(
    "not no never none nobody nothing neither nor without cannot"
)
_WINDOW_WORDS = 26
# Below this share of a clause's telling words the clause was put in other words, and says nothing word by word.
_CLOSELY_TOLD = 0.6
_NEARLY_VERBATIM = 0.85
# A “not” this many words away may be the one that a text has.
_FAR = 20
_FEWEST_TELLING = 4


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in entries("opposites.txt"):
        ups, downs = map(word_set, line.split("|"))
        for word in ups:
            found[word] = found.get(word, frozenset()) | downs
        for word in downs:
            found[word] = found.get(word, frozenset()) | ups
    return found


OPPOSITES = _opposites()


@dataclass(frozen=True)
class Talk:
    """What was said, in its order, to be looked up clause by clause."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        return words(self.text)

    @cached_property
    def stems(self) -> list[str]:
        return [stem(word) for word in self.words]

    def nearest(self, telling: frozenset[str], *, size: int = _WINDOW_WORDS) -> tuple[Sequence[str], float]:
        """The stretch of talk that holds most of these stems, and the share of them that it holds."""
        if not telling or not self.words:
            return (), 0.0
        best, begin = -1.0, 0
        for start in range(max(1, len(self.words) - size + 1)):
            held = len(telling.intersection(self.stems[start : start + size]))
            if held > best:
                best, begin = held, start
        return self.words[begin : begin + size], best / len(telling)


def flipped(text: str, talk: Talk) -> list[str]:
    """Words of direction where the talk, told word for word, has their opposite and never them."""
    return [word for clause in clauses(text) for word in _flipped_in(clause, talk)]


def denials_changed(text: str, talk: Talk) -> list[str]:
    """Clauses told nearly word for word whose “not” was dropped, or put where the talk has none."""
    return [clause for clause in clauses(text) if _denial_changed(clause, talk)]


def clauses(text: str) -> list[str]:
    return [
        part
        for sentence in sentences(text)
        for part in re.split(r"[;:–—]|, (?=but|while|whereas|so|because)", sentence)
    ]


def telling_stems(clause: str) -> frozenset[str]:
    return frozenset(
        stem(word)
        for word in words(clause)
        if word not in FUNCTION_WORDS and word not in OPPOSITES and word not in NEGATORS
    )


def _flipped_in(clause: str, talk: Talk) -> list[str]:
    own = words(clause)
    turning = [word for word in own if word in OPPOSITES]
    if not turning:
        return []
    window, share = talk.nearest(telling_stems(clause))
    if share < _CLOSELY_TOLD or len(telling_stems(clause)) < _FEWEST_TELLING:
        return []
    said = set(window)
    heard = set(talk.words)
    return [
        word
        for word in turning
        if said & OPPOSITES[word]
        and not said.intersection(_same_way(word))
        and not heard.intersection({word})
        and OPPOSITES[word].isdisjoint(own)
        and not (said & PLAIN_NEGATORS)
        and not (set(own) & PLAIN_NEGATORS)
    ]


def _same_way(word: str) -> frozenset[str]:
    return frozenset(other for other, against in OPPOSITES.items() if against & OPPOSITES[word])


def _denial_changed(clause: str, talk: Talk) -> bool:
    own = words(clause)
    telling = telling_stems(clause)
    if len(telling) < _FEWEST_TELLING:
        return False
    around, share = talk.nearest(telling, size=len(own) + 4)
    if share < _NEARLY_VERBATIM:
        return False
    held = [place for place, word in enumerate(around) if stem(word) in telling]
    within = around[held[0] : held[-1] + 1]
    was_dropped = not PLAIN_NEGATORS.isdisjoint(within) and NEGATORS.isdisjoint(own)
    was_put_in = not PLAIN_NEGATORS.isdisjoint(own) and NEGATORS.isdisjoint(
        talk.nearest(telling, size=len(own) + _FAR)[0]
    )
    return was_dropped or was_put_in

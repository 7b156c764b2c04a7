"""Whether what a text denies, and the way things go in it, is as the talk has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from feeds.reading.insights.gate.words import FUNCTION_WORDS, sentences, stem, word_set, words

NEGATORS = word_set(
    "not no never none nobody nothing neither nor without cannot hardly barely few little isn't aren't wasn't weren't "
    "don't doesn't didn't can't couldn't won't wouldn't shouldn't hasn't haven't hadn't ain't lack lacks lacked fail "
    "fails failed refuse refuses refused rather instead less stop stops stopped unable"
)
PLAIN_NEGATORS = frozenset(word for word in NEGATORS if word.endswith("n't")) | word_set(
    "not no never none nobody nothing neither nor without cannot"
)
_UP_DOWN = (
    ("more most", "less fewer least"),
    ("higher highest high", "lower lowest low"),
    ("increase increases increased increasing", "decrease decreases decreased decreasing reduce reduces reduced"),
    ("rise rises rose risen rising", "fall falls fell fallen falling drop drops dropped"),
    ("grow grows grew grown growing", "shrink shrinks shrank shrinking shrunk"),
    ("better best", "worse worst"),
    ("faster quicker faster quickly", "slower slow slowly"),
    ("cheaper cheap cheapest", "pricier expensive costlier dearer"),
    ("bigger larger biggest largest big large", "smaller smallest small"),
    ("longer", "shorter"),
    ("stronger strong", "weaker weak"),
    ("easier easy easiest", "harder hard hardest difficult"),
    ("up", "down"),
    ("above over exceeds", "below under"),
    ("before", "after"),
    ("first", "last"),
    ("always", "never"),
    ("win wins won winner", "lose loses lost loser"),
    ("gain gains gained", "lose loses lost"),
    ("buy buys bought buying buyer buyers", "sell sells sold selling seller sellers"),
    ("import imports", "export exports"),
    ("older old", "younger young newer"),
    ("early earlier", "late later"),
    ("good", "bad"),
    ("safe safer", "risky riskier dangerous"),
    ("raise raises raised raising", "cut cuts cutting lower lowers lowered"),
    ("positive", "negative"),
    ("open", "closed"),
    ("success succeed succeeds succeeded", "failure fail fails failed"),
    ("long", "short"),
    ("add adds added adding", "remove removes removed removing"),
    ("rich richer", "poor poorer"),
    ("public", "private"),
    ("many", "few"),
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
    for one, other in _UP_DOWN:
        ups, downs = word_set(one), word_set(other)
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

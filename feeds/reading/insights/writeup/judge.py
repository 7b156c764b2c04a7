"""The learned taste in headlines: which shortening an editor would come nearest to, and which can be read alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feeds.reading.embeddings import DIMENSIONS
from feeds.reading.insights.encoder import encoder
from feeds.reading.insights.writeup import grammar, lexicon
from feeds.reading.insights.writeup.lexicon import core, word_set
from feeds.reading.insights.writeup.shortenings import Row, Scene, Shortening, is_content, row

MODEL = Path(__file__).parents[1] / "model" / "headlines.npz"
# No single number may weigh more than this many standard deviations.
_CLIP = 4.0
# What says itself that something was said before it cannot be read alone; what seems to be no clause may be one that
# the grammar does not know.
_ANSWER = 0.12
_BROKEN = 0.45
_QUESTION = 0.05
# What the speaker did or thinks is seldom a claim, and "The lines are blurring" is one about anything.
_PERSONAL = 0.5
_EMPTY = 0.4
_FEWEST_CHARACTERS = 28
_FEWEST_CONTENT_WORDS = 3
_SPEAKER = word_set("i i'm i've i'll i'd my")
_OPEN_ENDS = word_set("mainly only especially particularly apart roughly probably directly until whether")
_PAUSES = frozenset('.?!:;,"“”(–—-')
# Words that never stand side by side, or only in talk.
_GARBLED = re.compile(
    r"\b(?:a|an|the|my|our|your|their) (?:to|of|is|are|was|and|or|but|it|we|you|i|he|she|they|in|on|at|for|if|when"
    r"|because|wherever|a|an|the|my|our)\b|\b(?:we|you|they|it|i)['’](?:ll|re|ve|m),|\b(?:oh|okay|you know|yeah)\b"
    r"|\b(?:like,? (?:if|you|it|oh)|kind of like|like (?:really|literally)|(?:is|are|was) (?:is|are|was))\b|--"
    r"|\b(?:of|about|with|to|for|in) (?:if|i|we|he|she|they|from)\b|\bis you(?:['’]re)?\b"
    r"|\b(if|when|there['’]s|it['’]s) [^,]{1,25}, \1\b|^(?:except|instead of|rather than)\b(?!.*,)"
    r"|^the (?:more|less|\w+er) (?:i|we|you|he|she|they|it|people)\b(?!.*, the\b)"
    r"|^not only\b(?!.*\balso\b)|^as an? (?:\w+ )?example\b|\bhere['’]s my\b"
    r"|\bthe (?:\w+ )?reason (?!.*\b(?:is|was|isn['’]t|wasn['’]t)\b)",
    re.IGNORECASE,
)
_STANDS_IN = re.compile(
    r"\b(?:the|our|my|your|this|that|each) (?:first|second|third|other|last|next) ones?\b", re.IGNORECASE
)
_SAYS_NOTHING = re.compile(
    r"\b(?:is|are|was|were) (?:something|a thing|(?:a couple|a lot|lots) (?:of )?things)$", re.IGNORECASE
)
_ONE_OF_MANY = re.compile(r"one (?:of|\w+)\b", re.IGNORECASE)
_ANSWERING = re.compile(
    r"(?:you|we|they|he|she)['’]ve\b|and\b|but\b|\w+ (?:said|says|goes|asks|asked),|for (?:those|anyone|example)\b"
    r"|around then\b|(?:often|partly|mostly|sometimes|maybe|as it turns out),|except\b|i agree\b|it['’]s the same\b"
    r"|(?:no|yes|yeah|sure|well|okay|so|partly|here)\b[.,]?|(?:the|one|my) (?:other|first|second|next|last)\b"
    r"|(?:\w+ ){0,2}(?:whoever|whatever|whichever|wherever) \w+ \w+\W*$"
    r"|(?:that|this|these|those)\b|i was\b|say (?:a|you|the)\b|(?:both|all) of (?:those|these|them)\b"
    r"|(?:otherwise|therefore|thus|hence|conversely|furthermore|moreover|admittedly|similarly|likewise|yet|then)\b"
    r"|(?:as a result|in addition|to that end|not really),?|(?:for|in|at|by|with|on|from) (?:that|this|those|these)\b",
    re.IGNORECASE,
)

_CLAUSE_OPENERS = word_set("that how why what where")
_WITH_CLAUSES = word_set("think know say said believe find found see show shows realize understand tell means learned")

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Judge:
    """Learned numbers, one entry a number of `numbers`.

    `nearness` scores how near a shortening comes to what an editor wrote of its passage, in standard deviations among
    those of one passage; `clarity` how well it reads alone, `calibration` (slope, intercept) makes a chance of that.
    """

    means: Row
    deviations: Row
    nearness: Row
    clarity: Row
    calibration: Row

    def judged(self, rows: Matrix) -> tuple[Row, Row]:
        """For each row its nearness, and the chance that a reader understands it without the rest."""
        scaled = np.clip((rows - self.means) / self.deviations, -_CLIP, _CLIP)
        return scaled @ self.nearness, self.chance(scaled @ self.clarity)

    def chance(self, clarity: Row) -> Row:
        chance: Row = 1 / (1 + np.exp(-(clarity * self.calibration[0] + self.calibration[1])))
        return chance


@dataclass(frozen=True, slots=True)
class Judged:
    """A shortening with its clarity (0 to 1, the chance that it can be read alone) and its worth as the headline."""

    shortening: Shortening
    clarity: float
    worth: float


def judged(shortenings: Sequence[Shortening], scene: Scene) -> list[Judged]:
    """All shortenings of one passage, as they came."""
    if not shortenings:
        return []
    nearness, chances = judge().judged(np.stack([numbers(shortening, scene) for shortening in shortenings]))
    clarity = [
        float(chance) * share_left(shortening.text) for shortening, chance in zip(shortenings, chances, strict=True)
    ]
    worth = [near + 2.0 * log_odds(clear) for near, clear in zip(nearness.tolist(), clarity, strict=True)]
    return [Judged(*each) for each in zip(shortenings, clarity, worth, strict=True)]


def numbers(shortening: Shortening, scene: Scene) -> Row:
    """What is counted in a shortening, and what the network makes of its words."""
    return np.concatenate([row(shortening, scene), _state(shortening.text)])


@lru_cache(maxsize=2048)
def _state(text: str) -> Row:
    """The mean state of its tokens, read without what stands around them, as a reader of the headline does."""
    state: Row = encoder().read([text])[0, :DIMENSIONS]
    return state


def share_left(text: str) -> float:
    """What share of its clarity a shortening keeps for its faults."""
    return soundness(text) * substance(text)


@lru_cache(maxsize=1024)
def soundness(text: str) -> float:
    """What share of its clarity a shortening keeps for its grammar: 1 where nothing is wrong with it."""
    if grammar.is_question(text):
        return _QUESTION
    if _points_back(text):
        return _ANSWER
    whole = _BROKEN if is_broken(text) else 1.0
    of_the_speaker = _PERSONAL if grammar.cores(text)[:1] and grammar.cores(text)[0] in _SPEAKER else 1.0
    return whole * of_the_speaker


@lru_cache(maxsize=1024)
def substance(text: str) -> float:
    """What share of its clarity a shortening keeps for how much it says: 1 where that is enough."""
    return _EMPTY if _is_empty(text) else 1.0


def _is_empty(text: str) -> bool:
    content = {*filter(is_content, grammar.cores(text))}
    few = len(text) < _FEWEST_CHARACTERS or len(content) < _FEWEST_CONTENT_WORDS
    return few or _SAYS_NOTHING.search(text) is not None


@lru_cache(maxsize=1024)
def is_broken(text: str) -> bool:
    """Whether the words are no whole clause, or run into each other as captions and false starts do."""
    words = grammar.cores(text)
    if not words or words[-1] in lexicon.WEAK_ENDS | _OPEN_ENDS or not grammar.is_whole(text):
        return True
    broken = _has_odd_capital(text) or _waits_for_verb(words) or _is_participle(text, words) or _names_only(text)
    return broken or _GARBLED.search(text) is not None


def _has_odd_capital(text: str) -> bool:
    """Captions that join two sentences often leave the capital of the second: "it was cool People could"."""
    return any(
        word.istitle() and lexicon.is_ordinary(core(word)) and last[-1] not in _PAUSES
        for last, word in pairwise(text.split())
    )


def _waits_for_verb(words: Sequence[str]) -> bool:
    """Whether the last "that" or "how" after a verb opens a clause that was cut off: "we see that most users"."""
    for place in range(len(words) - 1, 0, -1):
        before = words[place - 1]
        linked = lexicon.is_auxiliary(before) or before in _WITH_CLAUSES
        if words[place] in _CLAUSE_OPENERS and linked:
            return not any(grammar.is_finite(words, later) for later in range(place + 1, len(words)))
    return False


def _is_participle(text: str, words: Sequence[str]) -> bool:
    """Whether "Knowing that tides are slow" is all: neither "is half the work" nor a clause after a comma follows."""
    if not lexicon.is_gerund(words[0]) or words[1] not in _CLAUSE_OPENERS:
        return False
    verbs = sum(lexicon.is_auxiliary(word) or lexicon.is_clitic(word) for word in words)
    return verbs < 2 and not any(map(grammar.is_whole, text.split(", ")[1:]))


def _names_only(text: str) -> bool:
    """Whether the only verb is a last word that is rather a noun: "the price of long contracts"."""
    words = grammar.with_pauses(text)
    last = len(words) - 1
    of_something = any(word in lexicon.PREPOSITIONS for word in words[:last])
    return of_something and grammar.main_verb(words) == last and lexicon.is_plural(words[last])


def _points_back(text: str) -> bool:
    if _ONE_OF_MANY.match(text):
        return False
    return grammar.points_back(text) or bool(_ANSWERING.match(text) or _STANDS_IN.search(text))


@cache
def judge() -> Judge:
    """The shipped numbers, loaded once a process."""
    with np.load(MODEL) as stored:
        return Judge(**stored)


def log_odds(chance: float) -> float:
    chance = min(max(chance, 0.001), 0.999)
    return float(np.log(chance / (1 - chance)))

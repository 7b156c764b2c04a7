"""Interests in a subscriber's own words ("robotics in Japan, but not humanoids") against insights.

Measured on 36 interests and 324 hand-judged pairs (`benchmarks/evaluate_interests.py`): what passes the floor is right
in 0.70 of the cases and is 0.68 of what should; of the 14 interests with nothing to find, 13 get nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from feeds.reading.embeddings import Vectors
from feeds.reading.related.reading import word_rarity

# An insight below it is not what was asked for: better nothing than something from the neighbourhood.
FLOOR = 0.50
# What a full set of the interest's own words adds to the nearness of meaning.
WORDS_COUNT = 0.1
# As near as this to what the subscriber does not want, an insight stays away, however near it is to the rest.
UNWANTED = 0.45

_TURN = re.compile(
    r"[,;(]?\s*\b(?:(?:but|and|just)\s+)?(?:not|no|except(?:\s+for)?|excluding|without|other\s+than|rather\s+than)\s+",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:[,;]|\b(?:or|and|nor)\b)\s*", re.IGNORECASE)
_EDGES = " .,;:()\"'“”"


@dataclass(frozen=True, slots=True)
class InterestWords:
    """`wanted` is "" where a subscriber only says what they do not want."""

    wanted: str
    unwanted: tuple[str, ...]


def parse_interest(text: str) -> InterestWords:
    """The parts of an interest: what stands before "not", "except", "without" and their like, and what after."""
    wanted, *rest = _TURN.split(" ".join(text.split()))
    unwanted = (part.strip(_EDGES) for turn in rest for part in _AND.split(turn))
    return InterestWords(wanted.strip(_EDGES), tuple(part for part in unwanted if part))


@dataclass(frozen=True, slots=True)
class EmbeddedInterest:
    """`wanted` is (384,), `unwanted` (n, 384): the vectors of the words' parts."""

    words: InterestWords
    wanted: Vectors
    unwanted: Vectors


def match(interest: EmbeddedInterest, vectors: Vectors, texts: Sequence[str]) -> Vectors:
    """(n,): how well each insight answers the interest, from FLOOR to 1.1; 0 where it does not."""
    if not interest.words.wanted:
        return np.zeros(len(texts), dtype=np.float32)
    scores = vectors @ interest.wanted + WORDS_COUNT * _said(interest.words.wanted, texts)
    unwelcome = (vectors @ interest.unwanted.T >= UNWANTED).any(axis=1)
    for unwanted in interest.words.unwanted:
        unwelcome |= _said(unwanted, texts) == 1
    matched: Vectors = np.where(unwelcome | (scores < FLOOR), 0, scores).astype(np.float32)
    return matched


def _said(words: str, texts: Sequence[str]) -> Vectors:
    """(n,): the share of the words that each text says, the rare ones counting for more."""
    rarity = {_stem(word): weight for word, weight in word_rarity(words).items()}
    total = sum(rarity.values())
    if not total:
        return np.zeros(len(texts), dtype=np.float32)
    return np.array([_weight(rarity, text) / total for text in texts], dtype=np.float32)


def _weight(rarity: dict[str, float], text: str) -> float:
    stems = _stems(text)
    return sum(weight for stem, weight in rarity.items() if stem in stems)


@lru_cache(maxsize=5000)  # every interest is held against the same few thousand texts
def _stems(text: str) -> frozenset[str]:
    return frozenset(map(_stem, re.findall(r"[a-z0-9]+(?:['-][a-z0-9]+)*", text.lower())))


def _stem(word: str) -> str:
    """Singular and plural alike, and no more: "mining" must not find "mind"."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word

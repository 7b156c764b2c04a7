"""One claim out of a passage in at most 90 characters, made by leaving words out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feeds.insights.writeup import grammar, lexicon
from feeds.insights.writeup.claims import claim_score
from feeds.insights.writeup.compression import compressed, finished
from feeds.insights.writeup.lexicon import core
from feeds.insights.writeup.openings import strip_connectives

MOST_CHARACTERS = 90
_FINE_LENGTH = range(38, 88)
_SHORT = 28
_TOO_SHORT = 18
_WEIGHED_CLOSELY = 8
_VAGUE = re.compile(
    r"\b(?:things?|stuff|something|somehow|whatever|th(?:at|is) (?:way|one)|like th(?:at|is)|th(?:e|o)se guys|"
    r"the other one|do(?:ing)? th(?:at|is))\b",
    re.IGNORECASE,
)
_NEEDS_BEFORE = re.compile(r"\b(?:it|them|this|these|those|they|that['’]s|he|she|his|him|her|their)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    sentence: int
    worth: float


def headline(found: Sequence[str]) -> tuple[str, int]:
    """The best claim of the sentences and the number of the sentence it stands in; empty only where they are."""
    readings = sorted(_readings(found), key=lambda reading: -reading.worth)[:_WEIGHED_CLOSELY]
    if not readings:
        return _first_words(found), 0
    best = max(readings, key=lambda reading: reading.worth + 0.8 * claim_score(reading.text))
    return best.text, best.sentence


def _readings(found: Sequence[str]) -> Iterator[_Reading]:
    """Every reading that fits, with its worth before its own words are weighed as a claim."""
    for number, sentence in enumerate(found):
        base = claim_score(strip_connectives(sentence))
        for text, price in compressed(sentence):
            if 0 < len(text) <= MOST_CHARACTERS:
                yield _Reading(text, number, 0.5 * base + _shape(text) - price)


def _shape(text: str) -> float:
    """How far the words look like a headline: a whole clause of good length whose subject is named."""
    words = grammar.cores(text)
    if len(words) < 3:
        return -4.0
    return _wholeness(text, words) + _opening(text, words) + _content(text, words)


def _wholeness(text: str, words: Sequence[str]) -> float:
    broken = 3.0 * (words[-1] in lexicon.WEAK_ENDS)
    if grammar.is_whole(text):
        return -broken
    return -broken - (1.5 if grammar.has_main_verb(text) else 2.5)


def _opening(text: str, words: Sequence[str]) -> float:
    first = words[0]
    score = -0.9 * (first in lexicon.FIRST_PERSON) - 0.3 * (first in lexicon.SECOND_PERSON)
    score -= 0.9 * grammar.dangles(text) + 1.0 * (first in {"here's", "here"} or grammar.points_back(text))
    score -= 1.0 * (first in lexicon.CONNECTIVES | lexicon.COORDINATORS)
    score -= 1.2 * (first == "rather" or (first in {"not", "no", "nor"} and "," not in text))
    return score + 0.4 * (first not in lexicon.FUNCTION_WORDS) + 0.2 * (first in lexicon.DETERMINERS)


def _content(text: str, words: Sequence[str]) -> float:
    score = -2.0 * grammar.is_question(text) - 0.35 * bool(_VAGUE.search(text))
    score -= 0.2 * len(_NEEDS_BEFORE.findall(" ".join(words[1:])))
    return score + 0.4 * (len(text) in _FINE_LENGTH) - 0.5 * (len(text) < _SHORT) - 1.2 * (len(text) < _TOO_SHORT)


def _first_words(found: Sequence[str]) -> str:
    """As many words of the first sentence as fit, up to a word of content."""
    words = strip_connectives(next(iter(found), "")).split()
    while len(words) > 1 and (len(" ".join(words)) > MOST_CHARACTERS or core(words[-1]) in lexicon.FUNCTION_WORDS):
        words.pop()
    return finished(" ".join(words))[:MOST_CHARACTERS]

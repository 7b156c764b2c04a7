"""What a passage's wording gives away before any model has read it: families of phrases, and its shape on the page.

The families are what editors name when asked why a passage is an insight (a mechanism, a contrast, a number with a
lesson) and what fools them (a sponsor read, a biography, a question). Each yields its rate in a passage.
"""

import itertools
import math
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_FAMILIES = Path(__file__).with_name("cue_families.txt")


def _families() -> dict[str, re.Pattern[str]]:
    """Families of phrases by name; the file has one in each paragraph, its phrases parted by ` | `."""
    named = (paragraph.partition(":") for paragraph in _FAMILIES.read_text().strip().split("\n\n"))
    phrases = {name: "|".join(re.split(r"\s+\|\s+", listed.strip())) for name, _, listed in named}
    return {name: re.compile(rf"(?<![\w'])(?:{any_of})(?![\w'])", re.IGNORECASE) for name, any_of in phrases.items()}


_PATTERNS = _families()
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.?!]+(?=[\s\"'\u201d)]|$)")
_OPENERS = {
    "opens_with_connective": re.compile(r"\W*(?:and|so|but|or|because|then|also|which|that)\b", re.IGNORECASE),
    "opens_with_pronoun": re.compile(r"\W*(?:he|she|it|it's|they|this|that|that's|these|those|there)\b", re.IGNORECASE),
    "opens_with_filler": re.compile(
        r"\W*(?:yeah|yes|no|right|well|okay|oh|um+|uh+|sure|exactly|mm+|hmm+|absolutely)\b", re.IGNORECASE
    ),
    "opens_in_mid_sentence": re.compile(r"\W*[a-z]"),
    "opens_with_claim": re.compile(r"\W*(?:the|most|if|when|people|every|one of)\b", re.IGNORECASE),
}
_SHAPE = (
    "log_words", "word_length", "long_words", "variety", "repeated_pairs", "repeated_words", "capitals", "digits",
    "questions", "question_share", "sentences", "sentence_words", "commas", "quotes", "colons_dashes", "ends_open",
)  # fmt: skip
NAMES: tuple[str, ...] = (*_PATTERNS, *_SHAPE, *_OPENERS)


def cue_vector(text: str) -> NDArray[np.float32]:
    """The passage in numbers, in the order of `NAMES`."""
    text = text.replace("\u2019", "'")
    words = [word.lower() for word in _WORD.findall(text)]
    rates = [_rate(len(pattern.findall(text)), len(words)) for pattern in _PATTERNS.values()]
    openings = [float(bool(pattern.match(text))) for pattern in _OPENERS.values()]
    return np.array([*rates, *_shape(text, words), *openings], dtype=np.float32)


def _rate(count: int, words: int) -> float:
    """Occurrences in a hundred words, damped for short passages and under a root: the second mention says less."""
    return math.sqrt(100 * count / (words + 10))


def _shape(text: str, words: list[str]) -> list[float]:
    count = max(len(words), 1)
    ends = _SENTENCE_END.findall(text)
    questions = sum("?" in end for end in ends)
    pairs = list(itertools.pairwise(words))
    capitals = len(re.findall(r"(?<=[a-z,;] )[A-Z][a-z]+", text))
    return [
        math.log(count),
        sum(map(len, words)) / count,
        sum(len(word) > 6 for word in words) / count,
        len(set(words)) / count**0.8,
        1 - len(set(pairs)) / max(len(pairs), 1),
        sum(a == b for a, b in pairs) / count,
        capitals / count,
        sum(character.isdigit() for character in text) / count,
        float(questions),
        questions / max(len(ends), 1),
        float(len(ends)),
        count / max(len(ends), 1) if ends else 40.0,
        text.count(",") / count,
        (text.count('"') + text.count("\u201c")) / count,
        sum(text.count(mark) for mark in ":;\u2014\u2013") / count,
        float(not text.rstrip("\"'\u201d) ").endswith((".", "?", "!"))),
    ]

"""Where sentences end, also in transcripts that a machine wrote without any punctuation.

A punctuated sentence of up to 60 words is taken as it is. Longer runs are what automatic captions (and a few speakers)
produce: there the ends are restored from the words around each gap, with weights learned from punctuated transcripts
whose punctuation was taken away.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]

BUCKETS = 32768
WEIGHTS = Path(__file__).parent / "model" / "sentence_ends.npz"
_LONGEST_WORDS = 60
# A restored sentence has 6 to 32 words; inside these bounds it ends at the first likely gap, else at the likeliest.
_FEWEST_RESTORED = 6
_MOST_RESTORED = 32
_LIKELY = 0.0
# Captions cut by pauses capitalise what follows a pause.
_CAPITAL_BONUS = 1.0

_END = re.compile(r"(?<=[.?!\u2026])[\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c\u2018(\[]*[A-Z0-9\\])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|Inc|Ltd|Co|Corp|No|Gen|Sen|Gov|e\.g|i\.e)|\b[A-Z])\.$"
)
_LONGEST_ABBREVIATION = 6
_TOKEN = re.compile(r"\S+")
_PLAIN = re.compile(r"[^\w']+")


def sentence_spans(text: str) -> list[Span]:
    """Spans of the sentences of one turn, in order; together they cover all its words."""
    return [part for span in _punctuated(text) for part in _shortened(text, span)]


def gap_features(words: Sequence[str], gap: int) -> list[int]:
    """Which weights speak about the gap before `words[gap]`: its two words on either side, and the pair across it."""
    around = [words[place] if 0 <= place < len(words) else "" for place in range(gap - 2, gap + 2)]
    keys = [f"{place}{word}" for place, word in enumerate(around)]
    keys += [f"pair{around[1]} {around[2]}", f"after{around[2]} {around[3]}", f"before{around[0]} {around[1]}"]
    return [zlib.crc32(key.encode()) % BUCKETS for key in keys]


def bare(word: str) -> str:
    """The word as an automatic transcript would have it: lower case, no punctuation."""
    return _PLAIN.sub("", word.lower())


def _punctuated(text: str) -> Iterator[Span]:
    begin = 0
    for gap in _END.finditer(text):
        if _ABBREVIATION.search(text, max(begin, gap.start() - _LONGEST_ABBREVIATION), gap.start()):
            continue
        yield begin, begin + len(text[begin : gap.end()].rstrip())
        begin = gap.end()
    if text[begin:].strip():
        yield begin, begin + len(text[begin:].rstrip())


def _shortened(text: str, span: Span) -> Iterator[Span]:
    tokens = list(_TOKEN.finditer(text, *span))
    if len(tokens) <= _LONGEST_WORDS:
        yield span
        return
    first = 0
    for last in _restored_ends([token.group() for token in tokens]):
        yield tokens[first].start(), tokens[last - 1].end()
        first = last


def _restored_ends(tokens: Sequence[str]) -> Iterator[int]:
    """How many tokens have been read at each sentence's end; the last is all of them."""
    likely = end_odds(tokens)
    first = 0
    while len(tokens) - first > _MOST_RESTORED:
        window = likely[first + _FEWEST_RESTORED : first + _MOST_RESTORED + 1]
        above = np.flatnonzero(window > _LIKELY)
        first += _FEWEST_RESTORED + int(above[0] if len(above) else window.argmax())
        yield first
    yield len(tokens)


def end_odds(tokens: Sequence[str]) -> NDArray[np.float32]:
    """Log odds that a sentence ends before each token."""
    weights, bias = _learned()
    words = [bare(token) for token in tokens]
    odds = [
        weights[gap_features(words, gap)].sum() + _CAPITAL_BONUS * _is_capitalised(token, word)
        for gap, (token, word) in enumerate(zip(tokens, words, strict=True))
    ]
    return np.array(odds, dtype=np.float32) + bias


def _is_capitalised(token: str, word: str) -> bool:
    return token[:1].isupper() and word.partition("'")[0] != "i"


@cache
def _learned() -> tuple[NDArray[np.float32], np.float32]:
    with np.load(WEIGHTS) as stored:
        return stored["weights"].astype(np.float32), np.float32(stored["bias"])

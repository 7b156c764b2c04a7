"""What the editor's network reads: who speaks where, the words before, the passage, the words after."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from feeds.reading.embeddings import load_tokenizer
from feeds.reading.insights.editor.words import Word, split_words

LONGEST = 400
_HEADER_WORDS, _BEFORE_WORDS, _AFTER_WORDS = 40, 60, 24
_TOKENS_A_WORD = 6
_MARKS = (",", ".", ";", ":", "?", "!", "...", "-", '"')
SHAPES = 2 * len(_MARKS) + 8


@dataclass(frozen=True, slots=True)
class Material:
    """A passage and all that may be drawn on; `words` holds header, before, passage and after in one row;
    `header` counts those of the header."""

    words: tuple[Word, ...]
    header: int
    passage: range
    speaker: str


@dataclass(frozen=True, slots=True)
class TokenRow:
    """Token ids and kinds (0 header, 1 talk), int32 (length,); the first and last token of each word, int32 (words,);
    `shapes`, float32 (words, SHAPES), what is seen of each word from outside.
    """

    ids: NDArray[np.int32]
    kinds: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    shapes: NDArray[np.float32]


def material(*, header: Sequence[str], before: str, passage: str, after: str, speaker: str | None) -> Material:
    """Header parts are show, title, guests and speaker, in that order."""
    head = [word for part in header for word in split_words(part)][-_HEADER_WORDS:]
    lead = split_words(before)[-_BEFORE_WORDS:]
    middle = split_words(passage)
    tail = split_words(after)[:_AFTER_WORDS]
    begin = len(head) + len(lead)
    return Material((*head, *lead, *middle, *tail), len(head), range(begin, begin + len(middle)), speaker or "")


def token_row(read: Material) -> TokenRow:
    """The tokens; what is longer than 400 loses words at its end."""
    tokenizer = _tokenizer()
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    pieces = [word.opening + word.core + word.closing for word in read.words]
    encoded = tokenizer.encode_batch(pieces, add_special_tokens=False)
    ids, kinds = [cls], [0]
    first: list[int] = []
    last: list[int] = []
    for place, one in enumerate(encoded):
        if place == read.header:
            ids.append(sep)
            kinds.append(0)
        first.append(min(len(ids), LONGEST - 2))
        ids.extend(one.ids[:_TOKENS_A_WORD] or [tokenizer.token_to_id("[UNK]")])
        kinds.extend([int(place >= read.header)] * (len(ids) - len(kinds)))
        last.append(min(len(ids) - 1, LONGEST - 2))
    ids, kinds = [*ids[: LONGEST - 1], sep], [*kinds[: LONGEST - 1], 1]
    return TokenRow(
        np.array(ids, dtype=np.int32),
        np.array(kinds, dtype=np.int32),
        np.array(first, dtype=np.int32),
        np.array(last, dtype=np.int32),
        shapes(read),
    )


def shapes(read: Material) -> NDArray[np.float32]:
    """Marks around each word, its capital, its place in its sentence and in the passage, whether it is said twice."""
    made = np.zeros((len(read.words), SHAPES), dtype=np.float32)
    for place, word in enumerate(read.words):
        row = made[place]
        before = read.words[place - 1] if place else None
        after = read.words[place + 1] if place + 1 < len(read.words) else None
        row[: len(_MARKS)] = [mark in word.closing for mark in _MARKS]
        if before:
            row[len(_MARKS) : 2 * len(_MARKS)] = [mark in before.closing for mark in _MARKS]
        row[-8] = word.core[:1].isupper()
        row[-7] = before is None or before.sentence != word.sentence
        row[-6] = place in read.passage
        row[-5] = (place - read.passage.start) / max(1, len(read.passage)) if place in read.passage else 0.0
        row[-4] = before is not None and before.key == word.key
        row[-3] = after is not None and after.key == word.key
        row[-2] = bool(word.opening)
        row[-1] = word.core.isdigit()
    return made


@cache
def _tokenizer() -> Tokenizer:
    tokenizer = load_tokenizer()
    tokenizer.no_truncation()
    return tokenizer

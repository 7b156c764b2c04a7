"""A passage as the words that the editor keeps, deletes and replaces."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_EDGE = re.compile(r"^([^\w$€£#@]*)(.*?)([^\w%$€£+#]*)$", re.DOTALL)
_ENDS = re.compile(r"[.!?]+[\"'”’)]*$|\.\.\.$|…$")
_ABBREVIATION = re.compile(r"^(?:mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e|u\.s|no|inc|jr|sr)\.$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """One word between white space: its `core`, and the punctuation before (`opening`) and after it (`closing`)."""

    opening: str
    core: str
    closing: str
    sentence: int

    @property
    def key(self) -> str:
        """What is compared: letters and figures alone, in lower case."""
        return self.core.lower().replace("’", "'")


def split_words(text: str) -> list[Word]:
    """The words in order, each with the number of its sentence."""
    words: list[Word] = []
    sentence = 0
    pieces = [piece for piece in text.split() if any(char.isalnum() for char in piece) or piece in ("&",)]
    for piece in pieces:
        match = _EDGE.match(piece)
        opening, core, closing = match.groups() if match else ("", piece, "")
        words.append(Word(opening, core or piece, closing if core else "", sentence))
        if _ENDS.search(piece) and not _ABBREVIATION.match(piece):
            sentence += 1
    return words


def sentence_ranges(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Begin and end of each sentence, in words."""
    cuts = [0, *(place for place, (one, two) in enumerate(pairwise(words), 1) if one.sentence != two.sentence)]
    return list(zip(cuts, [*cuts[1:], len(words)], strict=True)) if words else []

"""Text as words and sentences, as the gate compares them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).parent
_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9$])")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|Inc|Ltd|Co|Corp|No|Gen|Sen|Gov)|\b[A-Z])\.$")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|(?<!\w)[‘'].+?[’'](?!\w)")
_SUFFIX = re.compile(r"(?:ies|ied|ically|ing|edly|ed|es|s|e|y|ly|al|er|or|ment|ation|tion|ion|ness)$")
_SHORTEST_STEM = 3


def word_set(words: str) -> frozenset[str]:
    """The words of a string that holds nothing else."""
    return frozenset(words.split())


def entries(name: str) -> list[str]:
    """The lines of a file beside this one, comments left out."""
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _classes() -> dict[str, frozenset[str]]:
    told = re.split(r"\n(?=\S)", "\n".join(entries("word_classes.txt")))
    return {name: word_set(found) for name, _, found in (one.partition(":") for one in told)}


CLASSES = _classes()
FUNCTION_WORDS = CLASSES["function words"]


def words(text: str) -> list[str]:
    """The words in small letters with straight apostrophes, without punctuation."""
    return [plain(word) for word in cased_words(text)]


def cased_words(text: str) -> list[str]:
    """The words as they are written, without punctuation."""
    return [found[0] for found in _WORD.finditer(text)]


def plain(word: str) -> str:
    return word.lower().replace("’", "'")


def sentences(text: str) -> list[str]:
    return list(_sentences(text))


def without_quotations(text: str) -> str:
    """The text in its own voice: what stands in quotation marks is somebody else's."""
    return _QUOTED.sub("…", text)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without its endings, so that "argued" and "argues" are one."""
    bare = word.removesuffix("'s").removesuffix("'")
    for _ in range(2):
        shorter = _SUFFIX.sub("", bare)
        if len(shorter) >= _SHORTEST_STEM:
            bare = shorter
    if len(bare) > _SHORTEST_STEM and bare[-1] == bare[-2]:
        bare = bare[:-1]
    return bare


def _sentences(text: str) -> Iterator[str]:
    begin = 0
    for gap in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text[begin : gap.start()]):
            yield text[begin : gap.end()].strip()
            begin = gap.end()
    if text[begin:].strip():
        yield text[begin:].strip()

"""Text as words and sentences, as the gate compares them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9$])")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|Inc|Ltd|Co|Corp|No|Gen|Sen|Gov)|\b[A-Z])\.$")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|(?<!\w)[‘'].+?[’'](?!\w)")
_SUFFIX = re.compile(r"(?:ies|ied|ically|ing|edly|ed|es|s|e|y|ly|al|er|or|ment|ation|tion|ion|ness)$")
_SHORTEST_STEM = 3


def word_set(words: str) -> frozenset[str]:
    """The words of a string that holds nothing else."""
    return frozenset(words.split())


FUNCTION_WORDS = word_set(
    "a an the of to in and or for on at by with from as is are was were be been being am that which who whom whose "
    "what "
    "it its their his her he she they them this these those there here not no nor than then but so if when where while "
    "how why can could will would may might must shall should has have had having do does did doing done into over "
    "under about between out up down off onto per via i me my we us our you your one some any each every all both more "
    "most less least few fewer much many such same other another only just even also too very own because since until "
    "unless although though whether however rather instead through during before after again against within without "
    "said says say get gets got make makes made go goes going went thing things way lot like"
)


def words(text: str) -> list[str]:
    """The words in small letters with straight apostrophes, without punctuation."""
    return [plain(found[0]) for found in _WORD.finditer(text)]


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

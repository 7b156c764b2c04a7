"""The words and phrases that speak for topics, and which of them a text says.

Single words match whole words and their plural; a trailing * matches any ending.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feeds.reading.topics.catalogue import TopicSpec

# What a sentence is held together by, and how descriptions of topics are worded: no sign of any topic.
_TELLS_NOTHING = frozenset(Path(__file__).with_name("tells_nothing.txt").read_text().split())


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the vocabulary; the same words under two topics are two terms."""

    slug: str
    text: str

    @property
    def plain(self) -> str:
        return self.text.rstrip("*")


@dataclass(frozen=True)
class Vocabulary:
    """The terms of these topics, in their order; a term's number is its place among them."""

    topics: tuple[TopicSpec, ...]

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        return tuple(Term(topic.slug, text) for topic in self.topics for text in terms_for(topic))

    @cached_property
    def rows(self) -> list[NDArray[np.intp]]:
        """The numbers of each topic's terms."""
        slugs = np.array([term.slug for term in self.terms])
        return [np.flatnonzero(slugs == topic.slug) for topic in self.topics]

    def said(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """1 where the text says the term: (n, terms)."""
        said = np.zeros((len(texts), len(self.terms)), dtype=np.float32)
        for row, text in enumerate(texts):
            said[row, list(self.terms_in(text))] = 1
        return said

    def terms_in(self, text: str) -> set[int]:
        """The numbers of the terms that the text says."""
        words = _words(text)
        found: set[int] = set()
        for start in range(len(words)):
            for length in range(1, min(self._longest, len(words) - start) + 1):
                found.update(self._terms_matching(" ".join(words[start : start + length])))
        return found

    def _terms_matching(self, phrase: str) -> Iterator[int]:
        for form in {phrase, phrase.removesuffix("'s"), phrase.removesuffix("s"), phrase.removesuffix("es")}:
            yield from self._whole.get(form, ())
        for end in range(2, len(phrase) + 1):
            yield from self._beginnings.get(phrase[:end], ())

    @cached_property
    def _whole(self) -> dict[str, tuple[int, ...]]:
        return _index(self.terms, beginnings=False)

    @cached_property
    def _beginnings(self) -> dict[str, tuple[int, ...]]:
        return _index(self.terms, beginnings=True)

    @cached_property
    def _longest(self) -> int:
        return max(len(term.text.split()) for term in self.terms)


def terms_for(topic: TopicSpec) -> tuple[str, ...]:
    """Those chosen by hand; for a topic that has none yet, its name and the telling words of its description."""
    return topic.words or tuple(dict.fromkeys([" ".join(_words(topic.name)), *_telling_words(topic)]))


def _telling_words(topic: TopicSpec) -> list[str]:
    return [word for word in _words(f"{topic.name} {topic.description}") if word not in _TELLS_NOTHING]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:['&./-][a-z0-9]+)*", text.lower().replace("’", "'"))


def _index(terms: Sequence[Term], *, beginnings: bool) -> dict[str, tuple[int, ...]]:
    index: defaultdict[str, tuple[int, ...]] = defaultdict(tuple)
    for number, term in enumerate(terms):
        if term.text.endswith("*") == beginnings:
            index[term.plain] += (number,)
    return dict(index)

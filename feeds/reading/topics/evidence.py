"""What speaks for each topic in a text: nearness to the topic's description and vocabulary, and words said."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feeds.reading.topics.catalogue import TOPICS
from feeds.reading.topics.vocabulary import TERMS, VOCABULARY, terms_in

Floats = NDArray[np.float32]

# How many of a topic's nearest terms are averaged: one alone is often a coincidence, all together are a blur.
NEAREST = (1, 3, 5, 10)


@dataclass(frozen=True)
class TopicAnchors:
    """The fixed points that a text's vector is compared with.

    `descriptions` is (3, topics, 384): names, names with descriptions, whole vocabularies. `terms` is
    (len(TERMS), 384), and `rarity` says how seldom each term is said at all.
    """

    descriptions: Floats
    terms: Floats
    rarity: Floats


def anchor_texts() -> tuple[list[list[str]], list[str]]:
    """What TopicAnchors' `descriptions` and `terms` are the vectors of."""
    names = [topic.name for topic in TOPICS]
    described = [f"{topic.name}: {topic.description}" for topic in TOPICS]
    vocabularies = [", ".join(VOCABULARY[topic.slug]).replace("*", "") for topic in TOPICS]
    return [names, described, vocabularies], [term.plain for term in TERMS]


def said_terms(texts: Sequence[str]) -> Floats:
    """1 where the text says the term: (n, len(TERMS))."""
    said = np.zeros((len(texts), len(TERMS)), dtype=np.float32)
    for row, text in enumerate(texts):
        said[row, list(terms_in(text))] = 1
    return said


def topic_evidence(anchors: TopicAnchors, vectors: Floats, said: Floats) -> Floats:
    """(n, topics, features); each measure as it is, against the mean of the topics, and against the best of them."""
    described = [vectors @ anchor.T for anchor in anchors.descriptions]
    near = _nearest_terms(vectors @ anchors.terms.T)
    words = _per_topic_sum(said * anchors.rarity)
    share = words / (1 + words.sum(axis=1, keepdims=True))
    measures = np.stack([*described, *near, np.log1p(words), share], axis=2)
    against_mean = measures - measures.mean(axis=1, keepdims=True)
    against_best = measures - measures.max(axis=1, keepdims=True)
    evidence: Floats = np.concatenate([measures, against_mean, against_best], axis=2)
    return evidence


_TERM_ROWS = [
    np.array([row for row, term in enumerate(TERMS) if term.topic == position]) for position in range(len(TOPICS))
]


def _nearest_terms(similarities: Floats) -> list[Floats]:
    ordered = [np.sort(similarities[:, rows], axis=1)[:, ::-1] for rows in _TERM_ROWS]
    return [np.stack([best[:, :count].mean(axis=1) for best in ordered], axis=1) for count in NEAREST]


def _per_topic_sum(values: Floats) -> Floats:
    return np.stack([values[:, rows].sum(axis=1) for rows in _TERM_ROWS], axis=1)

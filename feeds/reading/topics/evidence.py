"""What speaks for each topic in a text: nearness to the topic's description and vocabulary, and words said."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feeds.reading.topics.vocabulary import Vocabulary

Floats = NDArray[np.float32]

# How many of a topic's nearest terms are averaged: one alone is often a coincidence, all together are a blur.
NEAREST = (1, 3, 5, 10)


@dataclass(frozen=True)
class TopicAnchors:
    """The fixed points that a text's vector is compared with.

    `descriptions` is (3, topics, 384): names, names with descriptions, whole vocabularies. `terms` is
    (terms, 384), and `rarity` says how seldom each term of `vocabulary` is said at all.
    """

    vocabulary: Vocabulary
    descriptions: Floats
    terms: Floats
    rarity: Floats


def anchor_texts(vocabulary: Vocabulary) -> tuple[list[list[str]], list[str]]:
    """What TopicAnchors' `descriptions` and `terms` are the vectors of."""
    texts = [term.text for term in vocabulary.terms]
    names = [topic.name for topic in vocabulary.topics]
    described = [f"{topic.name}: {topic.description}" for topic in vocabulary.topics]
    vocabularies = [", ".join(texts[row] for row in rows).replace("*", "") for rows in vocabulary.rows]
    return [names, described, vocabularies], [term.plain for term in vocabulary.terms]


def topic_evidence(anchors: TopicAnchors, vectors: Floats, said: Floats) -> Floats:
    """(n, topics, features); each measure as it is, against the mean of the topics, and against the best of them."""
    rows = anchors.vocabulary.rows
    described = [vectors @ anchor.T for anchor in anchors.descriptions]
    near = _nearest_terms(vectors @ anchors.terms.T, rows)
    words = _per_topic_sum(said * anchors.rarity, rows)
    share = words / (1 + words.sum(axis=1, keepdims=True))
    measures = np.stack([*described, *near, np.log1p(words), share], axis=2)
    against_mean = measures - measures.mean(axis=1, keepdims=True)
    against_best = measures - measures.max(axis=1, keepdims=True)
    evidence: Floats = np.concatenate([measures, against_mean, against_best], axis=2)
    return evidence


def _nearest_terms(similarities: Floats, rows: Sequence[NDArray[np.intp]]) -> list[Floats]:
    ordered = [np.sort(similarities[:, own], axis=1)[:, ::-1] for own in rows]
    return [np.stack([best[:, :count].mean(axis=1) for best in ordered], axis=1) for count in NEAREST]


def _per_topic_sum(values: Floats, rows: Sequence[NDArray[np.intp]]) -> Floats:
    return np.stack([values[:, own].sum(axis=1) for own in rows], axis=1)

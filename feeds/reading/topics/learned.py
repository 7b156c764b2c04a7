"""The learned numbers, put in the order of the catalogue by slug; model/CARD.md describes them.

A topic that nobody trained yet is read by the numbers that all topics share, with anchors made of its name, its
description and its words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feeds.reading.embeddings import DIMENSIONS, LocalEmbedder, local_embedder
from feeds.reading.topics.catalogue import TOPICS, TopicSpec
from feeds.reading.topics.context import Material
from feeds.reading.topics.evidence import Floats, TopicAnchors, anchor_texts, topic_evidence
from feeds.reading.topics.vocabulary import Term, Vocabulary
from feeds.reading.topics.weighing import COMBINATIONS, NEEDS, weigh

MODEL = Path(__file__).parent / "model" / "topics.npz"
_NAMES = ("embedder", "topics", "term_topics", "term_texts")
_NUMBERS = (
    *("descriptions", "terms", "rarity", "topic_bias", "vector_weights"),
    *("evidence_mean", "evidence_scale", "evidence_weights", "reading_weights"),
)
# A description says a tenth of the words that a list does; with this, what it finds is right as often.
_FEW_WORDS = 1.0
# For each topic or term of the catalogue its row in the table; -1 where it has none.
Rows = NDArray[np.intp]


class BadTable(Exception):
    """The table of learned numbers does not fit the catalogue, the vocabulary or the code."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path.name} {fault}. Train it anew: python -m benchmarks.train_topics PATH-TO-LABELLED-DATA")


@dataclass(frozen=True)
class TopicModel:
    """A logistic model shared by all topics over their evidence, plus one per topic over the vector itself."""

    embedder: str
    anchors: TopicAnchors
    evidence_mean: Floats
    evidence_scale: Floats
    evidence_weights: Floats
    topic_bias: Floats
    vector_weights: Floats

    def logits(self, vectors: Floats, said: Floats) -> Floats:
        """(n, topics), each of a chance of its own: a text may be about several topics, or about none."""
        evidence = (topic_evidence(self.anchors, vectors, said) - self.evidence_mean) / self.evidence_scale
        logits: Floats = evidence @ self.evidence_weights + self.topic_bias + vectors @ self.vector_weights
        return logits


@dataclass(frozen=True)
class Classifier:
    """`reads` one text; `weights` says how much each of several counts, by what is known beside the text."""

    reads: TopicModel
    weights: Floats

    @property
    def vocabulary(self) -> Vocabulary:
        return self.reads.anchors.vocabulary

    def chances(self, material: Material, vectors: Floats) -> Floats:
        """(n, topics) for the texts of `material`; `vectors` are of all that is to be read."""
        logits = self.reads.logits(vectors, self.vocabulary.said(material.to_read()))
        return weigh(material.by_kind(logits), self.weights)


@cache
def load_classifier(path: Path = MODEL, topics: tuple[TopicSpec, ...] = TOPICS) -> Classifier:
    """For the topics in their order; raise BadTable where the table is of another catalogue than theirs."""
    table, vocabulary = _table(path), Vocabulary(topics)
    slugs, terms = table["topics"].tolist(), _terms(table)
    rows = _rows(slugs, [topic.slug for topic in topics], "topic", path)
    term_rows = _rows(terms, vocabulary.terms, "term", path)
    shared = {name: table[name] for name in ("evidence_mean", "evidence_scale", "evidence_weights")}
    reads = TopicModel(
        embedder=str(table["embedder"]),
        anchors=_anchors(table, vocabulary, rows, term_rows),
        topic_bias=np.where(rows < 0, _untrained_bias(table, topics), table["topic_bias"][rows]),
        vector_weights=np.where(rows < 0, np.float32(0), table["vector_weights"][:, rows]),
        **shared,
    )
    return Classifier(reads, table["reading_weights"])


def _table(path: Path) -> dict[str, NDArray[Any]]:
    with np.load(path, allow_pickle=False) as stored:
        table = {name: stored[name] for name in stored.files}
    if missing := sorted({*_NAMES, *_NUMBERS} - table.keys()):
        raise BadTable(path, f"lacks {', '.join(missing)}")
    table |= {name: table[name].astype(np.float32) for name in _NUMBERS}
    for name, shape in _shapes(topics=len(table["topics"]), terms=len(table["term_texts"])).items():
        if table[name].shape != shape:
            raise BadTable(path, f"holds {name} of shape {table[name].shape} where {shape} belongs")
    if str(table["embedder"]) != LocalEmbedder.model:
        raise BadTable(path, f"was learned with the vectors of {table['embedder']}, not of {LocalEmbedder.model}")
    return table


def _shapes(*, topics: int, terms: int) -> dict[str, tuple[int, ...]]:
    return {
        "term_topics": (terms,),
        "descriptions": (3, topics, DIMENSIONS),
        "terms": (terms, DIMENSIONS),
        "rarity": (terms,),
        "topic_bias": (topics,),
        "vector_weights": (DIMENSIONS, topics),
        "reading_weights": (COMBINATIONS, len(NEEDS) + 1),
    }


def _terms(table: Mapping[str, NDArray[Any]]) -> list[Term]:
    pairs = zip(table["term_topics"].tolist(), table["term_texts"].tolist(), strict=True)
    return [Term(slug, text) for slug, text in pairs]


def _rows(learned: Sequence[object], wanted: Sequence[object], what: str, path: Path) -> Rows:
    if unknown := sorted({str(one) for one in set(learned) - set(wanted)}):
        raise BadTable(path, f"knows a {what} that the catalogue does not: {', '.join(unknown)}")
    row_of = {one: row for row, one in enumerate(learned)}
    return np.array([row_of.get(one, -1) for one in wanted], dtype=np.intp)


def _anchors(table: Mapping[str, Floats], vocabulary: Vocabulary, rows: Rows, term_rows: Rows) -> TopicAnchors:
    descriptions, terms = anchor_texts(vocabulary)
    return TopicAnchors(
        vocabulary,
        np.stack([_vectors(own, rows, texts) for own, texts in zip(table["descriptions"], descriptions, strict=True)]),
        _vectors(table["terms"], term_rows, terms),
        _rarity(table, vocabulary, term_rows),
    )


def _vectors(learned: Floats, rows: Rows, texts: Sequence[str]) -> Floats:
    """The learned ones in the order of the texts; of a text that has none, the embedder's."""
    vectors = learned[rows]
    if new := np.flatnonzero(rows < 0).tolist():
        vectors[new] = local_embedder().embed([texts[row] for row in new])
    return vectors


def _rarity(table: Mapping[str, Floats], vocabulary: Vocabulary, rows: Rows) -> Floats:
    """A new term is as rare as the same word under another topic, else as rare as most."""
    rarity = table["rarity"][rows]
    known = {term.plain: float(rare) for term, rare in zip(_terms(table), table["rarity"], strict=True)}
    for row in np.flatnonzero(rows < 0).tolist():
        rarity[row] = known.get(vocabulary.terms[row].plain, float(np.median(table["rarity"])))
    return rarity


def _untrained_bias(table: Mapping[str, Floats], topics: Sequence[TopicSpec]) -> Floats:
    """The trained topics' mean, with what their own regressions make of a text about nothing in particular."""
    nothing_particular = table["terms"].mean(axis=0)
    usual = (table["topic_bias"] + nothing_particular @ table["vector_weights"]).mean()
    return np.array([usual if topic.words else usual + _FEW_WORDS for topic in topics], dtype=np.float32)

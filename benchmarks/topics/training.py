"""The model that reads one text: its examples, and how it is learned from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.labelled_insights import LabelledInsight, worthless_passages
from benchmarks.logistic import Doubles, fit_logistic
from feeds.reading.embeddings import LocalEmbedder, embedding_text
from feeds.reading.topics.catalogue import TOPICS
from feeds.reading.topics.evidence import Floats, TopicAnchors, anchor_texts, topic_evidence
from feeds.reading.topics.learned import TopicModel
from feeds.reading.topics.vocabulary import Vocabulary

EVIDENCE_RIDGE = 1.0
# Which topics are common differs from show to show: what the labelled shows teach about that is worth little.
TOPIC_BIAS_RIDGE = 100.0
VECTOR_RIDGE = 2.0
# Banter is filed nowhere, but a stray turn may well touch a topic: it counts for less than a labelled insight.
BANTER_WEIGHT = 0.3
# As much as a labelled insight, which is there three times: as written, as quoted, as spoken.
WRITTEN_EXAMPLE_WEIGHT = 3.0
DATA = Path(__file__).parent.parent / "data"
VOCABULARY = Vocabulary(TOPICS)


@dataclass(frozen=True)
class Examples:
    """Texts as the classifier sees them: (n, 384) vectors, (n, terms) said, (n, topics) labels, (n,) weights."""

    vectors: Floats
    said: Floats
    labels: Doubles
    weights: Doubles

    def where(self, rows: NDArray[np.bool_]) -> "Examples":
        return Examples(self.vectors[rows], self.said[rows], self.labels[rows], self.weights[rows])


@dataclass(frozen=True)
class Strays:
    """Texts about none of the topics, and what each counts beside a labelled insight."""

    texts: Sequence[str]
    weights: Doubles

    @property
    def labels(self) -> Doubles:
        return np.zeros((len(self.texts), len(TOPICS)))


@dataclass(frozen=True)
class AnchorVectors:
    descriptions: Floats
    terms: Floats


def all_examples(insights: Sequence[LabelledInsight], embedder: LocalEmbedder) -> dict[str, Examples]:
    """The insights as an editor writes them, and the same ones in the words that were spoken."""
    return {
        "written": examples([embedding_text(i.headline, i.text) for i in insights], insights, embedder),
        "quotes": examples([i.quote for i in insights], insights, embedder),
        "passages": examples([i.passage for i in insights], insights, embedder),
    }


def written_examples(embedder: LocalEmbedder) -> Examples:
    """Texts that were written to be learned from: of each topic, the rare ones above all."""
    pairs = [line.split(" | ", 1) for line in (DATA / "topic_examples.txt").read_text().splitlines()]
    labels = np.array([[topic.slug in slugs.split(", ") for topic in TOPICS] for slugs, _ in pairs], dtype=float)
    return _seen([text for _, text in pairs], labels, np.full(len(pairs), WRITTEN_EXAMPLE_WEIGHT), embedder)


def strays(data: Path) -> Strays:
    """Small talk written for this purpose, and the banter of real episodes."""
    small_talk, banter = (DATA / "off_topic.txt").read_text().splitlines(), worthless_passages(data)
    return Strays([*small_talk, *banter], np.repeat([1.0, BANTER_WEIGHT], [len(small_talk), len(banter)]))


def stray_examples(of: Strays, embedder: LocalEmbedder) -> Examples:
    return _seen(of.texts, of.labels, of.weights, embedder)


def examples(texts: Sequence[str], insights: Sequence[LabelledInsight], embedder: LocalEmbedder) -> Examples:
    labels = np.array([[topic.name in insight.topics for topic in TOPICS] for insight in insights], dtype=float)
    return _seen(texts, labels, np.ones(len(texts)), embedder)


def anchor_vectors(embedder: LocalEmbedder) -> AnchorVectors:
    descriptions, terms = anchor_texts(VOCABULARY)
    return AnchorVectors(np.stack([embedder.embed(texts) for texts in descriptions]), embedder.embed(terms))


def train(sets: Sequence[Examples], fixed: AnchorVectors) -> TopicModel:
    vectors = np.concatenate([examples.vectors for examples in sets])
    said = np.concatenate([examples.said for examples in sets])
    labels = np.concatenate([examples.labels for examples in sets])
    weights = np.concatenate([examples.weights for examples in sets])
    anchors = TopicAnchors(VOCABULARY, fixed.descriptions, fixed.terms, _rarity(said))
    evidence = topic_evidence(anchors, vectors, said).astype(float)
    mean, scale = evidence.mean(axis=(0, 1)), evidence.std(axis=(0, 1))
    shared, bias = _shared_part((evidence - mean) / scale, labels, weights)
    own = _own_parts(vectors.astype(float), labels, weights, (evidence - mean) / scale @ shared + bias)
    return TopicModel(
        embedder=LocalEmbedder.model,
        anchors=anchors,
        evidence_mean=mean.astype(np.float32),
        evidence_scale=scale.astype(np.float32),
        evidence_weights=shared.astype(np.float32),
        topic_bias=(bias + own[-1]).astype(np.float32),
        vector_weights=own[:-1].astype(np.float32),
    )


def _seen(texts: Sequence[str], labels: Doubles, weights: Doubles, embedder: LocalEmbedder) -> Examples:
    return Examples(embedder.embed(texts), VOCABULARY.said(texts), labels, weights)


def _rarity(said: Floats) -> Floats:
    rarity: Floats = np.log((len(said) + 5) / (said.sum(axis=0) + 2)).astype(np.float32)
    return rarity


def _shared_part(evidence: Doubles, labels: Doubles, weights: Doubles) -> tuple[Doubles, Doubles]:
    """One logistic regression over all (text, topic) pairs, with a bias for each topic."""
    texts, topics, features = evidence.shape
    # The indicator is scaled down so that the one ridge weighs harder on a topic's bias than on shared evidence.
    indicator = np.sqrt(EVIDENCE_RIDGE / TOPIC_BIAS_RIDGE)
    inputs = np.hstack([evidence.reshape(-1, features), np.tile(np.eye(topics) * indicator, (texts, 1))])
    pair_weights = np.repeat(weights, topics)
    fitted = fit_logistic(inputs, labels.ravel(), ridge=EVIDENCE_RIDGE, sample_weights=pair_weights)
    return fitted[:features], fitted[features:-1] * indicator + fitted[-1]


def _own_parts(vectors: Doubles, labels: Doubles, weights: Doubles, logits: Doubles) -> Doubles:
    """What each topic's own regression over the vector adds to the shared part's logits: (385, topics)."""
    columns = [
        fit_logistic(vectors, labels[:, topic], ridge=VECTOR_RIDGE, offset=logits[:, topic], sample_weights=weights)
        for topic in range(len(TOPICS))
    ]
    return np.stack(columns, axis=1)

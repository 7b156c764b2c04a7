"""Learns the topic classifier: python -m benchmarks.train_topics PATH-TO-LABELLED-DATA

Writes feeds/topics/model/topics.npz. Only learned numbers go in; no text does.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.labelled_insights import LabelledInsight, labelled_insights, worthless_passages
from benchmarks.logistic import Doubles, fit_logistic
from feeds.embeddings import LocalEmbedder, embedding_text
from feeds.topics.catalogue import TOPICS
from feeds.topics.classifier import MODEL, TopicModel
from feeds.topics.evidence import Floats, TopicAnchors, anchor_texts, said_terms, topic_evidence

EVIDENCE_RIDGE = 1.0
TOPIC_BIAS_RIDGE = 4.0
VECTOR_RIDGE = 3.3
# Banter is filed nowhere, but a stray turn may well touch a topic: it counts for less than a labelled insight.
BANTER_WEIGHT = 0.3
OFF_TOPIC = Path(__file__).parent / "data" / "off_topic.txt"


@dataclass(frozen=True)
class Examples:
    """Texts as the classifier sees them: (n, 384) vectors, (n, terms) said, (n, topics) labels."""

    vectors: Floats
    said: Floats
    labels: Doubles
    weight: float = 1.0

    def where(self, rows: NDArray[np.bool_]) -> "Examples":
        return Examples(self.vectors[rows], self.said[rows], self.labels[rows], self.weight)


@dataclass(frozen=True)
class AnchorVectors:
    descriptions: Floats
    terms: Floats


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    args = parser.parse_args()
    embedder = LocalEmbedder(directory=args.models, threads=1)
    insights = labelled_insights(args.data)
    sets = [*all_examples(insights, embedder).values(), *off_topic_examples(args.data, embedder)]
    store(train(sets, anchor_vectors(embedder)))
    print(f"{len(insights)} insights; {MODEL.stat().st_size / 1e6:.1f} MB in {MODEL.name}")


def all_examples(insights: Sequence[LabelledInsight], embedder: LocalEmbedder) -> dict[str, Examples]:
    """The insights as an editor writes them, and the same ones in the words that were spoken."""
    return {
        "written": examples([embedding_text(i.headline, i.text) for i in insights], insights, embedder),
        "quotes": examples([i.quote for i in insights], insights, embedder),
        "passages": examples([i.passage for i in insights], insights, embedder),
    }


def off_topic_examples(data: Path, embedder: LocalEmbedder) -> list[Examples]:
    """Texts about none of the topics: small talk written for this purpose, and the banter of real episodes."""
    return [
        _without_topics(OFF_TOPIC.read_text().splitlines(), embedder, weight=1.0),
        _without_topics(worthless_passages(data), embedder, weight=BANTER_WEIGHT),
    ]


def examples(texts: Sequence[str], insights: Sequence[LabelledInsight], embedder: LocalEmbedder) -> Examples:
    labels = np.array([[topic.name in insight.topics for topic in TOPICS] for insight in insights], dtype=float)
    return Examples(embedder.embed(texts), said_terms(texts), labels)


def anchor_vectors(embedder: LocalEmbedder) -> AnchorVectors:
    descriptions, terms = anchor_texts()
    return AnchorVectors(np.stack([embedder.embed(texts) for texts in descriptions]), embedder.embed(terms))


def train(sets: Sequence[Examples], fixed: AnchorVectors) -> TopicModel:
    vectors = np.concatenate([examples.vectors for examples in sets])
    said = np.concatenate([examples.said for examples in sets])
    labels = np.concatenate([examples.labels for examples in sets])
    weights = np.concatenate([np.full(len(examples.labels), examples.weight) for examples in sets])
    anchors = TopicAnchors(fixed.descriptions, fixed.terms, _rarity(said))
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


def store(model: TopicModel) -> None:
    MODEL.parent.mkdir(exist_ok=True)
    halves = {
        "descriptions": model.anchors.descriptions,
        "terms": model.anchors.terms,
        "vector_weights": model.vector_weights,
    }
    np.savez_compressed(
        MODEL,
        allow_pickle=False,
        embedder=np.array(model.embedder),
        rarity=model.anchors.rarity,
        evidence_mean=model.evidence_mean,
        evidence_scale=model.evidence_scale,
        evidence_weights=model.evidence_weights,
        topic_bias=model.topic_bias,
        **{name: array.astype(np.float16) for name, array in halves.items()},
    )


def _without_topics(texts: Sequence[str], embedder: LocalEmbedder, *, weight: float) -> Examples:
    return Examples(embedder.embed(texts), said_terms(texts), np.zeros((len(texts), len(TOPICS))), weight)


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


if __name__ == "__main__":
    main()

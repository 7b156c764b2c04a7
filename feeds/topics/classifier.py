"""Which topics a text is about, with calibrated scores; learned numbers in model/, described in model/CARD.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feeds.embeddings import embedder
from feeds.topics.catalogue import TOPICS
from feeds.topics.evidence import Floats, TopicAnchors, said_terms, topic_evidence

MODEL = Path(__file__).parent / "model" / "topics.npz"

# A topic is named when it is likelier than this; the likeliest may be a little less sure, so that few go without.
FLOOR = 0.30
FIRST_FLOOR = 0.20
# At this score an insight may be sent to a subscriber "because you follow" the topic: precision in model/CARD.md.
BRIEF_FLOOR = 0.50


@dataclass(frozen=True, slots=True)
class TopicScore:
    """`score` is the chance, 0 to 1, that an editor would file the text under the topic."""

    slug: str
    name: str
    score: float


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

    def scores(self, vectors: Floats, said: Floats) -> Floats:
        """(n, topics), each a probability of its own: a text may be about several topics, or about none."""
        evidence = (topic_evidence(self.anchors, vectors, said) - self.evidence_mean) / self.evidence_scale
        logits = evidence @ self.evidence_weights + self.topic_bias + vectors @ self.vector_weights
        scores: Floats = (1 / (1 + np.exp(-logits))).astype(np.float32)
        return scores


def classify(texts: Sequence[str], vectors: NDArray[np.float32] | None = None) -> list[list[TopicScore]]:
    """The topics of each text, best first; [] where none is likely. `vectors` saves embedding the texts again.

    Raises ValueError when the configured embedder is not the one that the model has learned with.
    """
    model = load_model()
    if embedder().model != model.embedder:
        raise ValueError(f"The topics were learned on vectors of {model.embedder}, not of {embedder().model}.")
    if not texts:
        return []
    scores = model.scores(embedder().embed(texts) if vectors is None else vectors, said_terms(texts))
    return [_named(row) if text.strip() else [] for text, row in zip(texts, scores, strict=True)]


@cache
def load_model(path: Path = MODEL) -> TopicModel:
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    name = str(arrays.pop("embedder"))
    floats = {name: array.astype(np.float32) for name, array in arrays.items()}
    anchors = TopicAnchors(**{name: floats.pop(name) for name in ("descriptions", "terms", "rarity")})
    return TopicModel(embedder=name, anchors=anchors, **floats)


def _named(scores: Floats) -> list[TopicScore]:
    order = np.argsort(-scores, kind="stable")
    return [
        TopicScore(TOPICS[topic].slug, TOPICS[topic].name, round(float(scores[topic]), 4))
        for place, topic in enumerate(order)
        if scores[topic] >= (FLOOR if place else FIRST_FLOOR)
    ]

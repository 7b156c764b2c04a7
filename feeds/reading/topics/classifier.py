"""Which topics texts and insights are about, with calibrated scores; model/CARD.md describes the learned numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feeds.reading.embeddings import DIMENSIONS, local_embedder
from feeds.reading.topics.catalogue import TOPICS
from feeds.reading.topics.context import EpisodeContext, Material
from feeds.reading.topics.evidence import Floats, TopicAnchors, said_terms, topic_evidence
from feeds.reading.topics.weighing import weigh

MODEL = Path(__file__).parent / "model" / "topics.npz"

# A topic is named when it is likelier than this; the likeliest may be a little less sure, so that few go without.
FLOOR = 0.30
FIRST_FLOOR = 0.20
# At this score an insight may be sent to a subscriber "because you follow" the topic: precision in model/CARD.md.
BRIEF_FLOOR = 0.40


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

    def logits(self, vectors: Floats, said: Floats) -> Floats:
        """(n, topics), each of a chance of its own: a text may be about several topics, or about none."""
        evidence = (topic_evidence(self.anchors, vectors, said) - self.evidence_mean) / self.evidence_scale
        logits: Floats = evidence @ self.evidence_weights + self.topic_bias + vectors @ self.vector_weights
        return logits


@dataclass(frozen=True)
class Classifier:
    """`reads` one text; `weights` says what readings count, for each combination of what is known beside the text."""

    reads: TopicModel
    weights: Floats

    def chances(self, material: Material, vectors: Floats) -> Floats:
        """(n, topics) for the texts of `material`; `vectors` are of all that is to be read."""
        logits = self.reads.logits(vectors, said_terms(material.to_read()))
        return weigh(material.readings(logits), self.weights)


def classify(texts: Sequence[str], vectors: NDArray[np.float32] | None = None) -> list[list[TopicScore]]:
    """The topics of each text by itself, best first; [] where none is likely. `vectors`, by the local embedder, saves
    embedding them again."""
    return _classified(Material(texts, [""] * len(texts), None), vectors)


def classify_in_context(
    texts: Sequence[str],
    quotes: Sequence[str],
    *,
    context: EpisodeContext,
    vectors: NDArray[np.float32] | None = None,
) -> list[list[TopicScore]]:
    """`classify` for insights of one episode, by what was said there besides; `quotes` may be ""."""
    return _classified(Material(texts, quotes, context), vectors)


def _classified(material: Material, vectors: NDArray[np.float32] | None) -> list[list[TopicScore]]:
    classifier = load_classifier()
    if not material.texts:
        return []
    known = np.zeros((0, DIMENSIONS), dtype=np.float32) if vectors is None else vectors
    rest = local_embedder().embed(material.to_read()[len(known) :])
    scores = classifier.chances(material, np.concatenate([known, rest]))
    return [_named(row) if text.strip() else [] for text, row in zip(material.texts, scores, strict=True)]


@cache
def load_classifier(path: Path = MODEL) -> Classifier:
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    name = str(arrays.pop("embedder"))
    floats = {name: array.astype(np.float32) for name, array in arrays.items()}
    weights = floats.pop("reading_weights")
    anchors = TopicAnchors(**{name: floats.pop(name) for name in ("descriptions", "terms", "rarity")})
    return Classifier(TopicModel(embedder=name, anchors=anchors, **floats), weights)


def _named(scores: Floats) -> list[TopicScore]:
    order = np.argsort(-scores, kind="stable")
    return [
        TopicScore(TOPICS[topic].slug, TOPICS[topic].name, round(float(scores[topic]), 4))
        for place, topic in enumerate(order)
        if scores[topic] >= (FLOOR if place else FIRST_FLOOR)
    ]

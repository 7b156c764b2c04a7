"""Which topics texts and insights are about, with calibrated scores; model/CARD.md describes the learned numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feeds.reading.embeddings import DIMENSIONS, local_embedder
from feeds.reading.topics.catalogue import TopicSpec
from feeds.reading.topics.context import Material, Surroundings
from feeds.reading.topics.evidence import Floats
from feeds.reading.topics.learned import Classifier, load_classifier

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


def classify(texts: Sequence[str], vectors: NDArray[np.float32] | None = None) -> list[list[TopicScore]]:
    """The topics of each text by itself, best first; [] where none is likely. `vectors`, by the local embedder, saves
    embedding them again."""
    return classified(Material(texts, [""] * len(texts), None), vectors, by=load_classifier())


def classify_in_context(
    texts: Sequence[str],
    quotes: Sequence[str],
    *,
    context: Surroundings,
    vectors: NDArray[np.float32] | None = None,
) -> list[list[TopicScore]]:
    """`classify` for insights of one episode, by what was said there besides; `quotes` may be ""."""
    return classified(Material(texts, quotes, context), vectors, by=load_classifier())


def classified(material: Material, vectors: Floats | None = None, *, by: Classifier) -> list[list[TopicScore]]:
    """The topics of each of its texts; `vectors` are of the first of all that is to be read."""
    if not material.texts:
        return []
    known = np.zeros((0, DIMENSIONS), dtype=np.float32) if vectors is None else vectors
    rest = local_embedder().embed(material.to_read()[len(known) :])
    scores = by.chances(material, np.concatenate([known, rest]))
    named = (_named(row, by.vocabulary.topics) for row in scores)
    return [topics if text.strip() else [] for text, topics in zip(material.texts, named, strict=True)]


def _named(scores: Floats, topics: Sequence[TopicSpec]) -> list[TopicScore]:
    order = np.argsort(-scores, kind="stable")
    return [
        TopicScore(topics[row].slug, topics[row].name, round(float(scores[row]), 4))
        for place, row in enumerate(order)
        if scores[row] >= (FLOOR if place else FIRST_FLOOR)
    ]

"""Related insights from the database: a wide search by meaning and by telling words, then the ranking."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.cache import cache
from django.db.models import F
from numpy.typing import NDArray

from feeds.embeddings import embedder, embedding_text
from feeds.models import Insight, InsightQuerySet
from feeds.neighbours import nearest
from feeds.related.rank import CandidateInsight, QueryInsight, RelatedScore, rank_related
from feeds.related.reading import Reading, read, telling_words

# The re-ranking reads each of them word by word, so the search may be wide but not boundless.
_BY_MEANING = 34
_BY_WORDS = 6
_TELLING_WORDS = 6
# Readings depend on the text and the model alone; the version is bumped with the model.
_KEPT_SECONDS = 30 * 24 * 3600
_VERSION = 1


@dataclass(frozen=True, slots=True)
class RelatedInsight:
    """`also_on` are insights of further shows that say it in much the same words."""

    insight: Insight
    score: float
    also_on: tuple[Insight, ...]


def related_to(insight: Insight, *, limit: int = 10) -> list[RelatedInsight]:
    """Public insights of other shows that belong beside this one, best first; [] where none does."""
    text = embedding_text(insight.headline, insight.text)
    others = Insight.objects.public().exclude(pk=insight.pk).exclude(episode__feed_id=insight.episode.feed_id)
    return _related(text, others, podcast=insight.episode.feed.title, limit=limit)


def related_to_text(text: str, *, podcast: str | None = None, limit: int = 10) -> list[RelatedInsight]:
    """The same for a text that need not be an insight of ours; nothing of the show named `podcast` is shown."""
    others = Insight.objects.public()
    if podcast is not None:
        others = others.exclude(episode__feed__title=podcast)
    return _related(text, others, podcast=podcast, limit=limit) if text.strip() else []


def _related(text: str, others: InsightQuerySet, *, podcast: str | None, limit: int) -> list[RelatedInsight]:
    found = _search(text, others)
    texts = [embedding_text(insight.headline, insight.text) for insight in found.values()]
    query, *readings = _readings([text, *texts])
    candidates = [
        CandidateInsight(insight.pk, insight.episode.feed.title, reading)
        for insight, reading in zip(found.values(), readings, strict=True)
    ]
    ranked = rank_related(QueryInsight(query, podcast), candidates, limit=limit)
    return [_shown(related, found) for related in ranked]


def _search(text: str, others: InsightQuerySet) -> dict[int, Insight]:
    comparable = others.filter(embedding_model=embedder().model)
    (vector,) = embedder().embed([text])
    ids = nearest(comparable, vector, _BY_MEANING)
    words = SearchQuery(" OR ".join(telling_words(text, _TELLING_WORDS)), search_type="websearch", config="english")
    said = others.filter(search=words).exclude(pk__in=ids).annotate(rank=SearchRank(F("search"), words))
    ids += said.order_by("-rank", "pk").values_list("pk", flat=True)[:_BY_WORDS]
    return others.select_related("episode__feed").prefetch_related("topics").in_bulk(ids)


def _shown(related: RelatedScore, found: Mapping[int, Insight]) -> RelatedInsight:
    also_on = tuple(found[pk] for pk in related.also)
    return RelatedInsight(found[related.id], related.score, also_on)


def _readings(texts: Sequence[str]) -> list[Reading]:
    """Readings of the texts; what was read lately is in the cache, in half precision."""
    keys = [f"reading:{_VERSION}:{hashlib.sha256(text.encode()).hexdigest()}" for text in texts]
    kept = cache.get_many(keys)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
    fresh = dict(zip(missing, read(list(missing.values())), strict=True))
    if fresh:
        cache.set_many({key: _packed(reading) for key, reading in fresh.items()}, _KEPT_SECONDS)
    return [fresh[key] if key in fresh else _unpacked(kept[key]) for key in keys]


def _packed(reading: Reading) -> tuple[NDArray[np.float16], ...]:
    return tuple(part.astype(np.float16) for part in (reading.vector, reading.subject, reading.words, reading.weights))


def _unpacked(parts: tuple[NDArray[np.float16], ...]) -> Reading:
    return Reading(*(part.astype(np.float32) for part in parts))

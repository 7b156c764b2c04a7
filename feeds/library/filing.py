"""Insights into the database: embedded, classified, each text of an episode once."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction

from feeds.library.related.stored import to_keep
from feeds.models import Insight, InsightReading, InsightTopic, Topic
from feeds.reading.embeddings import TokenStates, Vectors, embedder, local_embedder, searches_by_learned_vectors
from feeds.reading.topics import Surroundings, TopicScore, classify_in_context


@dataclass(frozen=True, slots=True)
class Classified:
    """An insight as it is to be stored: embedded, with the topics it is about and its reading for comparisons.

    A passage is compared with nothing and has no reading.
    """

    insight: Insight
    topics: Sequence[TopicScore]
    reading: InsightReading | None


def classified(insights: Sequence[Insight], *, transcript: str = "") -> list[Classified]:
    """Embed, read and classify, all in one batch; stores nothing. `transcript` is what their quotes stand in.

    Insights need `episode` and its `feed`; those of one episode are classified in each other's light.
    """
    if not insights:
        return []
    texts = [insight.telling_text for insight in insights]
    states = local_embedder().read(texts)
    vectors = _vectors(texts, states)
    for insight, vector in zip(insights, vectors, strict=True):
        insight.embedding, insight.embedding_model = vector, embedder().model
        insight.fingerprint = fingerprint(insight.text or insight.quote)
    topics = _topics(insights, texts, vectors, transcript=transcript)
    return [
        Classified(insight, scores, to_keep(insight, read) if insight.is_ready else None)
        for insight, scores, read in zip(insights, topics, states, strict=True)
    ]


def store(found: Sequence[Classified]) -> list[Insight]:
    """Insert those whose text their episode does not have yet; return the new ones."""
    fresh = _not_yet_stored(found)
    with transaction.atomic():
        Insight.objects.bulk_create([one.insight for one in fresh])
        _store_beside(fresh)
    return [one.insight for one in fresh]


def file_anew(found: Sequence[Classified]) -> None:
    """Topics and readings of stored insights whose words have changed; their own rows are the caller's."""
    ids = [one.insight.pk for one in found]
    with transaction.atomic():
        InsightReading.objects.filter(insight__in=ids).delete()
        InsightTopic.objects.filter(insight__in=ids).delete()
        _store_beside(found)


def _store_beside(found: Sequence[Classified]) -> None:
    slugs = {score.slug for one in found for score in one.topics}
    topics = {topic.slug: topic for topic in Topic.objects.filter(slug__in=slugs)}
    InsightReading.objects.bulk_create([one.reading for one in found if one.reading])
    InsightTopic.objects.bulk_create(
        InsightTopic(insight=one.insight, topic=topics[score.slug], score=score.score)
        for one in found
        for score in one.topics
    )


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _vectors(texts: Sequence[str], states: Sequence[TokenStates]) -> Vectors:
    """The configured embedder's; where that is the local one, from the run that gave the states."""
    if searches_by_learned_vectors():
        return np.stack([one.vector for one in states])
    return embedder().embed(texts)


def _topics(
    insights: Sequence[Insight], texts: Sequence[str], vectors: Vectors, *, transcript: str
) -> list[list[TopicScore]]:
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, insight in enumerate(insights):
        rows_of[insight.episode_id].append(row)
    found: dict[int, list[TopicScore]] = {}
    for rows in rows_of.values():
        scores = classify_in_context(
            [texts[row] for row in rows],
            [insights[row].quote for row in rows],
            context=_context(insights[rows[0]], transcript),
            vectors=vectors[rows] if searches_by_learned_vectors() else None,
        )
        found |= dict(zip(rows, scores, strict=True))
    return [found[row] for row in range(len(insights))]


def _context(insight: Insight, transcript: str) -> Surroundings:
    episode = insight.episode
    return Surroundings(
        show=episode.feed.title, about_show=episode.feed.description, episode=episode.title, transcript=transcript
    )


def _not_yet_stored(found: Sequence[Classified]) -> list[Classified]:
    episodes = {one.insight.episode_id for one in found}
    seen = set(Insight.objects.filter(episode_id__in=episodes).values_list("episode_id", "fingerprint"))
    fresh = []
    for one in found:
        key = (one.insight.episode_id, one.insight.fingerprint)
        if key not in seen:
            seen.add(key)
            fresh.append(one)
    return fresh

"""Insights into the database: embedded, classified, each text of an episode once."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction

from feeds.library.related.stored import to_keep
from feeds.models import Insight, InsightReading, InsightTopic, Topic
from feeds.reading.embeddings import (
    TokenStates,
    Vectors,
    embedder,
    embedding_text,
    local_embedder,
    searches_by_learned_vectors,
)
from feeds.reading.topics import EpisodeContext, TopicScore, classify_in_context


@dataclass(frozen=True, slots=True)
class Classified:
    """An insight that is not stored yet, embedded, with the topics it is about and its reading for comparisons."""

    insight: Insight
    topics: Sequence[TopicScore]
    reading: InsightReading


def classified(insights: Sequence[Insight], *, transcript: str = "") -> list[Classified]:
    """Embed, read and classify, all in one batch; stores nothing. `transcript` is what their quotes stand in.

    Insights need `episode` and its `feed`; those of one episode are classified in each other's light.
    """
    if not insights:
        return []
    texts = [embedding_text(insight.headline, insight.text) for insight in insights]
    states = local_embedder().read(texts)
    vectors = _vectors(texts, states)
    for insight, vector in zip(insights, vectors, strict=True):
        insight.embedding, insight.embedding_model = vector, embedder().model
        insight.fingerprint = fingerprint(insight.text)
    topics = _topics(insights, texts, vectors, transcript=transcript)
    return [
        Classified(insight, scores, to_keep(insight, read))
        for insight, scores, read in zip(insights, topics, states, strict=True)
    ]


def store(found: Sequence[Classified]) -> int:
    """Insert those whose text their episode does not have yet; return how many were new."""
    fresh = _not_yet_stored(found)
    slugs = {score.slug for one in fresh for score in one.topics}
    topics = {topic.slug: topic for topic in Topic.objects.filter(slug__in=slugs)}
    with transaction.atomic():
        Insight.objects.bulk_create([one.insight for one in fresh])
        InsightReading.objects.bulk_create([one.reading for one in fresh])
        InsightTopic.objects.bulk_create(
            InsightTopic(insight=one.insight, topic=topics[score.slug], score=score.score)
            for one in fresh
            for score in one.topics
        )
    return len(fresh)


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


def _context(insight: Insight, transcript: str) -> EpisodeContext:
    episode = insight.episode
    return EpisodeContext(
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

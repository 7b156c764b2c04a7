"""Insights into the database: embedded, classified, each text of an episode once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from feeds.embeddings import embedder, embedding_text
from feeds.models import Insight, InsightTopic, Topic
from feeds.topics import TopicScore, classify


@dataclass(frozen=True, slots=True)
class Classified:
    """An insight that is not stored yet, with its embedding, and the topics it is about."""

    insight: Insight
    topics: Sequence[TopicScore]


def classified(insights: Sequence[Insight]) -> list[Classified]:
    """Embed and classify, all in one batch; touches no row."""
    if not insights:
        return []
    texts = [embedding_text(insight.headline, insight.text) for insight in insights]
    vectors = embedder().embed(texts)
    for insight, vector in zip(insights, vectors, strict=True):
        insight.embedding, insight.embedding_model = vector, embedder().model
        insight.fingerprint = fingerprint(insight.text)
    topics = classify(texts, vectors)
    return [Classified(insight, scores) for insight, scores in zip(insights, topics, strict=True)]


def store(found: Sequence[Classified]) -> int:
    """Insert those whose text their episode does not have yet; return how many were new."""
    fresh = _not_yet_stored(found)
    slugs = {score.slug for one in fresh for score in one.topics}
    topics = {topic.slug: topic for topic in Topic.objects.filter(slug__in=slugs)}
    with transaction.atomic():
        Insight.objects.bulk_create([one.insight for one in fresh])
        InsightTopic.objects.bulk_create(
            InsightTopic(insight=one.insight, topic=topics[score.slug], score=score.score)
            for one in fresh
            for score in one.topics
        )
    return len(fresh)


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


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

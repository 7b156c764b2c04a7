"""The insights a brief may be made of, loaded once for all subscribers of a run."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from briefs.choosing.ranking import Floats, Ints, Pool, repulsion
from briefs.choosing.same_story import near_duplicates, same_story
from feeds.library.quality import quality
from feeds.library.stored_vectors import stored_vectors
from feeds.models import Insight, InsightQuerySet, InsightTopic, Topic

# Nothing older enters a brief, not even a first one; a weekly brief needs a little more than its week.
LOOK_BACK = dt.timedelta(days=8)
# A row becomes visible when its transaction commits, which can be a while after its `created_at`.
COMMIT_LAG = dt.timedelta(hours=1)
# Where there are more, the most salient of them.
AT_MOST = 4000
PASSAGES_AT_MOST = 1000

QUALITY = 0.6
FRESHNESS = 0.25
FRESH_HALF_LIFE = dt.timedelta(days=2)
# An extractor that gives its own best so little thinks it is not worth anybody's morning.
LEAST_SALIENCE = 0.05

Group = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The pool with what its numbers stand for."""

    pool: Pool
    headlines: tuple[str, ...]
    speakers: tuple[str, ...]
    texts: tuple[str, ...]
    topic_numbers: Mapping[int, int]  # topic id → column of pool.topics
    topic_names: tuple[str, ...]
    groups: tuple[Group, ...]  # (feed id, language)
    show_names: Mapping[int, str]
    members_only: frozenset[int]  # feeds whose insights only their followers may see
    stories: Ints  # (n,), the same number for the same point or story
    episodes: Ints  # (n,)


def load(*, now: dt.datetime) -> Candidates:
    """Everything that arrived within LOOK_BACK, is ready and may be shown to somebody."""
    insights, vectors = _with_vectors(_recent(Insight.objects.ready(), now=now, at_most=AT_MOST))
    return _candidates(insights, vectors, stories=same_story(insights, vectors), now=now)


def load_passages(*, now: dt.datetime) -> Candidates:
    """Likewise the passages of which it can be told whose words they are and on what."""
    found = _recent(Insight.objects.passages(), now=now, at_most=PASSAGES_AT_MOST)
    passages, vectors = _with_vectors([passage for passage in found if passage.is_told_about])
    return _candidates(passages, vectors, stories=near_duplicates(vectors), now=now)


def _candidates(insights: Sequence[Insight], vectors: Floats, *, stories: Ints, now: dt.datetime) -> Candidates:
    topics = list(Topic.objects.order_by("position"))
    numbers = {topic.pk: number for number, topic in enumerate(topics)}
    groups = sorted({_group(insight) for insight in insights})
    feeds = {insight.episode.feed_id: insight.episode.feed for insight in insights}
    return Candidates(
        pool=_pool(insights, vectors, _topic_scores(insights, numbers), groups=groups, stories=stories, now=now),
        headlines=tuple(insight.title for insight in insights),
        speakers=tuple(insight.speaker for insight in insights),
        texts=tuple(f"{insight.title} {insight.text or insight.quote}" for insight in insights),
        topic_numbers=numbers,
        topic_names=tuple(topic.name for topic in topics),
        groups=tuple(groups),
        show_names={feed_id: feed.title for feed_id, feed in feeds.items()},
        members_only=frozenset(pk for pk, feed in feeds.items() if feed.is_members_only),
        stories=stories,
        episodes=np.array([insight.episode_id for insight in insights], dtype=np.int64),
    )


def _recent(insights: InsightQuerySet, *, now: dt.datetime, at_most: int) -> list[Insight]:
    found = (
        insights.standing()
        .filter(created_at__gt=now - LOOK_BACK, created_at__lte=now, salience__gte=LEAST_SALIENCE)
        .select_related("episode__feed")
        .only(
            "headline", "text", "quote", "speaker", "salience", "ready", "language", "created_at",
            "episode__published_at", "episode__title", "episode__people",
            "episode__feed__title", "episode__feed__language",
            "episode__feed__is_private", "episode__feed__is_blocked", "episode__feed__is_listed",
        )
        .order_by("-salience", "id")[:at_most]
    )  # fmt: skip
    return sorted(found, key=lambda insight: (insight.created_at, insight.pk))


def _with_vectors(insights: Sequence[Insight]) -> tuple[list[Insight], Floats]:
    """Without those that were deleted meanwhile."""
    found, vectors = stored_vectors([insight.pk for insight in insights])
    row_of = {pk: row for row, pk in enumerate(found)}
    still = [insight for insight in insights if insight.pk in row_of]
    return still, vectors[[row_of[insight.pk] for insight in still]]


def _pool(
    insights: Sequence[Insight],
    vectors: Floats,
    topics: Floats,
    *,
    groups: Sequence[Group],
    stories: Ints,
    now: dt.datetime,
) -> Pool:
    number = {group: index for index, group in enumerate(groups)}
    shows = np.array([insight.episode.feed_id for insight in insights], dtype=np.int64)
    episodes = np.array([insight.episode_id for insight in insights], dtype=np.int64)
    return Pool(
        ids=np.array([insight.pk for insight in insights], dtype=np.int64),
        vectors=vectors,
        topics=topics,
        merit=np.array([_merit_of(one, now) for one in insights], np.float32),
        arrived=np.array([insight.created_at.timestamp() for insight in insights], dtype=np.float64),
        groups=np.array([number[_group(insight)] for insight in insights], dtype=np.int64),
        shows=shows,
        repulsion=repulsion(vectors, shows=shows, episodes=episodes, stories=stories, topics=topics),
    )


def _merit_of(insight: Insight, now: dt.datetime) -> float:
    worth = quality(salience=insight.salience, ready=insight.ready)
    return merit(worth, now - insight.episode.published_at)


def merit(salience: float, age: dt.timedelta) -> float:
    """What an insight is worth to everyone alike."""
    freshness = 0.5 ** (max(age, dt.timedelta()) / FRESH_HALF_LIFE)
    return QUALITY * salience + FRESHNESS * float(freshness)


def _topic_scores(insights: Sequence[Insight], numbers: Mapping[int, int]) -> Floats:
    scores = np.zeros((len(insights), len(numbers)), dtype=np.float32)
    row_of = {insight.pk: row for row, insight in enumerate(insights)}
    found = InsightTopic.objects.filter(insight__in=row_of).order_by()
    for insight_id, topic_id, score in found.values_list("insight_id", "topic_id", "score"):
        scores[row_of[insight_id], numbers[topic_id]] = score
    return scores


def _group(insight: Insight) -> Group:
    language = insight.language or insight.episode.feed.language
    return insight.episode.feed_id, language.lower().partition("-")[0]

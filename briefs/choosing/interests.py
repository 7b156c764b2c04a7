"""What a subscriber asked for and what their votes taught: profiles, for many subscribers at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from accounts.models import User
from briefs.choosing.interest_match import parse_interest
from briefs.models import Follow, Interest, SavedInsight, Vote
from feeds.models import InsightTopic
from feeds.reading.embeddings import Vectors

# A vote counts half after a month, and is not looked at after half a year.
HALF_LIFE = dt.timedelta(days=30)
LOOK_BACK = dt.timedelta(days=180)
SAVED_COUNTS = 0.5
# What votes can do to a topic that is followed: a little for each, never to nothing.
LEARNING_RATE = 0.05
LEARNED_WEIGHT = (0.5, 1.2)


@dataclass(frozen=True, slots=True, order=True)
class Wish:
    """A free text; `refused` when all it says is what they do not want."""

    text: str
    refused: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """A vote or a save: `weight` is above 0 for liked, below for disliked, nearer to 0 the older it is."""

    insight_id: int
    weight: float


@dataclass(frozen=True, slots=True)
class Profile:
    user_id: int
    topics: Mapping[int, float] = field(default_factory=dict)
    muted_topics: frozenset[int] = frozenset()
    wishes: tuple[Wish, ...] = ()
    shows: frozenset[int] = frozenset()
    muted_shows: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()
    opinions: tuple[Opinion, ...] = ()
    surprises: bool = False
    quotes: bool = False

    @property
    def asks_for_something(self) -> bool:
        return bool(self.topics or self.shows or any(not wish.refused for wish in self.wishes))


def profiles(user_ids: Sequence[int], *, now: dt.datetime) -> list[Profile]:
    """In the order of `user_ids`; the number of queries does not depend on how many there are."""
    interests, follows = _interests(user_ids), _follows(user_ids)
    opinions = _opinions(user_ids, now)
    topics_of = _topics_of({opinion.insight_id for found in opinions.values() for opinion in found})
    settings = _settings(user_ids)
    return [
        _profile(
            user_id,
            settings[user_id],
            interests=interests[user_id],
            follows=follows[user_id],
            opinions=opinions[user_id],
            topics_of=topics_of,
        )
        for user_id in user_ids
    ]


def taste(profile: Profile, vector_of: Mapping[int, int], vectors: Vectors) -> Vectors:
    """The direction of what they liked and away from what they did not: (384,), of length 1 at most.

    A single vote pulls gently, ten pull at full strength. `vector_of` names the row of `vectors` of an insight.
    """
    known = [(vector_of[one.insight_id], one.weight) for one in profile.opinions if one.insight_id in vector_of]
    if not known:
        return np.zeros(vectors.shape[1], dtype=np.float32)
    rows, weights = np.array([row for row, _ in known]), np.array([weight for _, weight in known], dtype=np.float32)
    pull: Vectors = weights @ vectors[rows]
    strength = min(1.0, float(np.abs(weights).sum()) / 10)
    return pull * np.float32(strength / max(float(np.linalg.norm(pull)), 1e-6))


# Rows as plain tuples: a model's instance for each would take longer than the ranking.


class _Settings(NamedTuple):
    languages: list[str]
    surprises: bool
    quotes: bool


class _Asked(NamedTuple):
    topic_id: int | None
    text: str
    is_muted: bool


class _Followed(NamedTuple):
    feed_id: int
    is_muted: bool


def _profile(
    user_id: int,
    settings: _Settings,
    *,
    interests: Sequence[_Asked],
    follows: Sequence[_Followed],
    opinions: list[Opinion],
    topics_of: Mapping[int, Mapping[int, float]],
) -> Profile:
    learned = learned_weights(opinions, topics_of)
    return Profile(
        user_id=user_id,
        topics={one.topic_id: learned.get(one.topic_id, 1.0) for one in interests if one.topic_id and not one.is_muted},
        muted_topics=frozenset(one.topic_id for one in interests if one.topic_id and one.is_muted),
        wishes=tuple(Wish(one.text, one.is_muted or is_refusal(one.text)) for one in interests if one.text),
        shows=frozenset(one.feed_id for one in follows if not one.is_muted),
        muted_shows=frozenset(one.feed_id for one in follows if one.is_muted),
        languages=frozenset(settings.languages),
        opinions=tuple(opinions),
        surprises=settings.surprises,
        quotes=settings.quotes,
    )


def is_refusal(text: str) -> bool:
    """Such as "not crypto"."""
    return not parse_interest(text).wanted


def learned_weights(opinions: list[Opinion], topics_of: Mapping[int, Mapping[int, float]]) -> dict[int, float]:
    sums: dict[int, float] = defaultdict(float)
    for opinion in opinions:
        for topic_id, score in topics_of.get(opinion.insight_id, {}).items():
            sums[topic_id] += opinion.weight * score
    low, high = LEARNED_WEIGHT
    return {topic_id: min(max(1 + LEARNING_RATE * total, low), high) for topic_id, total in sums.items()}


def _settings(user_ids: Sequence[int]) -> dict[int, _Settings]:
    rows = User.objects.filter(pk__in=user_ids).values_list("pk", "languages", "surprises", "quotes")
    return {user_id: _Settings(languages, surprises, quotes) for user_id, languages, surprises, quotes in rows}


def _interests(user_ids: Sequence[int]) -> dict[int, list[_Asked]]:
    found: dict[int, list[_Asked]] = defaultdict(list)
    rows = Interest.objects.filter(user__in=user_ids).values_list("user_id", "topic_id", "text", "is_muted")
    for user_id, topic_id, text, is_muted in rows:
        found[user_id].append(_Asked(topic_id, text, is_muted))
    return found


def _follows(user_ids: Sequence[int]) -> dict[int, list[_Followed]]:
    found: dict[int, list[_Followed]] = defaultdict(list)
    rows = Follow.objects.filter(user__in=user_ids).values_list("user_id", "feed_id", "is_muted")
    for user_id, feed_id, is_muted in rows:
        found[user_id].append(_Followed(feed_id, is_muted))
    return found


def _opinions(user_ids: Sequence[int], now: dt.datetime) -> dict[int, list[Opinion]]:
    found: dict[int, list[Opinion]] = defaultdict(list)
    votes = Vote.objects.filter(user__in=user_ids, updated_at__gt=now - LOOK_BACK).order_by("id")
    for user_id, insight_id, value, at in votes.values_list("user_id", "insight_id", "value", "updated_at"):
        found[user_id].append(Opinion(insight_id, value * decay(now - at)))
    counting = SavedInsight.objects.filter(counts=True, created_at__gt=now - LOOK_BACK)
    saves = counting.filter(user__in=user_ids).order_by("id")
    for user_id, insight_id, at in saves.values_list("user_id", "insight_id", "created_at"):
        found[user_id].append(Opinion(insight_id, SAVED_COUNTS * decay(now - at)))
    return found


def decay(age: dt.timedelta) -> float:
    """What is left of a vote's weight: 1 now, 0.5 after HALF_LIFE."""
    return float(0.5 ** (max(age, dt.timedelta()) / HALF_LIFE))


def _topics_of(insight_ids: set[int]) -> dict[int, dict[int, float]]:
    found: dict[int, dict[int, float]] = defaultdict(dict)
    rows = InsightTopic.objects.filter(insight__in=insight_ids).values_list("insight_id", "topic_id", "score")
    for insight_id, topic_id, score in rows:
        found[insight_id][topic_id] = score
    return found

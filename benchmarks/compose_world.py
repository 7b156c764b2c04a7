"""A made-up night for benchmarks/compose.py: insights about real phrases, and subscribers who wait for their briefs."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TypeVar

import numpy as np

from accounts.models import User
from briefs.models import Brief, BriefItem, Follow, Interest, Vote
from feeds.models import Episode, Feed, Insight, InsightReading, InsightTopic, Topic
from feeds.reading.embeddings import Vectors, local_embedder
from feeds.reading.related.packing import pack
from feeds.reading.related.reading import load_lens

SHOWS, EPISODES = 300, 1200
AT_ONCE = 2000
DAY = dt.timedelta(days=1)
Row = TypeVar("Row")
# How near an insight lies to its subject; to the insight that it tells again.
ABOUT, AGAIN = 0.62, 0.72

_WHAT = (
    "container shipping", "sourdough baking", "central banks", "robotics", "open source funding", "sleep research",
    "electric grids", "antibiotics", "venture capital", "chess engines", "language models", "urban housing",
    "marathon training", "coral reefs", "semiconductors", "school reform", "privacy law", "space launches",
    "remote work", "film scores",
)  # fmt: skip
_WHERE = (
    "in Japan", "in small towns", "after the pandemic", "for beginners", "at scale", "under new rules",
    "without subsidies", "and its critics", "in the nineties", "on a budget",
)  # fmt: skip
_SUBJECTS = [f"{what} {where}" for what, where in product(_WHAT, _WHERE)]


def fill_pool(rng: np.random.Generator, count: int, now: dt.datetime) -> list[Insight]:
    """Half as many as `count` that are older than a day, then `count` of today's, in the order of their arrival."""
    old, total = count // 2, count + count // 2
    ages = np.concatenate([np.linspace(7, 1.1, old), np.linspace(0.9, 0.01, count)])
    subjects = rng.integers(0, len(_SUBJECTS), total)
    subjects[1::20] = subjects[::20][: len(subjects[1::20])]
    states = local_embedder().read(_SUBJECTS)
    vectors = _vectors(rng, np.stack([states[subject].vector for subject in subjects]))
    episodes = _episodes(now)
    insights = Insight.objects.bulk_create(
        Insight(
            episode=episodes[rng.integers(len(episodes))],
            headline=f"Claim {number} about {_SUBJECTS[subject]}",
            text=f"What happened to {_SUBJECTS[subject]} has a reason of its own, the guest argues in case {number}.",
            salience=rng.uniform(0.2, 1),
            language="en",
            extractor="local",
            fingerprint=str(number),
            embedding=vectors[number],
            embedding_model="all-MiniLM-L6-v2",
            created_at=now - ages[number] * DAY,
        )
        for number, subject in enumerate(subjects)
    )
    lens = load_lens()
    InsightReading.objects.bulk_create(
        InsightReading(
            insight=insight, model=lens.model, content=pack(replace(states[subject], vector=insight.embedding), lens)
        )
        for insight, subject in zip(insights, subjects, strict=True)
    )
    topics = list(Topic.objects.all())
    InsightTopic.objects.bulk_create(
        InsightTopic(insight=insight, topic=topic, score=rng.uniform(0.3, 1))
        for insight in insights
        for topic in _some(rng, topics, rng.integers(1, 4))
    )
    return insights


def _episodes(now: dt.datetime) -> list[Episode]:
    feeds = Feed.objects.bulk_create(
        Feed(url=f"https://feeds.example.com/{n}.xml", slug=f"show-{n}", title=f"Show {n}", language="en")
        for n in range(SHOWS)
    )
    return Episode.objects.bulk_create(
        Episode(feed=feeds[n % SHOWS], guid=str(n), title=f"Episode {n}", published_at=now - DAY)
        for n in range(EPISODES)
    )


def _vectors(rng: np.random.Generator, subjects: Vectors) -> Vectors:
    """Each near its subject; the second of every twenty tells the first again."""
    vectors = _near(rng, subjects, ABOUT)
    first, again = vectors[::20], vectors[1::20]
    again[:] = _near(rng, first[: len(again)], AGAIN)
    return vectors


def _near(rng: np.random.Generator, bases: Vectors, cosine: float) -> Vectors:
    aside = rng.standard_normal(bases.shape)
    aside -= (aside * bases).sum(axis=1, keepdims=True) * bases
    aside *= np.sqrt(1 - cosine**2) / np.linalg.norm(aside, axis=1, keepdims=True)
    return (cosine * bases + aside).astype(np.float32)


class Subscribers:
    """Makes subscribers by the thousand: topics, shows, free texts and votes, briefs of the days before, one due."""

    def __init__(self, rng: np.random.Generator, insights: Sequence[Insight], *, days: int, now: dt.datetime) -> None:
        self._rng, self._days, self._now = rng, days, now
        self._earlier = [insight for insight in insights if insight.created_at < now - DAY]
        self._topics, self._feeds = list(Topic.objects.all()), list(Feed.objects.all())

    def fill(self, count: int) -> None:
        for start in range(0, count, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, count))
            users = User.objects.bulk_create(
                User(email=f"reader{n}@example.com", password="!", confirmed_at=self._now)  # noqa: S106
                for n in numbers
            )
            Interest.objects.bulk_create(self._interests(users))
            Follow.objects.bulk_create(self._follows(users))
            Vote.objects.bulk_create(self._votes(users))
            for back in range(self._days, 0, -1):
                self._send(users, self._now - back * DAY)
            Brief.objects.bulk_create(
                Brief(user=user, day=self._now.date(), due_at=self._now, next_attempt_at=self._now) for user in users
            )

    def _interests(self, users: Iterable[User]) -> Iterator[Interest]:
        for user in users:
            for topic in _some(self._rng, self._topics, self._rng.integers(1, 5)):
                yield Interest(user=user, topic=topic, is_muted=self._rng.random() < 0.1)
            if self._rng.random() < 0.25:
                yield Interest(user=user, text=self._text())

    def _text(self) -> str:
        """Of a few thousand different ones, a few of them popular."""
        rng = self._rng
        what = rng.choice(_WHAT if rng.random() < 0.5 else _SUBJECTS)
        return f"{what}, but not {rng.choice(_WHAT)}" if rng.random() < 0.3 else str(what)

    def _follows(self, users: Iterable[User]) -> Iterator[Follow]:
        for user in users:
            for feed in _some(self._rng, self._feeds, self._rng.integers(0, 3)):
                yield Follow(user=user, feed=feed, is_muted=self._rng.random() < 0.2)

    def _votes(self, users: Iterable[User]) -> Iterator[Vote]:
        for user in users:
            for insight in _some(self._rng, self._earlier, self._rng.choice([0, 0, 8])):
                yield Vote(user=user, insight=insight, value=self._rng.choice([1, 1, -1]), updated_at=self._now - DAY)

    def _send(self, users: Iterable[User], at: dt.datetime) -> None:
        briefs = Brief.objects.bulk_create(
            Brief(user=user, day=at.date(), state=Brief.State.SENT, due_at=at, sent_at=at, considered_until=at)
            for user in users
        )
        BriefItem.objects.bulk_create(
            BriefItem(brief=brief, insight=insight, position=position, reason=BriefItem.Reason.TOPIC, score=1)
            for brief in briefs
            for position, insight in enumerate(_some(self._rng, self._earlier, 5), start=1)
        )


def _some(rng: np.random.Generator, rows: Sequence[Row], count: int | np.integer) -> list[Row]:
    return [rows[number] for number in rng.choice(len(rows), count, replace=False)]

"""What votes and saves have taught about a subscriber, in words, and how to unlearn it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import get_text_list

from accounts.models import User
from briefs.choosing.interests import LOOK_BACK, SAVED_COUNTS
from briefs.models import SavedInsight, Vote
from feeds.models import Topic

_About = TypeVar("_About", Vote, SavedInsight)


@dataclasses.dataclass(frozen=True)
class Lesson:
    """One topic that votes and saves moved up or down."""

    topic: Topic
    liked: int
    saved: int
    disliked: int

    @property
    def in_words(self) -> str:
        pull = self.liked + SAVED_COUNTS * self.saved - self.disliked
        return f"{'More' if pull > 0 else 'Less' if pull < 0 else 'As much'} {self.topic.name}"

    @property
    def because(self) -> str:
        liked = f"you liked {self.liked} of its insights" if self.liked else ""
        saved = f"you saved {self.saved} of its insights" if self.saved else ""
        disliked = f"you wanted less of {self.disliked}" if self.disliked else ""
        return get_text_list([part for part in (liked, saved, disliked) if part], "and")


def with_insights(found: QuerySet[_About]) -> QuerySet[_About]:
    """With all that is shown of their insights."""
    light = found.select_related("insight__episode__feed").defer("insight__embedding", "insight__search")
    return light.prefetch_related("insight__topics")


def votes_that_count(user: User, *, now: dt.datetime) -> list[Vote]:
    """Newest first, with their insights; older ones are not looked at any more."""
    votes = user.votes.filter(updated_at__gt=now - LOOK_BACK).order_by("-updated_at", "-id")
    return list(with_insights(votes))


def saves_that_count(user: User, *, now: dt.datetime) -> list[SavedInsight]:
    """Newest first, with their insights; older ones are kept, but teach nothing any more."""
    saves = user.saved_insights.filter(counts=True, created_at__gt=now - LOOK_BACK).order_by("-created_at", "-id")
    return list(with_insights(saves))


def lessons(votes: Sequence[Vote], saves: Sequence[SavedInsight]) -> list[Lesson]:
    """One for each topic, the one with the most votes and saves first."""
    liked = _topics(vote for vote in votes if vote.value > 0)
    disliked = _topics(vote for vote in votes if vote.value < 0)
    saved = _topics(saves)
    total = liked + saved + disliked
    ranked = sorted(total, key=lambda topic: (-total[topic], topic.position))
    return [Lesson(topic, liked[topic], saved[topic], disliked[topic]) for topic in ranked]


def _topics(opinions: Iterable[Vote | SavedInsight]) -> Counter[Topic]:
    return Counter(topic for one in opinions for topic in one.insight.topics.all())


def forget_vote(user: User, vote_id: int) -> None:
    user.votes.filter(pk=vote_id).delete()


def forget_save(user: User, save_id: int) -> None:
    """The insight stays saved; it no longer counts."""
    user.saved_insights.filter(pk=save_id).update(counts=False)


def forget_topic(user: User, topic_id: int) -> None:
    """Let no vote on an insight of this topic count and no save of one; the interest in the topic stays."""
    with transaction.atomic():
        user.votes.filter(insight__topics=topic_id).delete()
        user.saved_insights.filter(insight__topics=topic_id).update(counts=False)


def forget_all(user: User) -> None:
    with transaction.atomic():
        user.votes.all().delete()
        user.saved_insights.update(counts=False)

"""What votes have taught about a subscriber, in words, and how to unlearn it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable

from accounts.models import User
from briefs.interests import LOOK_BACK
from briefs.models import Vote
from feeds.models import Topic


@dataclasses.dataclass(frozen=True)
class Lesson:
    """One topic that votes moved up or down."""

    topic: Topic
    liked: int
    disliked: int

    @property
    def in_words(self) -> str:
        direction = "More" if self.liked > self.disliked else "Less" if self.liked < self.disliked else "As much"
        return f"{direction} {self.topic.name}"

    @property
    def because(self) -> str:
        liked = f"you liked {self.liked} of its insights" if self.liked else ""
        disliked = f"you wanted less of {self.disliked}" if self.disliked else ""
        return " and ".join(part for part in (liked, disliked) if part)


def votes_that_count(user: User, *, now: dt.datetime) -> list[Vote]:
    """Newest first, with their insights; older ones are not looked at any more."""
    votes = user.votes.filter(updated_at__gt=now - LOOK_BACK).order_by("-updated_at", "-id")
    return list(votes.select_related("insight__episode__feed").prefetch_related("insight__topics"))


def lessons(votes: Iterable[Vote]) -> list[Lesson]:
    """One for each topic, the most voted on first."""
    liked: Counter[Topic] = Counter()
    disliked: Counter[Topic] = Counter()
    for vote in votes:
        (liked if vote.value > 0 else disliked).update(vote.insight.topics.all())
    total = liked + disliked
    ranked = sorted(total, key=lambda topic: (-total[topic], topic.position))
    return [Lesson(topic, liked[topic], disliked[topic]) for topic in ranked]


def forget_vote(user: User, vote_id: int) -> None:
    user.votes.filter(pk=vote_id).delete()


def forget_topic(user: User, topic_id: int) -> None:
    """Drop every vote on an insight of this topic; the interest in the topic stays."""
    user.votes.filter(insight__topics=topic_id).delete()


def forget_all(user: User) -> None:
    user.votes.all().delete()

"""What the box on a public page tells a subscriber: when the next brief comes, and what of this page is in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from django import template
from django.utils import timezone

from accounts.models import PAUSED_FOR_GOOD, User
from briefs.edition.next_brief import next_in_words
from feeds.models import Feed, Topic

register = template.Library()


@dataclasses.dataclass(frozen=True)
class OwnBrief:
    """`followed` and `offered` are the topics of the page; `follows_show` is None on a page that is of no show."""

    is_on: bool
    next: str
    followed: list[Topic]
    offered: list[Topic]
    follows_show: bool | None


@register.simple_tag
def own_brief(user: User, topics: Iterable[Topic] | str, show: Feed | str) -> OwnBrief:
    """A page without topics, or without a show, passes the empty text that a template makes of a missing variable."""
    followed = set(user.interests.filter(is_muted=False).values_list("topic", flat=True)) if topics else set()
    return OwnBrief(
        is_on=user.is_receiving and user.paused_until != PAUSED_FOR_GOOD,
        next=next_in_words(user, now=timezone.now()),
        followed=[topic for topic in topics if isinstance(topic, Topic) and topic.pk in followed],
        offered=[topic for topic in topics if isinstance(topic, Topic) and topic.pk not in followed],
        follows_show=user.follows.filter(feed=show, is_muted=False).exists() if isinstance(show, Feed) else None,
    )

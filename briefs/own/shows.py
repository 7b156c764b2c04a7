"""The shows that a subscriber follows or mutes, and how each fares."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models.functions import Lower
from django.utils.timesince import timesince

from accounts.models import User
from feeds.models import Feed, FeedQuerySet


@dataclass(frozen=True, slots=True)
class OwnShow:
    """`has_page` says whether the site has a public page for it."""

    feed: Feed
    is_muted: bool
    has_page: bool
    fares: str


def own_shows(user: User, *, now: dt.datetime) -> list[OwnShow]:
    follows = user.follows.select_related("feed").order_by(Lower("feed__title"), "id")
    return [
        OwnShow(one.feed, one.is_muted, has_page=_has_page(one.feed), fares=fares(one.feed, now=now)) for one in follows
    ]


def followed_feeds(user: User) -> FeedQuerySet:
    followed = Feed.objects.filter(follows__user=user, follows__is_muted=False)
    return followed.readable_elsewhere().order_by(Lower("title"), "id")


def fares(feed: Feed, *, now: dt.datetime) -> str:
    if reason := _why_not_read(feed):
        return reason
    if feed.last_checked_at is None:
        return "waits for its first reading"
    if now - feed.last_checked_at < dt.timedelta(minutes=1):
        return "read just now"
    return f"read {timesince(feed.last_checked_at, now, depth=1)} ago"


def _why_not_read(feed: Feed) -> str:
    if feed.taken_down_at:
        return "taken down at its owner’s wish"
    if feed.url is None:
        return "not read: nobody has given the address of its feed"
    if feed.state == Feed.State.GONE:
        return f"gone for good: {feed.error}"
    if feed.state == Feed.State.OFF:
        return "switched off: it is no longer read"
    return f"cannot be read: {feed.error}" if feed.error else ""


def _has_page(feed: Feed) -> bool:
    return not (feed.is_members_only or feed.taken_down_at)

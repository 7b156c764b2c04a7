"""Taking a show, or one insight, off the site at its owner's wish; the pages then answer 410."""

from __future__ import annotations

import datetime as dt

from feeds.models import Feed, Insight


def take_down_show(feed: Feed, *, now: dt.datetime) -> None:
    """One step for a whole show: its pages answer 410, no brief takes from it, and it is never polled again."""
    feed.taken_down_at = now
    feed.state = Feed.State.OFF
    feed.next_check_at = None
    feed.save(update_fields=["taken_down_at", "state", "next_check_at"])


def put_back_show(feed: Feed) -> None:
    """Undo a take-down made by mistake; the show is due for a check at once."""
    feed.taken_down_at = None
    feed.state = Feed.State.ACTIVE
    feed.next_check_at = None
    feed.save(update_fields=["taken_down_at", "state", "next_check_at"])


def take_down_insight(insight: Insight, *, now: dt.datetime) -> None:
    """One insight leaves every page and every brief to come."""
    insight.hidden_at = now
    insight.save(update_fields=["hidden_at"])

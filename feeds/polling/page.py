"""A show that was added by the address of its page: the page leads to its feed."""

import datetime as dt

from feeds.models import Feed
from feeds.polling.adding import is_private
from feeds.polling.fetch import Fetched
from feeds.polling.named_feeds import named_feeds
from feeds.polling.parse import is_web_page


def led_by_page(feed: Feed, answer: Fetched, *, now: dt.datetime) -> bool:
    """Whether the show now has the address that its page names; only before its first reading, and if it is free."""
    names = feeds_of_page(answer) if feed.last_changed_at is None else []
    if not names or Feed.objects.filter(url=names[0], owner=feed.owner_id).exists():
        return False
    found = {"url": names[0], "is_private": feed.is_private or is_private(names[0]), "next_check_at": now}
    return Feed.objects.filter(pk=feed.pk, url=feed.url).update(**found) == 1


def feeds_of_page(answer: Fetched) -> list[str]:
    if not is_web_page(answer.body):
        return []
    return named_feeds(answer.body, url=answer.url, content_type=answer.content_type)

"""Shows, and those who brought them, take turns at being read."""

import datetime as dt
from typing import Any

import pytest

from feeds.library.turns import next_to_read
from feeds.models import Episode, Feed
from tests.factories import make_episode, make_feed

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def waiting(feed: Feed, *, minutes_ago: int = 60, **fields: Any) -> int:
    published = NOW - minutes_ago * MINUTE
    defaults: dict[str, Any] = {"state": Episode.State.WAITING, "processed_at": None, "next_attempt_at": NOW - MINUTE}
    return make_episode(feed=feed, published_at=published, **defaults | fields).pk


def read_in_order(count: int) -> list[int]:
    """As the lane does: one after the other, each read before the next is chosen."""
    order = []
    for number in range(count):
        (chosen,) = next_to_read(now=NOW + number * MINUTE, limit=1)
        Episode.objects.filter(pk=chosen).update(state=Episode.State.DONE, processed_at=NOW + number * MINUTE)
        order.append(chosen)
    return order


def test_shows_take_turns_and_the_newest_episode_of_each_leads() -> None:
    busy, quiet = make_feed(created_at=NOW - 99 * MINUTE), make_feed(created_at=NOW - 99 * MINUTE)
    old, new, newest = (waiting(busy, minutes_ago=age) for age in (50, 20, 10))
    other = waiting(quiet, minutes_ago=500)

    assert next_to_read(now=NOW, limit=9) == read_in_order(4) == [newest, other, new, old]


def test_one_new_show_waits_for_one_episode_of_an_import_and_not_for_all_of_it() -> None:
    imported = [make_feed(created_at=NOW - 30 * MINUTE + dt.timedelta(milliseconds=n)) for n in range(20)]
    backlog = {waiting(feed, minutes_ago=age) for feed in imported for age in (5, 6)}
    read_in_order(6)
    own = make_feed(created_at=NOW - MINUTE)
    first, second = waiting(own, minutes_ago=900), waiting(own, minutes_ago=901)

    order = read_in_order(4)

    assert order[:2] == [first, second], "those who brought the import have had six turns"
    assert set(order[2:]) <= backlog


def test_what_is_claimed_waits_for_its_retry_or_was_taken_down_has_no_turn() -> None:
    feed, gone = make_feed(), make_feed(taken_down_at=NOW)
    waiting(feed, attempts=1, next_attempt_at=NOW + MINUTE)
    waiting(gone)

    assert next_to_read(now=NOW, limit=9) == []
    assert list(Episode.objects.waiting(NOW)) == []

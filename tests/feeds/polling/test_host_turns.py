import datetime as dt

import pytest

from feeds.models import Feed
from feeds.polling.host_turns import in_turns, next_to_ask
from feeds.polling.http import Door
from feeds.polling.refresh import Outcome, refresh
from tests.factories import make_feed
from tests.feeds.polling.hostile_server import Hostile
from tests.feeds.rss import NOW, item, rss

HOURS = dt.timedelta(hours=1)


def test_every_host_has_one_turn_before_any_has_two() -> None:
    due = [(number, "large") for number in range(500)] + [(500, "small"), (501, "other"), (502, "other")]
    assert list(in_turns(due))[:6] == [0, 500, 501, 1, 502, 2]
    assert sorted(in_turns(due)) == list(range(503))


@pytest.mark.django_db
def test_a_sweep_takes_what_is_due_and_was_not_asked_in_it() -> None:
    large = [make_feed(url=f"https://large.example/{number}", next_check_at=NOW - 9 * HOURS) for number in range(4)]
    small = make_feed(url="https://small.example/", next_check_at=NOW)
    make_feed(url="https://later.example/", next_check_at=NOW + HOURS)
    host_of = Door(allowed=[]).host_of
    assert next_to_ask(now=NOW, host_of=host_of, limit=3) == [large[0], small, large[1]]
    asked = {small.pk, large[0].pk}
    assert next_to_ask(now=NOW, host_of=host_of, limit=3, asked=asked) == large[1:]


@pytest.mark.django_db
def test_whom_nobody_asked_before_the_time_was_over_is_as_due_as_before(server: Hostile, door: Door) -> None:
    url = server.answer("/feed.xml", rss(item()))
    feed = make_feed(url=url, next_check_at=NOW - 3 * HOURS)
    assert list(refresh([feed], now=NOW, door=door, seconds=0)) == []
    assert (server.log.paths, Feed.objects.get().next_check_at) == ([], NOW - 3 * HOURS)
    assert [one.outcome for one in refresh([feed], now=NOW, door=door, seconds=60)] == [Outcome.CHANGED]

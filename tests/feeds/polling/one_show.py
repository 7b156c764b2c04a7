"""One show on the server, and one poll of it."""

import datetime as dt

from feeds.models import Feed
from feeds.polling.http import Door
from feeds.polling.refresh import Refreshed, refresh
from tests.factories import make_feed
from tests.feeds.polling.hostile_server import Hostile
from tests.feeds.rss import NOW


def show(server: Hostile, body: bytes, **headers: str) -> Feed:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return make_feed("Before", url=server.answer("/feed.xml", body, headers=named))


def poll(feed: Feed, door: Door, *, now: dt.datetime = NOW) -> Refreshed:
    feed.refresh_from_db()
    (outcome,) = refresh([feed], now=now, door=door)
    feed.refresh_from_db()
    return outcome

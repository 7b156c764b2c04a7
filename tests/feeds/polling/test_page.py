import pytest

from feeds.models import Feed
from feeds.polling.adding import add_feed
from feeds.polling.http import Door
from feeds.polling.named_feeds import named_feeds
from feeds.polling.refresh import Outcome, refresh
from tests.factories import make_feed
from tests.feeds.polling.hostile_server import Hostile
from tests.feeds.polling.one_show import poll
from tests.feeds.rss import NOW, item, rss

PAGE = "https://show.example/about/"


def page(*links: str) -> bytes:
    return f"<!doctype html><html><head><title>My show</title>{''.join(links)}</head><body>Hi</body></html>".encode()


def link(href: str, *, kind: str = "application/rss+xml", rel: str = "alternate", title: str = "") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


def test_the_feeds_of_a_page_are_those_that_it_calls_so_comments_last() -> None:
    found = named_feeds(
        page(
            link("/comments/feed/", title="Comments"),
            link("../feed.xml"),
            link("/style.css", kind="text/css", rel="stylesheet"),
            link("/de/", kind="text/html"),
            link("javascript:alert(1)"),
            link("feed.json", kind="application/feed+json; charset=utf-8", rel="ALTERNATE home"),
            link("../feed.xml"),
        ),
        url=PAGE,
    )
    assert found == [
        "https://show.example/feed.xml", "https://show.example/about/feed.json", "https://show.example/comments/feed/",
    ]  # fmt: skip
    assert named_feeds(b"\xff<link", url=PAGE) == []


@pytest.mark.django_db
def test_a_show_that_was_added_by_its_page_is_read_from_its_feed_in_the_same_poll(server: Hostile, door: Door) -> None:
    server.answer("/feed.xml", rss(item()))
    feed, _ = add_feed(server.answer("/show", page(link("/feed.xml"))))
    outcome = poll(feed, door)
    assert (outcome.outcome, outcome.stored) == (Outcome.CHANGED, 1)
    assert (feed.url, feed.title, feed.error) == (f"{server.base}/feed.xml", "Grid & Weather", "")


@pytest.mark.django_db
def test_a_page_that_names_no_feed_is_told_to_be_a_page(server: Hostile, door: Door) -> None:
    feed, _ = add_feed(server.answer("/show", page()))
    assert poll(feed, door).outcome == Outcome.FAILED
    assert feed.error == f"{server.base}/show: a web page came instead of a feed"


@pytest.mark.django_db
def test_a_page_whose_feed_is_here_already_says_which_it_is(server: Hostile, door: Door) -> None:
    make_feed(url=f"{server.base}/feed.xml")
    feed, _ = add_feed(server.answer("/show", page(link("/feed.xml"))))
    poll(feed, door)
    assert feed.url == f"{server.base}/show"
    assert f"the feed that it names is {server.base}/feed.xml" in feed.error


@pytest.mark.django_db
def test_pages_that_name_each_other_come_to_an_end(server: Hostile, door: Door) -> None:
    server.answer("/b", page(link("/a")))
    feed, _ = add_feed(server.answer("/a", page(link("/b"))))
    assert poll(feed, door).outcome == Outcome.FAILED
    assert server.log.paths == ["/a", "/b"]


@pytest.mark.django_db
def test_a_show_that_was_read_before_is_not_led_away_by_a_page(server: Hostile, door: Door) -> None:
    feed = make_feed(url=server.answer("/feed.xml", rss(item())))
    poll(feed, door)
    server.answer("/feed.xml", page(link("/other.xml")))
    assert poll(feed, door).outcome == Outcome.FAILED
    assert Feed.objects.get().url == feed.url


@pytest.mark.django_db
def test_a_feed_that_is_gone_knows_since_when(server: Hostile, door: Door) -> None:
    feed = make_feed(url=server.answer("/feed.xml", status=410))
    (outcome,) = refresh([feed], now=NOW, door=door)
    feed.refresh_from_db()
    assert (outcome.outcome, feed.gone_at) == (Outcome.GONE, NOW)

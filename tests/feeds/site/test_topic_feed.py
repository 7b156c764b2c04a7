import feedparser
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.factories import make_feed, make_insight, make_topic

pytestmark = pytest.mark.django_db


def entries(client: Client) -> list[feedparser.FeedParserDict]:
    parsed = feedparser.parse(client.get("/topics/economics/rss.xml").content)
    assert not parsed.bozo
    return list(parsed.entries)


def test_a_topic_can_be_read_in_a_feed_reader(client: Client) -> None:
    make_topic("Economics")
    insight = make_insight("Rail <freight> pays & pays", topics=["Economics"])
    make_insight("Tides are old", topics=["Science"])
    (entry,) = entries(client)
    assert entry.title == "Rail <freight> pays & pays"
    assert entry.link == entry.id == f"{settings.SITE_URL}{insight.get_absolute_url()}"
    assert f"Ada Berg on {insight.episode.feed.title}" in entry.summary
    assert "at 23:41" in entry.summary


def test_its_page_names_it_for_programs_and_for_people(client: Client) -> None:
    make_topic("Economics")
    page = client.get("/topics/economics/").content.decode()
    assert '<link rel="alternate" type="application/rss+xml"' in page
    assert 'href="/topics/economics/rss.xml">RSS feed</a>' in page


def test_it_holds_nothing_private_and_nothing_taken_down(client: Client) -> None:
    make_insight("Private", feed=make_feed(is_private=True), topics=["Economics"])
    make_insight("Regretted", hidden_at=timezone.now(), topics=["Economics"])
    assert entries(client) == []


def test_a_topic_that_is_none_has_no_feed(client: Client) -> None:
    assert client.get("/topics/alchemy/rss.xml").status_code == 404


def test_a_reader_that_has_it_already_is_told_so(client: Client) -> None:
    make_insight(topics=["Economics"])
    tag = client.get("/topics/economics/rss.xml").headers["ETag"]
    assert client.get("/topics/economics/rss.xml", headers={"If-None-Match": tag}).status_code == 304

"""What is not ready: kept, found and shown on its episode's page, and nowhere among the insights."""

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from feeds.models import Episode, Insight
from tests.factories import make_episode, make_insight, make_passage

pytestmark = pytest.mark.django_db

QUOTE = "Um, the the fares that you pay, they cover a third of the tram, and the city pays the rest."
SHOWN = "The fares that you pay, they cover a third of the tram, and the city pays the rest."


@pytest.fixture
def episode() -> Episode:
    return make_episode("Ada Berg on why trams pay", people=[{"name": "Ada Berg", "role": "guest"}])


@pytest.fixture
def passage(episode: Episode) -> Insight:
    return make_passage(QUOTE, episode=episode, speaker="Ada", topics=["Economics"])


def page_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_episodes_page_shows_it_as_a_quote_without_its_stutters(client: Client, passage: Insight) -> None:
    page = page_of(client, f"/episodes/{passage.episode_id}/")
    assert f"<p>“{SHOWN}”</p>" in page
    assert QUOTE not in page
    assert "Passages worth hearing" in page
    assert "23:41" in page


def test_its_own_page_names_who_spoke_on_what_and_is_not_for_search_engines(client: Client, passage: Insight) -> None:
    page = page_of(client, passage.get_absolute_url())
    assert re.search(r"<h1[^>]*>Ada Berg on why trams pay</h1>", page)
    assert SHOWN in page
    assert "which put it into no other words" in page
    assert '<meta name="robots" content="noindex' in page
    assert "og:image" not in page


def test_a_ready_insight_may_be_indexed(client: Client) -> None:
    assert "noindex" not in page_of(client, make_insight().get_absolute_url())


def test_no_list_feed_map_or_export_has_it(client: Client, passage: Insight) -> None:
    topic = passage.topics.get().get_absolute_url()
    feed = passage.episode.feed.get_absolute_url()
    day = f"/days/{passage.episode.published_at:%Y-%m-%d}/"
    pages = [
        client.get(path) for path in ("/", topic, f"{topic}rss.xml", feed, f"/people/{passage.speaker_slug}/", day)
    ]
    for page in pages:
        assert "a third of the tram" not in page.content.decode()
        assert f"/insights/{passage.pk}/" not in page.content.decode()
    for section in ("insights", "shows", "topics"):
        listed = client.get(f"/sitemap-{section}.xml").content.decode()
        assert f"/insights/{passage.pk}/" not in listed
        assert topic not in listed
        assert feed not in listed
    out = StringIO()
    call_command("export_insights", stdout=out)
    assert out.getvalue() == ""


def test_the_search_shows_it_apart_from_the_insights(client: Client, passage: Insight) -> None:
    insight = make_insight("Tram fares cover a third of what trams cost", episode=passage.episode)
    page = page_of(client, "/search/?q=fares+of+the+tram").replace("<mark>", "").replace("</mark>", "")
    assert page.index(insight.headline) < page.index("Passages where this was said") < page.index(SHOWN)


def test_a_search_that_finds_nothing_else_says_so(client: Client, passage: Insight) -> None:
    page = page_of(client, "/search/?q=fares+of+the+tram")
    assert "No insight on “fares of the tram”, but it was spoken of." in page
    assert SHOWN in page


def test_the_front_page_tells_where_passages_stand_when_there_is_nothing_else(client: Client, passage: Insight) -> None:
    assert "stands on the pages of" in page_of(client, "/")


def test_the_front_page_says_in_a_line_that_there_are_fewer_than_five(client: Client) -> None:
    made = [make_insight() for _ in range(2)]
    page = page_of(client, "/")
    assert all(insight.headline in page for insight in made)
    assert "Fewer than five: nothing else was fit to print." in page
    assert "Today’s five" not in page


def test_a_show_of_passages_alone_leads_to_its_episodes(client: Client, passage: Insight) -> None:
    page = page_of(client, passage.episode.feed.get_absolute_url())
    assert "No insight from this show yet" in page
    assert f'href="/episodes/{passage.episode_id}/"' in page
    assert "passages only" in page_of(client, "/shows/")


def test_nothing_is_related_to_it(client: Client, passage: Insight) -> None:
    make_insight(text="Fares cover a third of what the tram costs.", embedding=passage.embedding)
    out = StringIO()
    call_command("related", str(passage.pk), stdout=out)
    assert json.loads(out.getvalue()) == []


def test_a_time_that_is_only_about_right_says_so_on_every_page(client: Client, episode: Episode) -> None:
    insight = make_insight(episode=episode, start=1421.0, end=None, start_is_approximate=True)
    for path in (insight.get_absolute_url(), f"/episodes/{episode.pk}/", "/"):
        page = page_of(client, path)
        assert "about 24 min" in page
        assert "23:41" not in page
    assert "Listen from about 24 min" in page_of(client, insight.get_absolute_url())

"""Private, blocked and taken-down shows, and hidden insights, leave no trace on any public page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feeds.library.search import Query, search
from feeds.library.takedown import put_back_show, take_down_insight, take_down_show
from feeds.models import Feed, Insight
from tests.factories import make_insight
from tests.feeds.site.everything_on_it import Site, make_site

pytestmark = pytest.mark.django_db

_SECRET = "Zanzibarquartz"
_HIDDEN: dict[str, dict[str, Any]] = {
    "private": {"is_private": True},
    "unlisted": {"is_listed": False},
    "blocked": {"is_blocked": True},
    "taken down": {"taken_down_at": timezone.now()},
}


@pytest.fixture
def public() -> Site:
    return make_site()


@pytest.fixture(params=list(_HIDDEN))
def hidden(request: pytest.FixtureRequest, public: Site) -> Site:
    """A second site that shares topic, day and speaker with the public one; its show is not public."""
    site = make_site()
    for number, insight in enumerate(site.insights):
        Insight.objects.filter(pk=insight.pk).update(headline=f"{_SECRET} number {number}", speaker=f"{_SECRET} Berg")
    site.episode.title = f"{_SECRET} episode"
    site.episode.save()
    Feed.objects.filter(pk=site.feed.pk).update(
        title=f"{_SECRET} show", slug="zanzibarquartz", **_HIDDEN[request.param]
    )
    site.feed.refresh_from_db()
    site.insight.refresh_from_db()
    return site


def test_no_public_page_mentions_it(client: Client, public: Site, hidden: Site) -> None:
    for path in [*public.pages(), *public.machine_pages(), f"/search/?q={_SECRET}", f"/search/?speaker={_SECRET}"]:
        page = client.get(path).content.decode(errors="replace").replace(f"q={_SECRET}", "")
        assert "zanzibarquartz show" not in page.casefold(), path
        assert "zanzibarquartz number" not in page.casefold(), path
        assert "zanzibarquartz berg" not in page.casefold(), path
        assert f"/insights/{hidden.insight.pk}/" not in page, path


def test_its_own_pages_are_not_found_or_gone_and_name_nothing(client: Client, hidden: Site) -> None:
    expected = 404 if hidden.feed.is_private or not hidden.feed.is_listed else 410
    own = [
        hidden.insight.get_absolute_url(),
        hidden.feed.get_absolute_url(),
        *(reverse(f"feeds:{name}", args=[hidden.insight.pk]) for name in ("share_image", "report", "reported")),
        reverse("feeds:episode", args=[hidden.episode.pk]),
    ]
    for path in own:
        response = client.get(path)
        assert response.status_code == expected, path
        assert _SECRET not in response.content.decode(), path


def test_a_person_known_only_from_it_has_no_page(client: Client, hidden: Site) -> None:
    assert client.get(reverse("feeds:person", args=[hidden.insight.speaker_slug])).status_code == 404


def test_it_is_not_counted_anywhere(client: Client, public: Site, hidden: Site) -> None:
    page = client.get(reverse("feeds:topics")).content.decode()
    assert "4 insights" in page
    assert "8 insights" not in page


def test_search_does_not_find_it_by_words_meaning_or_filter(hidden: Site) -> None:
    ids = {insight.pk for insight in hidden.insights}
    for query in (
        Query(words=_SECRET),
        Query(speaker=_SECRET),
        Query(show=hidden.feed.slug),
        Query(topic=hidden.topic),
    ):
        assert not ids & set(search(query).ids)


def test_a_show_is_not_offered_as_a_filter(client: Client, hidden: Site) -> None:
    assert "zanzibarquartz" not in client.get("/search/").content.decode().casefold()


def test_a_take_down_by_show_works_in_one_step(client: Client, public: Site) -> None:
    take_down_show(public.feed, now=timezone.now())
    assert client.get(public.insight.get_absolute_url()).status_code == 410
    assert public.insight.headline not in client.get("/").content.decode()
    assert not Feed.objects.due(timezone.now()).filter(pk=public.feed.pk).exists()


def test_a_take_down_by_mistake_can_be_undone(client: Client, public: Site) -> None:
    take_down_show(public.feed, now=timezone.now())
    put_back_show(public.feed)
    assert client.get(public.insight.get_absolute_url()).status_code == 200
    assert Feed.objects.due(timezone.now()).filter(pk=public.feed.pk).exists()


def test_one_insight_can_be_taken_down_alone(client: Client) -> None:
    insight = make_insight()
    other = make_insight(episode=insight.episode)
    take_down_insight(insight, now=timezone.now())
    assert client.get(insight.get_absolute_url()).status_code == 410
    assert client.get(other.get_absolute_url()).status_code == 200
    assert insight.headline not in client.get(other.get_absolute_url()).content.decode()

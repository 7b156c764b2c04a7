"""Results come as one types; with the keyboard alone and without scripts, by the button."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from feeds.models import Insight
from tests.factories import make_episode, make_feed, make_insight

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def insight() -> Insight:
    episode = make_episode("The Pull of Water", feed=make_feed("Latent Harbour"))
    make_insight("Yeast turns sour when it is hungry", topics=["Health & medicine"])
    return make_insight("Kumquat prices follow the weather", episode=episode, topics=["Economics"])


def test_results_come_as_one_types_and_the_address_follows(
    insight: Insight, live_server: LiveServer, browser: Browser
) -> None:
    complaints: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/search/")
    page.get_by_role("searchbox").press_sequentially("latent harbour")
    expect(page.get_by_role("link", name=insight.headline)).to_be_visible()
    expect(page.get_by_role("link", name="Latent Harbour").first).to_be_visible()
    expect(page).to_have_url(
        f"{live_server.url}/search/?q=latent+harbour&topic=&show=&speaker=&language=&since=&until="
    )
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert complaints == []
    context.close()


def test_without_scripts_the_button_searches(insight: Insight, live_server: LiveServer, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/search/")
    page.get_by_role("searchbox").fill("kumquat")
    page.get_by_role("search").get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name=insight.headline)).to_be_visible()
    context.close()

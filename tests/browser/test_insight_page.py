"""What scripts add to the page of an insight; all of it works without them, too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from feeds.models import Insight
from tests.factories import make_insight

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def insight() -> Insight:
    return make_insight("Trust is slow because it must be earned")


def test_the_quote_is_copied_with_its_citation(insight: Insight, live_server: LiveServer, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(live_server.url + insight.get_absolute_url())
    page.get_by_role("button", name="Copy the quote").click()
    expect(page.get_by_role("status")).to_have_text("The quote is copied, with its source.")
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"“{insight.quote}” (Ada Berg).")
    context.close()


def test_the_box_knows_the_readers_time_zone(insight: Insight, live_server: LiveServer, browser: Browser) -> None:
    context = browser.new_context(timezone_id="Pacific/Chatham")
    page = context.new_page()
    page.goto(live_server.url + insight.get_absolute_url())
    assert page.locator("form.signup input[name=time_zone]").input_value() == "Pacific/Chatham"
    context.close()


def test_without_scripts_nothing_is_offered_that_would_not_work(
    insight: Insight, live_server: LiveServer, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + insight.get_absolute_url())
    expect(page.get_by_role("button", name="Copy the quote")).to_be_hidden()
    expect(page.get_by_role("link", name="Listen from 23:41")).to_have_attribute(
        "href", f"{insight.episode.audio_url}#t=1421"
    )
    context.close()


def test_the_page_breaks_no_rule_of_its_own_policy(insight: Insight, live_server: LiveServer, browser: Browser) -> None:
    complaints: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(live_server.url + insight.get_absolute_url())
    page.wait_for_load_state("networkidle")
    assert complaints == []
    context.close()

"""The preferences page with nothing but keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from briefs.models import Follow
from tests.factories import make_feed, make_insight, make_topic, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_FOCUSED = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return null;
  const box = focused.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return {
    name: focused.name || focused.textContent.trim(),
    follows: window.lastFocused ? !!(window.lastFocused.compareDocumentPosition(focused) & 4) : true,
    uncovered: !!top && (focused.contains(top) || top.contains(focused)) && !top.closest(".save:not(:focus-within)"),
    marked: getComputedStyle(focused).outlineStyle !== "none",
    moved: focused !== window.lastFocused && !!(window.lastFocused = focused),
  };
}"""


@pytest.fixture
def user() -> User:
    return make_user("ada@example.org", time_zone="Europe/Berlin")


@pytest.fixture(params=[360, 1280])
def page(
    request: pytest.FixtureRequest, browser: Browser, client: Client, user: User, live_server: LiveServer
) -> Iterator[Page]:
    for name in ("Economics", "Science", "History", "Education", "Climate & energy", "Design", "Crypto"):
        make_insight(f"A claim about {name}", topics=[make_topic(name)])
    Follow.objects.create(user=user, feed=make_feed("Night Shift"))
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(viewport={"width": request.param, "height": 700})
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/preferences/")
    yield page
    context.close()


def walk(page: Page, *, until: str = "") -> list[dict[str, Any]]:
    """Press Tab from place to place, to the end or to the first of that name."""
    places: list[dict[str, Any]] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        place = page.evaluate(_FOCUSED)
        if place is None:
            return places
        places.append(place)
        if until and place["name"] == until:
            return places
    pytest.fail("the keyboard never leaves the page")


def test_every_place_is_reached_in_order_marked_and_in_sight(page: Page) -> None:
    places = walk(page)
    reached = {place["name"] for place in places}
    assert {"topics", "interests", "refused", "followed_shows", "muted_shows", "cadence", "brief_days"} <= reached
    assert {"time_zone", "brief_hour", "pause", "pause_date", "brief_format", "Save", "Send me a test"} <= reached
    assert [place["name"] for place in places if not place["follows"] and place["moved"]] == []
    assert [place["name"] for place in places if not place["marked"]] == []
    assert [place["name"] for place in places if not place["uncovered"]] == []


def test_a_topic_is_followed_the_clock_set_and_all_saved_without_a_mouse(page: Page, user: User) -> None:
    walk(page, until="topics")
    page.keyboard.press("Space")
    walk(page, until="brief_hour")
    page.keyboard.type("21")
    walk(page, until="Save")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved. The clock changed")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_focused()
    user.refresh_from_db()
    assert (user.brief_hour, user.interests.filter(is_muted=False).count()) == (21, 1)

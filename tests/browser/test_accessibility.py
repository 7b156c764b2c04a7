"""axe-core on every kind of page, narrow and wide, light and dark; and nothing wider than the window."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.tokens import unsubscribe_token
from briefs.models import Brief
from config.models import NightRecord
from config.operating.figures import Night
from feeds.reading.transcripts.segments import Segment
from tests.factories import make_brief, make_feed, make_insight, make_transcript, make_user
from tests.feeds.site.everything_on_it import Site, make_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = ["360 light", "360 dark", "1280 light", "1280 dark"]
_LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture
def site() -> Site:
    site = make_site(insights=21)
    make_transcript(site.episode, segments=[Segment(one.quote) for one in site.insights])
    make_insight(f"{_LONG_WORD} settles every argument about width", topics=["Economics", "History"], salience=1.0)
    return site


@pytest.fixture
def axe() -> str:
    if not _AXE.exists():
        pytest.skip("axe-core is not installed; npm ci installs it")
    return _AXE.read_text()


def barriers(page: Page, axe: str) -> list[str]:
    # Evaluated by the browser's debugger, which the page's own policy does not bind.
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    broken = [(rule["id"], node) for rule in found["violations"] for node in rule["nodes"]]
    return [f"{rule}: {node['html']} {node['failureSummary']}" for rule, node in broken]


@pytest.mark.parametrize("look", LOOKS)
def test_no_public_page_has_a_barrier_or_overflows(
    site: Site, axe: str, live_server: LiveServer, browser: Browser, look: str
) -> None:
    paths = [*site.pages(), "/nothing-here/", "/topics/history/", "/topics/crypto/", "/privacy/", "/sign-up/sent/"]
    paths += [f"/u/{unsubscribe_token(make_user())}/", "/erased/", "/account/github/login/"]
    paths += [reverse(f"account_{name}") for name in ("request_login_code", "inactive", "signup")]
    paths += [reverse("socialaccount_login_cancelled")]
    with looking(browser, look) as page:
        assert_open_to_all(page, [live_server.url + path for path in paths], axe)


@pytest.fixture
def readers_paths(site: Site, client: Client) -> list[str]:
    """The pages of a subscriber who has read and saved something, and whom `client` knows."""
    reader = make_user("reader@example.com")
    brief = make_brief(reader, insights=site.insights[:5])
    reader.saved_insights.create(insight=site.insight)
    reader.follows.create(feed=site.feed)
    reader.follows.create(feed=make_feed(_LONG_WORD, error=f"https://feeds.example.com/{_LONG_WORD} answered 500"))
    reader.follows.create(feed=make_feed(), is_muted=True)
    client.force_login(reader)
    names = ["today", "archive", "welcome", "preferences", "saved", "profile", "my_shows"]
    of_something = [reverse("briefs:brief", args=[brief.day]), reverse("briefs:save", args=[site.insights[1].pk])]
    return [reverse(f"briefs:{name}") for name in names] + of_something


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_of_a_reader_has_a_barrier_or_overflows(  # noqa: PLR0917
    readers_paths: list[str], client: Client, axe: str, live_server: LiveServer, browser: Browser, look: str
) -> None:
    name = settings.SESSION_COOKIE_NAME
    with looking(browser, look) as page:
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        assert_open_to_all(page, [live_server.url + path for path in readers_paths], axe)


@pytest.fixture
def operators_paths(site: Site, client: Client) -> list[str]:
    """The pages that the admin opens on, with something on each of their lists."""
    now = timezone.now()
    reader = make_user(f"{_LONG_WORD[:24].lower()}@example.com")
    make_brief(reader, insights=site.insights[:5], state=Brief.State.UNKNOWN, reason="the answer was never heard")
    make_feed(_LONG_WORD, error=f"https://feeds.example.com/{_LONG_WORD} answered 500", next_check_at=None)
    for ago in range(1, 14):
        day, night = now.date() - dt.timedelta(days=ago), Night(scanned=900 + ago, new=ago * 7 % 11, sent=ago)
        NightRecord.objects.create(day=day, figures=night.as_json(), counted_at=now, next_attempt_at=now)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return ["/admin/", reverse("admin:find_subscriber"), reverse("admin:subscriber", args=[reader.pk])]


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_for_operators_has_a_barrier_or_overflows(  # noqa: PLR0917
    operators_paths: list[str], client: Client, axe: str, live_server: LiveServer, browser: Browser, look: str
) -> None:
    name = settings.SESSION_COOKIE_NAME
    with looking(browser, look) as page:
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        assert_open_to_all(page, [live_server.url + path for path in operators_paths], axe)


@contextmanager
def looking(browser: Browser, look: str) -> Iterator[Page]:
    """A page in a window of that width, in that colour scheme."""
    width, _, scheme = look.partition(" ")
    context = browser.new_context(
        viewport={"width": int(width), "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    yield context.new_page()
    context.close()


def assert_open_to_all(page: Page, addresses: list[str], axe: str) -> None:
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status in (200, 404), address
        assert page.url == address, "redirected"
        assert barriers(page, axe) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address

"""axe-core on every kind of public page, narrow and wide, light and dark; and nothing wider than the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from feeds.transcripts.segments import Segment
from tests.factories import make_insight, make_transcript
from tests.feeds.site import Site, make_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
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


@pytest.mark.parametrize("look", ["360 light", "360 dark", "1280 light", "1280 dark"])
def test_no_page_has_a_barrier_or_overflows(
    site: Site, axe: str, live_server: LiveServer, browser: Browser, look: str
) -> None:
    width, _, scheme = look.partition(" ")
    context = browser.new_context(
        viewport={"width": int(width), "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    for path in [*site.pages(), "/nothing-here/", "/topics/history/", "/topics/crypto/"]:
        page.goto(live_server.url + path)
        assert barriers(page, axe) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= int(width), path
    context.close()

"""What scripts add to the page of an insight; all of it works without them, too."""

from __future__ import annotations

import io
import re
import threading
import wave
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from feeds.models import Insight
from tests.factories import make_episode, make_insight

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def insight() -> Insight:
    return make_insight("Trust is slow because it must be earned")


def _half_a_minute_of_silence() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(b"\x80" * 8000 * 30)
    return file.getvalue()


class _Publisher(BaseHTTPRequestHandler):
    """Serves one audio file, in ranges as players ask for it."""

    audio = _half_a_minute_of_silence()

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
        first, last = int(asked[0]), int(asked[2] or len(self.audio) - 1)
        body = self.audio[first : last + 1]
        self.send_response(206)
        self.send_header("Content-Type", "audio/wav")
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(self.audio)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def audio_url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Publisher) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/episode.wav"
        server.shutdown()


def test_listening_starts_in_place_at_the_quoted_second(
    audio_url: str, live_server: LiveServer, browser: Browser
) -> None:
    insight = make_insight(start=20.0, end=24.0, episode=make_episode(audio_url=audio_url, duration_seconds=30))
    context = browser.new_context()
    page = context.new_page()
    page.goto(live_server.url + insight.get_absolute_url())
    page.get_by_role("link", name="Listen from 0:20").click()
    expect(page.locator("audio")).to_have_js_property("paused", False)
    # Two thirds of the line or more: 20 of 30 seconds, and what has been played since.
    expect(page.locator(".played")).to_have_attribute("x2", re.compile(r"^(6[6-9]|[7-9]\d|100)\b.*%$"))
    context.close()


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

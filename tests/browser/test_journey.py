"""The whole road of a subscriber, in a real browser, with the mail read from the mailbox."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.letters.deliver import deliver_letters
from accounts.models import User
from briefs.models import Brief, Vote
from feeds.models import Insight
from tests.browser.test_accessibility import axe, barriers  # noqa: F401  # the fixture
from tests.factories import make_feed, make_insight, make_topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "ada+brief@bücher.example"


class Reader:
    """Somebody with a browser and a mailbox."""

    def __init__(self, page: Page, mailbox: Path, axe: str) -> None:  # noqa: F811
        self.page = page
        self._mailbox = mailbox
        self._axe = axe

    def opens_mail(self) -> EmailMessage:
        """The newest one."""
        newest = max(self._mailbox.glob("*.eml"))
        message = email.message_from_bytes(newest.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def follows(self, start: str) -> None:
        """Follow the link of the newest mail that leads to a path beginning so."""
        body = self.opens_mail().get_body(("plain",))
        assert body is not None
        found = re.findall(rf"https?://[^/\s]+{re.escape(start)}[^\s>]+", body.get_content())
        self.page.goto(found[0])

    def presses(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()

    def reads(self, words: str) -> None:
        """The words stand on the page, which fits the window and bars nobody; without scripts nothing can measure."""
        expect(self.page.get_by_text(words).first).to_be_visible()
        if not self._axe:
            return
        size = self.page.viewport_size
        assert size
        assert self.page.evaluate("document.documentElement.scrollWidth") <= size["width"], self.page.url
        assert barriers(self.page, self._axe) == [], self.page.url


@pytest.fixture
def mailbox(settings: Settings, live_server: LiveServer, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "accounts.mail.eml_files.EmailBackend"
    settings.MAIL_DIR = tmp_path / "mail"
    settings.SITE_URL = live_server.url
    return tmp_path / "mail"


@pytest.fixture
def claim() -> Insight:
    """What was said on economics; each on a show of its own, so that a brief has five."""
    economics, science = make_topic("Economics"), make_topic("Science")
    made = [make_insight(f"Rail freight pays for itself, case {n}", topics=[economics]) for n in range(6)]
    make_insight("Tides can be read from old harbour books", topics=[science])
    make_feed("Night Shift")
    return made[0]


@pytest.fixture(params=["1280 light", "360 dark", "360 light without JavaScript"])
def ada(
    request: pytest.FixtureRequest,
    browser: Browser,
    mailbox: Path,
    axe: str,  # noqa: F811
) -> Iterator[Reader]:
    width, scheme, *without = str(request.param).split()
    context = browser.new_context(
        viewport={"width": int(width), "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=not without,
        timezone_id="Europe/Lisbon",
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield Reader(page, mailbox, "" if without else axe)
    context.close()


def test_from_the_first_page_to_the_last_trace(ada: Reader, claim: Insight, live_server: LiveServer) -> None:
    _sign_up(ada, live_server.url + claim.get_absolute_url())
    _choose(ada)
    _prefer(ada)
    _vote_from_the_mail(ada)
    _stop_and_undo(ada)
    _leave(ada, live_server.url)


def _sign_up(ada: Reader, landing: str) -> None:
    page = ada.page
    page.goto(landing)
    page.get_by_label("Your e-mail address").fill("ada+brief@BÜCHER.example")
    page.wait_for_timeout(500)  # a person types; who answers at once is asked again
    ada.presses("Send it to me")
    ada.reads("Look at your inbox")
    assert page.context.cookies() == []
    assert deliver_letters(now=timezone.now()).sent == 1
    assert ada.opens_mail()["Subject"] == "Confirm your address for Overheard"
    ada.follows("/confirm/")
    ada.reads(ADDRESS)
    assert not User.objects.confirmed().exists()
    ada.presses("Confirm and choose topics")


def _choose(ada: Reader) -> None:
    page = ada.page
    ada.reads("What do you want to hear about?")
    expect(page.get_by_role("checkbox", name="Economics")).to_be_checked()
    page.get_by_role("checkbox", name="Science").check()
    page.get_by_label("Or in your own words").fill("old harbour books")
    page.get_by_label("Where you are").fill("Lisbon")
    ada.presses("Show me today’s brief")
    ada.reads("This is what you would get today")
    ada.reads("First brief: ")
    assert User.objects.get().time_zone == "Europe/Lisbon"


def _prefer(ada: Reader) -> None:
    page = ada.page
    page.get_by_role("link", name="Change what comes, and when").click()
    ada.reads("Next brief: ")
    page.get_by_label("Where you are").fill("Atlantis")
    ada.presses("Save")
    ada.reads("no city or time zone that we know")
    page.get_by_label("Where you are").fill("lisbon")
    page.get_by_label("Your hour").select_option("21:00")
    page.get_by_label("Another show").fill("Night Shift")
    page.get_by_label("and then").select_option("mute it")
    page.get_by_role("radio", name="Until I end it").check()
    ada.presses("Save")
    ada.reads("Saved. The brief pauses")
    expect(page.locator("#next")).to_have_text("Next brief: none, until you end the pause.")
    ada.presses("End the pause")
    expect(page.locator("#next")).to_contain_text("21:00 Europe/Lisbon")
    expect(page.get_by_role("checkbox", name="Mute Night Shift")).to_be_checked()


def _vote_from_the_mail(ada: Reader) -> None:
    call_command("send_briefs")
    due = User.objects.get().next_brief_at
    assert due
    call_command("send_briefs", now=due + dt.timedelta(minutes=1))
    assert Brief.objects.filter(state=Brief.State.SENT).count() == 1
    assert ada.opens_mail()["To"] == "ada+brief@xn--bcher-kva.example"
    ada.follows("/v/")
    assert not Vote.objects.exists()
    ada.presses("More like this")
    ada.reads("Noted: more like this")
    assert Vote.objects.get().value == 1


def _stop_and_undo(ada: Reader) -> None:
    ada.follows("/preferences/")
    ada.reads(f"For {ADDRESS}.")
    ada.follows("/u/")
    ada.reads("Stop the brief?")
    ada.presses("Stop the brief")
    ada.reads("Stopped")
    assert not User.objects.receiving().exists()
    ada.presses("That was a slip: undo")
    ada.reads("It goes on")
    assert User.objects.receiving().exists()


def _leave(ada: Reader, site: str) -> None:
    ada.page.goto(site + "/my-data/")
    ada.reads("What happened to your account")
    ada.page.get_by_role("link", name="Erase my account…").click()
    ada.reads("What remains: a keyed hash")
    ada.presses("Erase everything now")
    ada.reads("Everything is erased")
    assert not User.objects.exists()
    assert [cookie["name"] for cookie in ada.page.context.cookies() if cookie["name"] == "session"] == []


def test_every_page_of_an_account_bars_nobody(ada: Reader, claim: Insight, live_server: LiveServer) -> None:
    _sign_up(ada, live_server.url)
    pages = {
        "/preferences/": "Preferences",
        "/profile/": "What we have learned from your votes and saves",
        "/saved/": "Saved insights",
        "/my-data/": "Your data",
        "/welcome/": "What do you want to hear about?",
        "/privacy/": "What we keep, and for how long",
        "/sign-in/again/": "First, is it you?",
        "/sign-in/nonsense/": "This link is used up",
        "/u/nonsense/": "This link does not work",
        "/confirm/nonsense/": "This link does not work",
        "/preferences/nonsense/": "This link does not work any more",
        "/": "You get this brief already",
        "/topics/economics/": "Follow Economics",
        "/account/2fa/": "How you sign in",
        "/account/2fa/totp/activate/": "Add a code generator",
        "/account/2fa/webauthn/add/": "Add a passkey",
        "/my-data/erase/": "What remains: a keyed hash",
        "/account/logout/": "Sign out?",
    }
    for path, words in pages.items():
        ada.page.goto(live_server.url + path)
        ada.reads(words)
    ada.presses("Sign out")
    ada.page.goto(live_server.url + "/account/login/code/")
    ada.reads("No password")
    ada.page.get_by_label("Your e-mail address").fill(ADDRESS)
    ada.presses("Send me a code")
    ada.reads("Look at your inbox")
    deliver_letters(now=timezone.now())
    ada.page.get_by_label("The code").fill(ada.opens_mail()["Subject"].split()[0])
    ada.presses("Sign in")
    expect(ada.page).to_have_url(live_server.url + "/brief/")

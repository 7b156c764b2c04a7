"""A passkey from the first day to the last, with an authenticator that the browser itself plays."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.links import sign_in_url
from accounts.models import User
from tests.browser.test_accessibility import axe, barriers  # noqa: F401  # the fixture
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def user() -> User:
    return make_user("ada@example.org")


@pytest.fixture
def page(browser: Browser, client: Client, user: User, live_server: LiveServer) -> Iterator[Page]:
    """Signed in just now, on a device that can keep a passkey."""
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(viewport={"width": 360, "height": 800})
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(10_000)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    yield page
    context.close()


def add_passkey(page: Page, site: str) -> None:
    page.goto(f"{site}/account/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Its name").fill("Blue telephone")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def signed_in(context: BrowserContext) -> bool:
    return any(cookie["name"] == settings.SESSION_COOKIE_NAME for cookie in context.cookies())


def test_a_passkey_is_added_signs_in_alone_is_renamed_and_removed(
    page: Page,
    user: User,
    live_server: LiveServer,
    axe: str,  # noqa: F811
) -> None:
    add_passkey(page, live_server.url)
    assert page.locator(".codes li").count() == 10
    assert barriers(page, axe) == []

    page.goto(f"{live_server.url}/account/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{live_server.url}/account/login/code/?next=/my-data/")
    page.get_by_role("button", name="A passkey").click()
    expect(page).to_have_url(f"{live_server.url}/my-data/")
    expect(page.get_by_text("signed in: with a passkey")).to_be_visible()

    page.goto(f"{live_server.url}/account/2fa/")
    assert barriers(page, axe) == []
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("Its name").fill("Key on the ring")
    assert barriers(page, axe) == []
    page.get_by_role("button", name="Rename it").click()
    page.get_by_role("link", name="Remove").click()
    expect(page.get_by_role("heading", name="Remove the passkey “Key on the ring”?")).to_be_visible()
    assert barriers(page, axe) == []
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("heading", name="How you sign in")).to_be_visible()
    assert not Authenticator.objects.filter(user=user, type="webauthn").exists()
    assert [event.detail for event in user.events.filter(kind="security").order_by("pk")] == [
        "A passkey was added to your account",
        "A passkey was removed from your account",
    ]


def test_after_a_letter_the_passkey_is_asked_for_as_the_second_step(
    page: Page,
    user: User,
    live_server: LiveServer,
    axe: str,  # noqa: F811
) -> None:
    add_passkey(page, live_server.url)
    page.context.clear_cookies()
    user.refresh_from_db()
    page.goto(live_server.url + urlsplit(sign_in_url(user)).path)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="And the second step")).to_be_visible()
    assert barriers(page, axe) == []
    page.get_by_role("button", name="A passkey").click()
    expect(page).to_have_url(f"{live_server.url}/preferences/")
    assert signed_in(page.context)

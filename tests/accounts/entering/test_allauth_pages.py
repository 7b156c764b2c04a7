"""Every address that allauth answers: with a page of ours, or with none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import allauth
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.test.signals import template_rendered
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.links import sign_in_url
from accounts.models import User
from tests.accounts.second_steps import add_code_generator, add_passkey, add_recovery_codes
from tests.factories import make_user

_THEIR_TEMPLATES = Path(allauth.__file__).parent / "templates"
WANTED = {
    *("account_login", "account_request_login_code", "account_confirm_login_code", "account_logout"),
    *("account_inactive", "account_signup", "mfa_index", "mfa_authenticate"),
    *("mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_add_webauthn", "mfa_edit_webauthn", "mfa_list_webauthn", "mfa_login_webauthn", "mfa_remove_webauthn"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
    *("socialaccount_login_cancelled", "google_login", "google_callback", "github_login", "github_callback"),
    *("apple_login", "apple_callback", "apple_finish_callback"),
}


GUARDED = {
    *("mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
}


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one


def is_theirs(pattern: URLPattern) -> bool:
    return pattern.callback.__module__.startswith("allauth.") or pattern.name in WANTED


@contextmanager
def templates_used() -> Iterator[list[Path]]:
    used: list[Path] = []

    def note(template: Any, **_: object) -> None:
        used.append(Path(template.origin.name))

    template_rendered.connect(note)
    yield used
    template_rendered.disconnect(note)


@pytest.fixture
def protected(alice: User) -> User:
    """Somebody with everything that can be added."""
    add_code_generator(alice)
    add_recovery_codes(alice)
    add_passkey(alice)
    return alice


def address(name: str, user: User) -> str:
    of_a_passkey = name in ("mfa_edit_webauthn", "mfa_remove_webauthn")
    return reverse(name, args=[Authenticator.objects.get(user=user, type="webauthn").pk] if of_a_passkey else [])


def visitor(kind: str, user: User) -> Client:
    browser = Client(headers={"Sec-Fetch-Site": "same-origin"})
    if kind == "a subscriber":
        browser.force_login(User.objects.exclude(pk=user.pk).get())
    elif kind == "a subscriber with everything":
        browser.force_login(user)
    elif kind == "somebody before the second step":
        browser.post(urlsplit(sign_in_url(user)).path)
    return browser


def test_what_allauth_answers_is_what_was_chosen() -> None:
    assert {pattern.name for pattern in patterns(get_resolver()) if is_theirs(pattern)} == WANTED


@pytest.mark.parametrize(
    "kind", ["nobody", "a subscriber", "a subscriber with everything", "somebody before the second step"]
)
def test_no_page_shows_a_template_of_allauth(protected: User, kind: str) -> None:
    make_user("bob@example.org")
    for name in sorted(WANTED):
        with templates_used() as used:
            visitor(kind, protected).get(address(name, protected))
        assert [str(one) for one in used if one.is_relative_to(_THEIR_TEMPLATES)] == [], name


@pytest.mark.parametrize("name", sorted(GUARDED))
def test_what_changes_how_one_signs_in_asks_for_a_fresh_code(protected: User, name: str) -> None:
    browser = visitor("a subscriber with everything", protected)
    assert browser.get(address(name, protected), follow=True).status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        for answer in (browser.get(address(name, protected)), browser.post(address(name, protected))):
            assert answer["Location"].startswith("/sign-in/again/?next=")


def test_the_second_step_is_asked_for_between_the_letter_and_the_account(protected: User) -> None:
    browser = visitor("somebody before the second step", protected)
    page = browser.get("/account/2fa/authenticate/")
    assert "And the second step" in page.content.decode()
    wrong = browser.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "That is not the code" in wrong.content.decode()
    assert "_auth_user_id" not in browser.session
    browser.post("/account/2fa/authenticate/", {"code": add_recovery_codes(protected).get_unused_codes()[0]})
    assert browser.session["_auth_user_id"] == str(protected.pk)

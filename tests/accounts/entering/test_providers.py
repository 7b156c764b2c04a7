"""Signing in with a provider, whose part a server on this machine plays."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.accounts.second_steps import add_code_generator
from tests.factories import make_user


class GitHub:
    """Answers as GitHub does: asks the person, gives a code for a token, the token for who they are."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.addresses: list[dict[str, Any]] = []
        self.person_agrees = True
        self.is_broken = False
        self.tokens_given = 0

    def answer(self, method: str, target: str, body: str) -> tuple[int, dict[str, str], Any]:
        path, asked = urlsplit(target).path, parse_qs(urlsplit(target).query)
        if self.is_broken and path != "/login/oauth/authorize":
            return 500, {}, {}
        match method, path:
            case "GET", "/login/oauth/authorize":
                said = "code=right" if self.person_agrees else "error=access_denied"
                back = f"{asked['redirect_uri'][0]}?{said}&state={asked['state'][0]}"
                return 302, {"Location": back}, {}
            case "POST", "/login/oauth/access_token" if parse_qs(body)["code"] == ["right"]:
                self.tokens_given += 1
                return 200, {}, {"access_token": "secret-token", "token_type": "bearer"}
            case "GET", "/user":
                return 200, {}, {"id": 42, "login": "alice", "name": "Alice", "email": None}
            case "GET", "/user/emails":
                return 200, {}, self.addresses
        return 404, {}, {}


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            status, headers, data = provider.answer(self.command, self.path, body)
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(data).encode())

        do_GET = do_POST = _answer

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = GitHub(f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setattr(GitHubOAuth2Adapter, "authorize_url", f"{provider.url}/login/oauth/authorize")
        monkeypatch.setattr(GitHubOAuth2Adapter, "access_token_url", f"{provider.url}/login/oauth/access_token")
        monkeypatch.setattr(GitHubOAuth2Adapter, "profile_url", f"{provider.url}/user")
        monkeypatch.setattr(GitHubOAuth2Adapter, "emails_url", f"{provider.url}/user/emails")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield provider
        server.shutdown()
        thread.join()


@pytest.fixture
def come_back(reader: Client, github: GitHub) -> Callable[..., Any]:
    """Press the button, do what the provider asks for, and return what our callback answers."""

    def go(path: str = "/account/github/login/?process=login&next=/saved/") -> Any:
        asked = reader.post(path)
        assert asked["Location"].startswith(github.url)
        sent_back = requests.get(asked["Location"], allow_redirects=False, timeout=10)
        back = urlsplit(sent_back.headers["Location"])
        return reader.get(f"{back.path}?{back.query}")

    return go


def vouched(address: str, *, verified: bool = True) -> dict[str, Any]:
    return {"email": address, "verified": verified, "primary": True, "visibility": None}


def test_a_provider_that_vouches_for_the_address_opens_its_subscription(
    reader: Client, alice: User, github: GitHub, come_back: Callable[..., Any]
) -> None:
    github.addresses = [vouched("work@example.com"), vouched("Alice@Example.org")]
    assert come_back()["Location"] == "/saved/"
    assert reader.session["_auth_user_id"] == str(alice.pk)
    assert alice.events.get().detail == "with GitHub"
    assert reader.get("/my-data/erase/").status_code == 200


def test_nothing_of_the_provider_is_stored(alice: User, github: GitHub, come_back: Callable[..., Any]) -> None:
    github.addresses = [vouched("alice@example.org")]
    come_back()
    assert not SocialAccount.objects.exists()
    assert not EmailAddress.objects.exists()


def test_an_address_that_the_provider_has_not_verified_opens_nothing(
    reader: Client, alice: User, github: GitHub, come_back: Callable[..., Any]
) -> None:
    github.addresses = [vouched("alice@example.org", verified=False)]
    assert "Start with your address" in come_back().content.decode()
    assert "_auth_user_id" not in reader.session


def test_known_and_unknown_unverified_addresses_get_the_same_page(
    alice: User, github: GitHub, come_back: Callable[..., Any]
) -> None:
    pages = []
    for address in ("alice@example.org", "nobody@example.org"):
        github.addresses = [vouched(address, verified=False)]
        pages.append(come_back().content.decode().partition("<main")[2].partition('name="stamp"')[0])
    assert pages[0] == pages[1] != ""


def test_a_provider_makes_no_subscription(reader: Client, github: GitHub, come_back: Callable[..., Any]) -> None:
    github.addresses = [vouched("new@example.org")]
    assert "needs nothing but the address" in come_back().content.decode()
    assert not User.objects.exists()
    assert "_auth_user_id" not in reader.session


def test_an_unconfirmed_sign_up_stays_unconfirmed(
    reader: Client, github: GitHub, come_back: Callable[..., Any]
) -> None:
    make_user("carol@example.org", confirmed=False, is_active=False)
    github.addresses = [vouched("carol@example.org")]
    page = reader.get(come_back()["Location"])
    assert "not confirmed yet" in page.content.decode()
    assert "_auth_user_id" not in reader.session
    assert not User.objects.confirmed().exists()


def test_a_second_step_is_asked_for_after_the_provider_too(
    reader: Client, alice: User, github: GitHub, come_back: Callable[..., Any]
) -> None:
    add_code_generator(alice)
    github.addresses = [vouched("alice@example.org")]
    assert come_back()["Location"].startswith("/account/2fa/authenticate/")
    assert "_auth_user_id" not in reader.session


def test_a_signed_in_subscriber_cannot_be_linked_to_a_strangers_account(
    reader: Client, alice: User, github: GitHub, come_back: Callable[..., Any]
) -> None:
    reader.force_login(alice)
    github.addresses = [vouched("thief@example.org")]
    assert come_back("/account/github/login/?process=connect")["Location"] == "/account/2fa/"
    assert not SocialAccount.objects.exists()


def test_turning_back_on_the_way_is_a_page_of_its_own(
    reader: Client, alice: User, github: GitHub, come_back: Callable[..., Any]
) -> None:
    github.person_agrees = False
    page = reader.get(come_back()["Location"])
    assert "You turned back on the way" in page.content.decode()
    assert github.tokens_given == 0


def test_a_provider_that_breaks_is_a_clear_page(
    reader: Client, alice: User, github: GitHub, come_back: Callable[..., Any]
) -> None:
    github.is_broken = True
    answer = come_back()
    assert answer.status_code == 401
    assert "That way in did not work" in answer.content.decode()
    assert "_auth_user_id" not in reader.session


def test_an_answer_that_nobody_asked_for_is_refused(reader: Client, alice: User, github: GitHub) -> None:
    github.addresses = [vouched("alice@example.org")]
    for state in ("", "&state=invented"):
        assert reader.get(f"/account/github/login/callback/?code=right{state}").status_code == 401
    assert github.tokens_given == 0


def test_a_link_to_the_provider_is_a_page_with_a_button(reader: Client, db: None) -> None:
    page = reader.get("/account/github/login/").content.decode()
    assert "Sign in with GitHub?" in page


def test_a_provider_without_keys_has_no_button(reader: Client, db: None, settings: Settings) -> None:
    assert all(name in reader.get("/account/login/code/").content.decode() for name in ("Google", "GitHub", "Apple"))
    settings.SOCIALACCOUNT_PROVIDERS = {}
    page = reader.get("/account/login/code/").content.decode()
    assert not any(name in page for name in ("Google", "GitHub", "Apple"))


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("google", "https://accounts.google.com/"),
        ("github", "https://github.com/"),
        ("apple", "https://appleid.apple.com/"),
    ],
)
def test_the_button_leads_to_the_provider_and_our_policy_lets_it(
    reader: Client, db: None, name: str, origin: str
) -> None:
    page = reader.get("/account/login/code/")
    assert f"/account/{name}/login/?process=login" in page.content.decode()
    assert origin.rstrip("/") in page["Content-Security-Policy"].partition("form-action")[2].partition(";")[0]
    assert reader.post(f"/account/{name}/login/?process=login")["Location"].startswith(origin)

"""The headers of every answer: each URL pattern, errors, redirects, the admin and static files."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from tests.factories import make_insight, make_user

pytestmark = pytest.mark.django_db

SIX_MONTHS = 15_768_000
_A_VALUE = {"int": "1", "slug": "economics", "str": "x", "day": "2026-11-23", "path": "x", "uuid": "x"}
_CONVERTED = re.compile(r"<(?:(?P<converter>\w+):)?\w+>")


@pytest.fixture(autouse=True)
def https(settings: Settings) -> None:
    """As with SITE_URL=https://…; the settings work that out when they are loaded."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


def paths(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """One address for each pattern."""
    for pattern in resolver.url_patterns:
        route = prefix + _filled(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from paths(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


def _filled(route: str) -> str:
    route = _CONVERTED.sub(lambda found: _A_VALUE[found["converter"] or "str"], route)
    return re.sub(r"\(\?P<\w+>[^)]*\)", "x", route).strip("^$").replace("\\Z", "").replace("\\", "")


def observatory(response: HttpResponseBase) -> int:
    """Mozilla's arithmetic: from 100 down, and up again where the page has lost less than ten."""
    headers = response.headers
    policy = headers.get("Content-Security-Policy", "")
    hsts = re.search(r"max-age=(\d+)", headers.get("Strict-Transport-Security", ""))
    lost = 25 * (not policy) + 20 * ("unsafe-inline" in policy) + 10 * ("unsafe-eval" in policy)
    lost += 20 if hsts is None else 10 * (int(hsts[1]) < SIX_MONTHS)
    lost += 20 * ("X-Frame-Options" not in headers) + 5 * (headers.get("X-Content-Type-Options") != "nosniff")
    kept_apart = [bool(cookie["secure"] and cookie["samesite"]) for cookie in response.cookies.values()]
    lost += 40 * (not all(kept_apart))
    gained = 10 * ("default-src 'none'" in policy) + 5 * ("frame-ancestors 'none'" in policy)
    gained += 5 * (headers.get("Referrer-Policy") in REFERRER_POLICIES) + 5 * bool(kept_apart)
    return 100 - lost + (gained if lost <= 10 else 0)


REFERRER_POLICIES = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def assert_strict(response: HttpResponseBase, path: str) -> None:
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy, path
    assert "base-uri 'none'" in policy, path
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin", path
    assert observatory(response) >= 115, path


@pytest.mark.parametrize("who", ["nobody", "a subscriber", "staff"])
def test_every_address_answers_with_strict_headers(who: str) -> None:
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(make_user(is_staff=who == "staff", is_superuser=who == "staff"))
    key = client.cookies.get("session")
    found = sorted(set(paths(get_resolver())))
    assert len(found) > 150
    broken = []
    for path in found:
        if key:  # signing out is one of them
            client.cookies["session"] = key.value
        response = client.get(path, secure=True)
        assert_strict(response, path)
        if response.status_code == 500:
            broken.append(path)
    assert not broken


def test_errors_and_redirects_are_as_strict() -> None:
    client = Client(raise_request_exception=False)
    answers = {
        400: client.get("/", secure=True, headers={"Host": "evil.example"}),
        301: client.get("/about/"),
        403: client.post("/sign-up/", secure=True, headers={"Sec-Fetch-Site": "cross-site"}),
        404: client.get("/nothing/", secure=True),
        405: client.post("/", secure=True),
    }
    for status, response in answers.items():
        assert response.status_code == status
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Frame-Options"] == "DENY"


def test_there_are_three_cookies_at_most_and_scripts_read_none(client: Client) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    for path in sorted(set(paths(get_resolver()))):
        client.get(path, secure=True)
    assert set(client.cookies) <= {"session", "csrf", "known"}
    assert all(cookie["httponly"] for cookie in client.cookies.values() if cookie.value)


def test_nothing_but_a_picture_to_share_is_for_other_sites(client: Client) -> None:
    insight = make_insight()
    answers = [client.get(path, secure=True) for path in ("/", insight.get_absolute_url(), "/nothing/")]
    picture = client.get(reverse("feeds:share_image", args=[insight.pk]), secure=True)
    static = client.get("/static/icon.svg", secure=True)
    static.close()
    for answer in (*answers, static):
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
    assert picture.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_static_files_are_as_strict() -> None:
    response = Client().get("/static/icon.svg", secure=True)
    assert response.status_code == 200
    response.close()
    assert_strict(response, "icon.svg")


def test_a_head_is_a_get_without_its_body() -> None:
    got, asked = Client().get("/about/", secure=True), Client().head("/about/", secure=True)
    assert asked.content == b""
    assert abs(int(asked.headers["Content-Length"]) - len(got.content)) < 20  # the stamp of the box


def test_pages_are_sent_compressed_to_those_who_take_them_so() -> None:
    response = Client().get("/about/", secure=True, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    again = {"Accept-Encoding": "gzip", "If-None-Match": response.headers["ETag"]}
    assert Client().get("/about/", secure=True, headers=again).status_code == 304

"""Every page behind a link of a letter or a brief, with every kind of wrong token: a clear page, and no change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import time_machine
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts import links
from accounts.models import AccountEvent, AddressChange, Letter, User
from accounts.tokens import sign
from briefs.edition.printing.feedback_links import act_url
from briefs.models import SavedInsight, Vote
from tests.factories import make_insight, make_user


def changed(user: User) -> int:
    return AddressChange.objects.get_or_create(user=user, old_address="old@example.org")[0].pk


# By the path of the page: what writes the link to it.
LINKS: dict[str, Callable[[User], str]] = {
    "confirm": lambda user: links.confirm_url(user, topics=[], time_zone=""),
    "sign-in": links.sign_in_url,
    "still-reading": links.still_reading_url,
    "address/confirm": lambda user: links.confirm_address_url(user, "new@example.org"),
    "address/restore": lambda user: links.objection_url(changed(user)),
    "my-data/erase": lambda user: links.erasure_url(changed(user)),
    "preferences": links.preferences_url,
    "u": links.unsubscribe_url,
    "v": lambda user: act_url(user, make_insight().pk),
}
FOR_EVER = {"still-reading", "preferences", "u", "v"}
DAMAGE: dict[str, Callable[[str], str]] = {
    "cut short": lambda token: token[:-3],
    "one letter changed": lambda token: token[:-4] + ("A" if token[-4] != "A" else "B") + token[-3:],
    "its first letter changed": lambda token: ("X" if token[0] != "X" else "Y") + token[1:],
    "something added": lambda token: token + "AAAA",
    "not ASCII": lambda token: "ü" + token,
    "a null byte": lambda token: token + "\0",
    "nothing but dots": lambda _: "..." * 9,
    "very long": lambda token: token * 40,
}


@pytest.fixture
def user(db: None) -> User:
    """Somebody whose every link could do something."""
    return make_user("alice@example.org", asked_if_reading_at=timezone.now())


def state() -> list[Any]:
    tables = (User.objects, Letter.objects, AccountEvent.objects, Vote.objects, SavedInsight.objects)
    return [list(table.order_by("pk").values()) for table in tables]


def token_of(kind: str, user: User) -> str:
    return urlsplit(LINKS[kind](user)).path.split("/")[-2]


def assert_nothing_happens(kind: str, token: str) -> None:
    before = state()
    visitor = Client(headers={"Sec-Fetch-Site": "same-origin"})
    path = f"/{kind}/{quote(token)}/"
    for answer in (visitor.get(path), visitor.post(path, {"do": "more", "resume": "1"})):
        assert answer.status_code in (404, 410), path
        page = answer.content.decode()
        assert "<h1" in page
        assert "link" in page
    assert "_auth_user_id" not in visitor.session
    assert state() == before


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("kind", LINKS)
def test_a_damaged_token_is_a_clear_page_and_changes_nothing(user: User, kind: str, damage: str) -> None:
    assert_nothing_happens(kind, DAMAGE[damage](token_of(kind, user)))


@pytest.mark.parametrize("other", LINKS)
@pytest.mark.parametrize("kind", LINKS)
def test_a_token_for_something_else_is_a_clear_page_and_changes_nothing(user: User, kind: str, other: str) -> None:
    if kind != other:
        assert_nothing_happens(kind, token_of(other, user))


@pytest.mark.parametrize("kind", sorted(set(LINKS) - {"u", "address/restore", "my-data/erase"}))
def test_a_revoked_token_is_a_clear_page_and_changes_nothing(user: User, kind: str) -> None:
    token = token_of(kind, user)
    User.objects.update(link_version=F("link_version") + 1)
    assert_nothing_happens(kind, token)


@pytest.mark.parametrize("kind", sorted(set(LINKS) - FOR_EVER - {"confirm"}))
def test_an_expired_token_is_a_clear_page_and_changes_nothing(user: User, kind: str) -> None:
    with time_machine.travel(timezone.now() - dt.timedelta(days=15)):
        token = token_of(kind, user)
    assert_nothing_happens(kind, token)


def test_the_right_shape_under_the_wrong_key_opens_nothing(user: User, settings: Any) -> None:
    settings.SECRET_KEY = "somebody else's"
    tokens = {kind: token_of(kind, user) for kind in LINKS}
    forged = sign(links.PREFERENCES, user.pk, version=1)
    settings.SECRET_KEY = "ours"
    for kind, token in tokens.items():
        assert_nothing_happens(kind, token)
    assert_nothing_happens("preferences", forged)

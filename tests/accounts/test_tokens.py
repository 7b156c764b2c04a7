from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from accounts import tokens
from accounts.models import User

SOME_DAY = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice@example.org")


@given(st.integers(min_value=1, max_value=2**48 - 1))
def test_an_unsubscribe_token_names_its_subscriber_in_22_characters(user_id: int) -> None:
    token = tokens.unsubscribe_token(User(pk=user_id))
    assert len(token) == 22
    assert tokens.user_id_of_unsubscribe_token(token) == user_id


@given(st.integers(min_value=1, max_value=2**48 - 1), st.integers(0, 21), st.characters(codec="ascii"))
def test_no_changed_unsubscribe_token_is_accepted(user_id: int, place: int, character: str) -> None:
    token = tokens.unsubscribe_token(User(pk=user_id))
    changed = token[:place] + character + token[place + 1 :]
    if changed != token:
        with pytest.raises(tokens.BadToken):
            tokens.user_id_of_unsubscribe_token(changed)


@given(st.text(max_size=40))
def test_anything_else_is_a_bad_token_and_nothing_worse(text: str) -> None:
    with pytest.raises(tokens.BadToken):
        tokens.user_id_of_unsubscribe_token(text)


def test_an_unsubscribe_token_outlives_a_change_of_key() -> None:
    with override_settings(SECRET_KEY="old key"):
        token = tokens.unsubscribe_token(User(pk=7))
    with override_settings(SECRET_KEY="new key", SECRET_KEY_FALLBACKS=["old key"]):
        assert tokens.user_id_of_unsubscribe_token(token) == 7
    with override_settings(SECRET_KEY="new key"), pytest.raises(tokens.BadToken):
        tokens.user_id_of_unsubscribe_token(token)


def test_a_token_brings_its_subject_back(alice: User) -> None:
    token = tokens.sign("vote", alice.pk, 12, "up", version=alice.link_version)
    assert tokens.unsign("vote", token) == (str(alice.pk), "12", "up")


def test_a_token_is_good_for_its_purpose_only(alice: User) -> None:
    token = tokens.sign("vote", alice.pk, version=alice.link_version)
    with pytest.raises(tokens.BadToken):
        tokens.unsign("erase", token)


@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_tampered_token_is_refused(alice: User, place: int) -> None:
    letters = list(tokens.sign("vote", alice.pk, version=alice.link_version))
    letters[place] = "A" if letters[place] != "A" else "B"
    with pytest.raises(tokens.BadToken):
        tokens.unsign("vote", "".join(letters))


@pytest.mark.parametrize("text", ["", ".", "a.b.c", "…", "🙂", "a" * 5000])
def test_what_is_no_token_is_refused(db: None, text: str) -> None:
    with pytest.raises(tokens.BadToken):
        tokens.unsign("vote", text)


def test_raising_the_link_version_revokes_every_link(alice: User) -> None:
    token = tokens.sign("vote", alice.pk, version=alice.link_version)
    User.objects.update(link_version=2)
    with pytest.raises(tokens.BadToken):
        tokens.unsign("vote", token)


def test_the_links_of_an_erased_account_are_refused(alice: User) -> None:
    token = tokens.sign("vote", alice.pk, version=alice.link_version)
    alice.delete()
    with pytest.raises(tokens.BadToken):
        tokens.unsign("vote", token)


def test_an_expired_token_still_says_whose_it_was(alice: User) -> None:
    with time_machine.travel(SOME_DAY, tick=False):
        token = tokens.sign("confirm", alice.pk, version=alice.link_version)
    with time_machine.travel(SOME_DAY + dt.timedelta(days=3), tick=False):
        assert tokens.unsign("confirm", token, max_age=dt.timedelta(days=3))
    with time_machine.travel(SOME_DAY + dt.timedelta(days=3, seconds=2), tick=False):
        assert tokens.unsign("confirm", token)
        with pytest.raises(tokens.ExpiredToken) as caught:
            tokens.unsign("confirm", token, max_age=dt.timedelta(days=3))
    assert caught.value.subject == (str(alice.pk),)

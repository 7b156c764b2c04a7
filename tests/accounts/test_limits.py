from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from accounts import limits
from accounts.limits import Counts, admit, forget_address, forget_networks, may_mail
from accounts.models import SignupAttempt
from config.web.networks import network_hash

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
FREE = Counts(None, 0, 0, 0)


def test_a_first_sign_up_is_mailed() -> None:
    assert may_mail(FREE, now=NOW, per_hour=10)


@pytest.mark.parametrize(
    "counts",
    [
        Counts(NOW - 23 * HOUR, 1, 0, 0),
        Counts(NOW - 48 * HOUR, 3, 0, 0),
        Counts(None, 0, 5, 5),
        Counts(None, 0, 0, 10),
    ],
)
def test_each_limit_holds_alone(counts: Counts) -> None:
    assert not may_mail(counts, now=NOW, per_hour=10)


def test_after_a_day_of_rest_an_address_gets_its_second_letter() -> None:
    assert may_mail(Counts(NOW - 24 * HOUR, 1, 0, 0), now=NOW, per_hour=10)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 20), st.integers(0, 72))
def test_nothing_is_mailed_past_any_limit(unanswered: int, from_network: int, by_everybody: int, hours: int) -> None:
    counts = Counts(NOW - hours * HOUR, unanswered, from_network, by_everybody)
    if may_mail(counts, now=NOW, per_hour=10):
        assert unanswered < 3
        assert from_network < 5
        assert by_everybody < 10
        assert hours >= 24


@pytest.mark.django_db
def test_an_address_gets_three_letters_ever_and_one_a_day() -> None:
    days = [NOW + dt.timedelta(hours=hours) for hours in range(0, 24 * 30, 6)]
    admitted = [now for now in days if admit("bob@example.org", network=network_hash("203.0.113.1"), now=now)]
    assert len(admitted) == 3
    assert all(later - earlier >= 24 * HOUR for earlier, later in itertools.pairwise(admitted))


@pytest.mark.django_db
def test_spelling_an_address_differently_does_not_help() -> None:
    assert admit("bob@bücher.example", network=network_hash("203.0.113.1"), now=NOW)
    assert not admit("BOB@xn--bcher-kva.example", network=network_hash("198.51.100.1"), now=NOW)


@pytest.mark.django_db
def test_one_network_gets_five_letters_an_hour() -> None:
    addresses = [f"reader{number}@example.org" for number in range(9)]
    assert (
        sum(
            admit(address, network=network_hash(f"203.0.113.{number}"), now=NOW)
            for number, address in enumerate(addresses)
        )
        == 5
    )
    assert admit("later@example.org", network=network_hash("203.0.113.1"), now=NOW + HOUR)


@pytest.mark.django_db
def test_answering_clears_the_count() -> None:
    admit("bob@example.org", network=network_hash("203.0.113.1"), now=NOW)
    forget_address("Bob@Example.org")
    assert admit("bob@example.org", network=network_hash("203.0.113.1"), now=NOW)


@pytest.mark.django_db
def test_networks_are_forgotten_after_a_day_but_unanswered_addresses_are_not() -> None:
    admit("bob@example.org", network=network_hash("203.0.113.1"), now=NOW)
    assert forget_networks(now=NOW + dt.timedelta(hours=23)) == 0
    assert forget_networks(now=NOW + dt.timedelta(hours=24)) == 1
    row = SignupAttempt.objects.get()
    assert (row.network_hash, bool(row.address_hash)) == ("", True)


@pytest.mark.django_db
def test_no_address_and_no_ip_is_stored() -> None:
    admit("bob@example.org", network=network_hash("203.0.113.1"), now=NOW)
    stored = str(SignupAttempt.objects.values().get())
    assert "bob" not in stored
    assert "203.0" not in stored


@pytest.mark.django_db
def test_the_counts_survive_a_change_of_key() -> None:
    with override_settings(SECRET_KEY="old"):
        admit("bob@example.org", network=network_hash("203.0.113.1"), now=NOW)
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"]):
        assert not admit("bob@example.org", network=network_hash("203.0.113.1"), now=NOW)


def test_the_limits_are_those_we_promise() -> None:
    assert (limits.ADDRESS_REST, limits.UNANSWERED_LETTERS, limits.NETWORK_LETTERS_PER_HOUR) == (24 * HOUR, 3, 5)

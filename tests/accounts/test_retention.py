from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.entering.signup import sign_up
from accounts.letters.deliver import deliver_letters, request_letter
from accounts.limits import admit
from accounts.models import PAUSED_FOR_GOOD, Letter, Session, SignupAttempt, User
from accounts.retention import seen, sweep
from config.web.networks import network_hash
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def test_an_unconfirmed_address_is_erased_after_seven_days_and_its_hash_stays() -> None:
    sign_up("ada@example.org", network=network_hash("203.0.113.1"), now=NOW)
    assert sweep(now=NOW + 7 * DAY).unconfirmed_erased == 0
    assert sweep(now=NOW + 7 * DAY + dt.timedelta(seconds=1)).unconfirmed_erased == 1
    assert not User.objects.exists()
    assert SignupAttempt.objects.count() == 1


def test_forgetting_the_address_does_not_allow_a_fourth_letter() -> None:
    for week in range(6):
        now = NOW + week * 9 * DAY
        sign_up("ada@example.org", network=network_hash("203.0.113.1"), now=now)
        sweep(now=now + 8 * DAY)
    assert SignupAttempt.objects.count() == 3
    assert not admit("ada@example.org", network=network_hash("198.51.100.1"), now=NOW + 400 * DAY)


def test_a_confirmed_address_is_never_erased_by_time() -> None:
    make_user(joined_at=NOW - 3650 * DAY, active_at=NOW)
    assert sweep(now=NOW).unconfirmed_erased == 0


def test_a_silent_subscriber_is_asked_once_then_paused() -> None:
    user = make_user(active_at=NOW - 181 * DAY)
    assert sweep(now=NOW).asked == 1
    assert sweep(now=NOW + DAY).asked == 0
    assert user.letters.get().kind == Letter.Kind.STILL_READING
    assert sweep(now=NOW + 29 * DAY).paused == 0
    assert sweep(now=NOW + 31 * DAY).paused == 1
    user.refresh_from_db()
    assert user.paused_until == PAUSED_FOR_GOOD
    assert "do you still read it" in user.events.get().detail
    assert sweep(now=NOW + 400 * DAY).asked == 0


def test_a_sign_of_life_keeps_it_coming() -> None:
    user = make_user(active_at=NOW - 181 * DAY)
    sweep(now=NOW)
    seen(user.pk, now=NOW + DAY)
    assert sweep(now=NOW + 40 * DAY).paused == 0


def test_who_stopped_or_paused_is_not_asked() -> None:
    make_user(active_at=NOW - 300 * DAY, unsubscribed_at=NOW)
    make_user(active_at=NOW - 300 * DAY, paused_until=NOW.date() + 90 * DAY)
    assert sweep(now=NOW).asked == 0


def test_old_letters_and_sessions_go() -> None:
    letter = request_letter(make_user(), Letter.Kind.SIGN_IN)
    deliver_letters(now=timezone.now())
    Letter.objects.filter(pk=letter.pk).update(created_at=NOW - 31 * DAY)
    Session.objects.create(session_key="old", session_data="", expire_date=NOW - DAY)
    sweep(now=NOW)
    assert not Letter.objects.exists()
    assert not Session.objects.exists()

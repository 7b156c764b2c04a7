"""Codes under attack: used up by strangers, guessed at in parallel, never mailed, or sent to who wants no mail."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import links
from accounts.entering.address_change import change_address
from accounts.entering.code_requests import Asked, may_ask, may_try
from accounts.letters.deliver import deliver_letters
from accounts.models import CodeRequest, Letter, Suppression, User
from accounts.retention import sweep
from accounts.subscription import stop_mail
from tests.accounts.conftest import SAME_ORIGIN
from tests.factories import make_user

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
_networks = itertools.count(1)


def stranger_asks(address: str = "alice@example.org", *, network: int = 0) -> Any:
    """From a network that nothing came from before, unless one is given."""
    number = network or next(_networks)
    where = f"10.{number // 200}.{number % 200}.7"
    return Client(REMOTE_ADDR=where).post("/account/login/code/", {"email": address})


def code_sent() -> str:
    deliver_letters(now=timezone.now())
    return str(mail.outbox[-1].subject).split()[0]


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def known_browser(user: User) -> Client:
    browser = Client(headers=SAME_ORIGIN)
    browser.force_login(user)
    browser.get("/my-data/")
    browser.post("/account/logout/")
    return browser


@pytest.mark.parametrize(
    ("asked", "strangers", "owner"),
    [
        (Asked(4, 9, 19), True, True),
        (Asked(5, 5, 0), False, False),
        (Asked(0, 10, 0), False, False),
        (Asked(0, 0, 20), False, True),
    ],
)
def test_each_limit_holds_alone_and_that_of_the_network_for_strangers(
    asked: Asked, strangers: bool, owner: bool
) -> None:
    assert may_ask(asked, is_known=False) is strangers
    assert may_ask(asked, is_known=True) is owner


def test_strangers_cannot_use_up_the_codes_of_a_browser_that_is_known(alice: User) -> None:
    browser = known_browser(alice)
    assert [stranger_asks().status_code for _ in range(7)] == [302] * 5 + [200] * 2
    asked = browser.post("/account/login/code/", {"email": "alice@example.org"})
    browser.post(asked["Location"], {"code": code_sent()})
    assert is_signed_in(browser)


def test_strangers_cannot_use_up_the_codes_of_who_has_a_link_and_the_link_signs_nobody_in(alice: User) -> None:
    for _ in range(7):
        stranger_asks()
    path = links.preferences_url(alice).removeprefix("http://127.0.0.1:8000").replace("/preferences/", "/sign-in/code/")
    browser = Client(headers=SAME_ORIGIN)
    assert "signs nobody in" in browser.get(path).content.decode()
    asked = browser.post(path)
    assert not is_signed_in(browser)
    browser.post(asked["Location"], {"code": code_sent()})
    assert is_signed_in(browser)


def test_the_preferences_behind_a_link_lead_to_a_code(reader: Client, alice: User) -> None:
    page = reader.get(links.preferences_url(alice).removeprefix("http://127.0.0.1:8000")).content.decode()
    assert "/sign-in/code/" in page


def test_a_code_by_a_link_ends_where_its_own_limit_does(alice: User) -> None:
    path = links.preferences_url(alice).removeprefix("http://127.0.0.1:8000").replace("/preferences/", "/sign-in/code/")
    assert [Client(headers=SAME_ORIGIN).post(path).status_code for _ in range(6)] == [302] * 5 + [429]
    assert Client(headers=SAME_ORIGIN).post("/sign-in/code/forged/").status_code == 404


def test_past_a_limit_known_and_unknown_addresses_read_the_same(alice: User) -> None:
    pages = []
    for address in ("alice@example.org", "nobody@example.org"):
        refused = [stranger_asks(address) for _ in range(6)][-1]
        page = refused.content.decode().replace(address, "X")
        assert "Enough codes" in page
        pages.append(re.sub(r'"csrfmiddlewaretoken" value="\w+"|"challenge": "[^"]+"', "", page))
    assert pages[0] == pages[1]


@pytest.mark.django_db
def test_a_mailbox_gets_ten_codes_a_day_from_strangers_whatever_its_spelling() -> None:
    make_user("ada.b@gmail.com")
    for hours in range(24):
        cache.clear()
        with time_machine.travel(NOW + hours * HOUR, tick=False):
            for spelling in ("ada.b@gmail.com", "Ada.B@googlemail.com", "ada.b@Gmail.com", '"ada.b"@gmail.com'):
                stranger_asks(spelling)
            deliver_letters(now=timezone.now())
    assert len(mail.outbox) <= 10


@pytest.mark.django_db
def test_one_network_asks_twenty_times_an_hour() -> None:
    with time_machine.travel(NOW, tick=False):
        for number in range(25):
            cache.clear()
            stranger_asks(f"reader{number}@example.org", network=9000)
        assert CodeRequest.objects.count() == 20


def test_a_code_that_was_not_mailed_opens_nothing(alice: User) -> None:
    browser = Client()
    asked = browser.post("/account/login/code/", {"email": "alice@example.org"})
    code = Letter.objects.get().context["code"]
    browser.post(asked["Location"], {"code": code})
    assert not is_signed_in(browser)
    deliver_letters(now=timezone.now())
    browser.post(asked["Location"], {"code": code})
    assert is_signed_in(browser)


def test_past_the_limit_there_is_no_code_at_all(alice: User) -> None:
    for _ in range(5):
        stranger_asks()
    browser = Client()
    assert "Enough codes" in browser.post("/account/login/code/", {"email": "alice@example.org"}).content.decode()
    assert "account_login" not in browser.session
    assert Letter.objects.count() == 5


def test_after_three_wrong_tries_the_right_code_opens_nothing(alice: User) -> None:
    browser = Client()
    asked = browser.post("/account/login/code/", {"email": "alice@example.org"})
    code, request = code_sent(), CodeRequest.objects.get()
    # What tries at the same time do to the count of the session: it never gets there.
    for _ in range(3):
        assert may_try(request.pk)
    browser.post(asked["Location"], {"code": code})
    assert not is_signed_in(browser)


@pytest.mark.django_db(transaction=True)
def test_of_forty_tries_at_once_three_are_judged() -> None:
    make_user("alice@example.org")
    stranger_asks()
    deliver_letters(now=timezone.now())
    request = CodeRequest.objects.get()

    def judged(_: int) -> bool:
        answer = may_try(request.pk)
        connection.close()
        return answer

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(judged, range(40))) == 3


# Who wants no mail -----------------------------------------------------------------------------------------------


def sent_to(browser: Client) -> int:
    cache.clear()
    browser.post("/account/login/code/", {"email": "alice@example.org"})
    return deliver_letters(now=timezone.now()).sent


def test_who_complained_gets_one_code_a_day_that_they_asked_for(alice: User) -> None:
    browser = known_browser(alice)
    stop_mail(alice, Suppression.Reason.COMPLAINT, words="spam", now=NOW)
    with time_machine.travel(NOW, tick=False):
        stranger_asks()
        assert deliver_letters(now=timezone.now()).sent == 0
        assert [sent_to(browser) for _ in range(3)] == [1, 0, 0]
    with time_machine.travel(NOW + 25 * HOUR, tick=False):
        assert sent_to(browser) == 1


@pytest.mark.parametrize("reason", [Suppression.Reason.BOUNCE, Suppression.Reason.ERASED])
def test_after_a_hard_bounce_or_an_erasure_not_even_a_code_goes(alice: User, reason: Suppression.Reason) -> None:
    browser = known_browser(alice)
    stop_mail(alice, reason, words="gone", now=NOW)
    assert sent_to(browser) == 0


# The browser that is known ----------------------------------------------------------------------------------------


def test_a_browser_is_known_by_a_cookie_that_scripts_cannot_read_and_public_pages_never_set(
    reader: Client, alice: User
) -> None:
    reader.get("/")
    assert not reader.cookies
    reader.force_login(alice)
    cookie = reader.get("/my-data/").cookies["known"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert "known" not in reader.get("/my-data/").cookies


def test_a_change_of_address_forgets_the_browsers_of_before(alice: User) -> None:
    browser = known_browser(alice)
    change_address(alice, "alice@new.example", now=timezone.now())
    browser.post("/account/login/code/", {"email": "alice@new.example"})
    assert not CodeRequest.objects.get().is_known


def test_a_forged_mark_makes_nobody_known(alice: User) -> None:
    browser = Client()
    browser.cookies["known"] = f"{alice.pk}.{alice.link_version}:{'A' * 43}"
    browser.post("/account/login/code/", {"email": "alice@example.org"})
    assert not CodeRequest.objects.get().is_known


def test_requests_are_kept_for_a_day(alice: User) -> None:
    stranger_asks()
    sweep(now=timezone.now())
    assert CodeRequest.objects.exists()
    sweep(now=timezone.now() + dt.timedelta(days=1, minutes=1))
    assert not CodeRequest.objects.exists()

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import links
from accounts.entering.address_change import Change, change_address
from accounts.letters.deliver import deliver_letters
from accounts.models import User
from tests.accounts.second_steps import add_passkey
from tests.factories import make_user


def ask(reader: Client, alice: User, address: str = "alice@new.example") -> object:
    reader.force_login(alice)
    return reader.post("/my-data/address/", {"email": address})


def test_the_new_address_confirms_and_the_old_one_is_told(
    reader: Client, alice: User, letter_link: Callable[[str], str]
) -> None:
    ask(reader, alice)
    path = letter_link("/address/confirm/")
    assert mail.outbox[-1].to == ["alice@new.example"]
    reader.get(path)
    assert User.objects.get().email == "alice@example.org"
    assert "now goes to" in reader.post(path).content.decode()
    assert User.objects.get().email == "alice@new.example"
    deliver_letters(now=timezone.now())
    assert mail.outbox[-1].to == ["alice@example.org"]
    assert alice.events.filter(kind="address changed").exists()


def test_the_old_address_can_take_it_back_and_signs_everybody_out(
    reader: Client, alice: User, letter_link: Callable[[str], str]
) -> None:
    reader.force_login(alice)
    add_passkey(alice, name="thief's telephone")
    change_address(alice, "thief@example.org", now=timezone.now())
    path = letter_link("/address/restore/")
    assert reader.get("/my-data/").status_code == 200
    owner = Client(headers={"Sec-Fetch-Site": "same-origin"})
    assert "comes to alice@example.org again" in owner.post(path).content.decode()
    assert User.objects.get().email == "alice@example.org"
    assert reader.get("/my-data/").status_code == 302
    assert not Authenticator.objects.exists()


def test_a_change_revokes_the_links_of_earlier_mail(reader: Client, alice: User) -> None:
    path = links.preferences_url(alice).removeprefix("http://127.0.0.1:8000")
    assert reader.get(path).status_code == 200
    change_address(alice, "alice@new.example", now=timezone.now())
    assert reader.get(path).status_code == 404


def test_an_address_that_has_a_subscription_is_not_taken_over(
    reader: Client, alice: User, letter_link: Callable[[str], str]
) -> None:
    make_user("bob@example.org")
    answer = ask(reader, alice, "Bob@Example.org")
    assert "letter is on its way" in answer.content.decode()  # type: ignore[attr-defined]
    page = reader.post(letter_link("/address/confirm/")).content.decode()
    assert "has a subscription already" in page
    assert set(User.objects.values_list("email", flat=True)) == {"alice@example.org", "bob@example.org"}


def test_an_unconfirmed_sign_up_at_the_new_address_gives_way(alice: User) -> None:
    make_user("alice@new.example", confirmed=False, is_active=False)
    change_address(alice, "alice@new.example", now=timezone.now())
    assert User.objects.get() == alice


def test_three_letters_a_day_are_enough(reader: Client, alice: User) -> None:
    answers = [ask(reader, alice, f"victim{number}@example.org") for number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]  # type: ignore[attr-defined]


def test_a_link_works_once_and_for_three_days(reader: Client, alice: User, letter_link: Callable[[str], str]) -> None:
    ask(reader, alice)
    path = letter_link("/address/confirm/")
    with time_machine.travel(timezone.now() + dt.timedelta(days=3, minutes=1)):
        assert reader.post(path).status_code == 404
    reader.post(path)
    assert reader.post(path).status_code == 404


def test_what_is_no_address_is_said_beside_the_field(reader: Client, alice: User) -> None:
    answer = ask(reader, alice, "nonsense")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "not a complete e-mail address" in answer.content.decode()  # type: ignore[attr-defined]


def test_a_link_from_a_forwarded_mail_cannot_change_the_address(reader: Client, alice: User) -> None:
    reader.get(links.preferences_url(alice).removeprefix("http://127.0.0.1:8000"))
    assert reader.post("/my-data/address/", {"email": "thief@example.org"}).status_code == 302
    assert User.objects.get().email == "alice@example.org"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_to_one_address_at_once_one_is_told_that_it_is_taken() -> None:
    movers = [make_user(f"mover{number}@example.org") for number in range(4)]

    def move(user: User) -> Change:
        outcome = change_address(user, "wanted@example.org", now=timezone.now())
        connection.close()
        return outcome

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(move, movers))
    assert sorted(outcome.name for outcome in outcomes) == ["DONE", "TAKEN", "TAKEN", "TAKEN"]
    assert User.objects.filter(email="wanted@example.org").count() == 1

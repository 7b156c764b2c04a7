from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts import links
from accounts.entering.address_change import Change, change_address
from accounts.letters.deliver import deliver_letters
from accounts.models import AddressChange, Session, User
from accounts.retention import sweep
from briefs.models import PrivateFeed
from tests.accounts.conftest import SAME_ORIGIN
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


@pytest.fixture
def thief(reader: Client, alice: User) -> Client:
    """A browser with a stolen session, in which the address was just changed."""
    reader.force_login(alice)
    assert change_address(alice, "thief@example.org", now=timezone.now()) is Change.DONE
    reader.force_login(alice)
    return reader


@pytest.fixture
def owner(alice: User) -> Client:
    return Client(headers=SAME_ORIGIN)


def test_the_old_address_can_take_it_back_and_nothing_that_was_set_up_opens_the_account(
    thief: Client, owner: Client, alice: User, letter_link: Callable[[str], str]
) -> None:
    path = letter_link("/address/restore/")
    assert mail.outbox[-1].to == ["alice@example.org"]
    add_passkey(alice, name="thief's telephone")
    PrivateFeed.objects.create(user=alice)
    assert thief.get("/my-data/").status_code == 200
    assert "Take the change back?" in owner.get(path).content.decode()
    assert "comes to alice@example.org again" in owner.post(path).content.decode()
    assert User.objects.get().email == "alice@example.org"
    assert thief.get("/my-data/").status_code == 302
    assert not (Authenticator.objects.exists() or PrivateFeed.objects.exists() or Session.objects.exists())
    assert "comes to alice@example.org again" in owner.get(path).content.decode()


def test_a_change_ends_every_session_and_every_sign_in_that_was_begun(reader: Client, alice: User) -> None:
    reader.force_login(alice)
    begun = Client()
    begun.post("/account/login/code/", {"email": "alice@example.org"})
    change_address(alice, "alice@new.example", now=timezone.now())
    assert reader.get("/my-data/").status_code == 302
    assert not Session.objects.exists()


def test_a_second_change_cannot_put_the_objection_out_of_reach(
    thief: Client, owner: Client, alice: User, letter_link: Callable[[str], str]
) -> None:
    path = letter_link("/address/restore/")
    answer = thief.post("/my-data/address/", {"email": "thief2@example.org"})
    assert answer.status_code == 429
    assert "within the last fourteen days" in answer.content.decode()
    # A letter from before the first change, or a link signed by hand, comes to the same.
    alice.refresh_from_db()
    page = owner.post(path_of(links.confirm_address_url(alice, "thief2@example.org")))
    assert "cannot change again yet" in page.content.decode()
    User.objects.update(link_version=F("link_version") + 7)
    owner.post(path)
    assert User.objects.get().email == "alice@example.org"


def test_the_earliest_owner_undoes_all_later_changes(owner: Client, alice: User) -> None:
    now = timezone.now()
    first = AddressChange.objects.create(user=alice, old_address="alice@example.org", created_at=now)
    AddressChange.objects.create(user=alice, old_address="thief1@example.org", created_at=now + dt.timedelta(hours=1))
    User.objects.update(email="thief2@example.org")
    owner.post(path_of(links.objection_url(first.pk)))
    assert User.objects.get().email == "alice@example.org"
    assert not AddressChange.objects.filter(objected_at=None).exists()


def test_an_erasure_meanwhile_needs_the_button_in_the_old_mailbox(
    thief: Client, owner: Client, alice: User, letter_link: Callable[[str], str]
) -> None:
    assert "Ask the address of before" in thief.get("/my-data/erase/").content.decode()
    for _ in range(3):
        assert "went to the address of before" in thief.post("/my-data/erase/").content.decode()
    path = letter_link("/my-data/erase/")
    assert [message.to for message in mail.outbox].count(["alice@example.org"]) == 2
    assert "take the account back" in str(mail.outbox[-1].body)
    owner.get(path)
    assert User.objects.exists()
    assert owner.post(path)["Location"] == "/erased/"
    assert not User.objects.exists()
    assert owner.post(path).status_code == 404


def test_the_letter_about_an_erasure_takes_the_account_back_as_well(
    thief: Client, owner: Client, letter_link: Callable[[str], str]
) -> None:
    thief.post("/my-data/erase/")
    owner.post(letter_link("/address/restore/"))
    assert User.objects.get().email == "alice@example.org"
    assert owner.post(letter_link_of_last("/my-data/erase/")).status_code == 404
    assert User.objects.exists()


def test_nobody_else_moves_to_the_old_address_meanwhile(thief: Client, alice: User) -> None:
    bob = make_user("bob@example.org")
    assert change_address(bob, "alice@example.org", now=timezone.now()) is Change.TAKEN
    later = timezone.now() + dt.timedelta(days=15)
    assert change_address(bob, "alice@example.org", now=later) is Change.DONE


def test_an_objection_takes_in_a_sign_up_that_began_at_the_old_address(
    thief: Client, owner: Client, alice: User, letter_link: Callable[[str], str]
) -> None:
    path = letter_link("/address/restore/")
    make_user("alice@example.org")
    owner.post(path)
    assert User.objects.get() == alice
    assert User.objects.get().email == "alice@example.org"


def test_an_objection_is_possible_for_fourteen_days_and_the_row_goes_with_them(
    thief: Client, owner: Client, letter_link: Callable[[str], str]
) -> None:
    path = letter_link("/address/restore/")
    with time_machine.travel(timezone.now() + dt.timedelta(days=13, hours=23)):
        assert owner.get(path).status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(days=14, minutes=1)):
        assert owner.post(path).status_code == 404
        sweep(now=timezone.now())
    assert not AddressChange.objects.exists()
    assert User.objects.get().email == "thief@example.org"


@pytest.mark.parametrize("page", ["/address/restore/", "/my-data/erase/"])
def test_a_token_of_another_kind_opens_neither_page(thief: Client, owner: Client, page: str) -> None:
    change = AddressChange.objects.get()
    others = [links.objection_url(change.pk), links.erasure_url(change.pk), links.preferences_url(change.user)]
    tokens = [url.split("/")[-2] for url in others if page not in url]
    assert [owner.post(f"{page}{token}/").status_code for token in tokens] == [404, 404]


def path_of(url: str) -> str:
    return url.removeprefix("http://127.0.0.1:8000")


def letter_link_of_last(start: str) -> str:
    return str(re.findall(rf"https?://[^/\s]+({re.escape(start)}\S+)", str(mail.outbox[-1].body))[0])


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

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts import links
from accounts.entering.signup import sign_up
from accounts.entering.signup_form import stamp
from accounts.letters.deliver import deliver_letters
from accounts.models import Letter, SignupAttempt, User
from accounts.privacy import erase
from accounts.tokens import sign
from config.web.networks import network_hash
from tests.factories import make_user

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def box(**fields: object) -> dict[str, object]:
    with time_machine.travel(timezone.now() - dt.timedelta(seconds=9)):
        return {"email": "ada@example.org", "stamp": stamp(), "website": ""} | fields


def test_one_field_one_letter_one_button_and_the_address_is_a_subscribers(
    db: None, reader: Client, letter_link: Callable[[str], str]
) -> None:
    answer = reader.post("/sign-up/", box(topic=["economics"], time_zone="Europe/Berlin"))
    assert (answer.status_code, answer["Location"]) == (303, "/sign-up/sent/")
    path = letter_link("/confirm/")

    assert b"Confirm and choose topics" in reader.get(path).content
    assert User.objects.get().confirmed_at is None

    answer = reader.post(path)
    assert answer["Location"] == "/welcome/?topic=economics"
    ada = User.objects.confirmed().get()
    assert (ada.email, ada.time_zone, ada.brief_hour) == ("ada@example.org", "Europe/Berlin", 7)
    assert reader.session["_auth_user_id"] == str(ada.pk)


def test_the_box_sets_no_cookie(db: None, reader: Client) -> None:
    reader.post("/sign-up/", box())
    reader.get("/sign-up/sent/")
    assert not reader.cookies


def test_the_address_of_the_form_opened_by_itself_leads_to_the_front_page(db: None, reader: Client) -> None:
    answer = reader.get("/sign-up/")
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_form_on_another_site_cannot_sign_anybody_up(db: None) -> None:
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert Client(headers=headers).post("/sign-up/", box()).status_code == 403
    assert not Letter.objects.exists()


def test_known_and_unknown_addresses_get_the_same_answer_with_the_same_queries(reader: Client, alice: User) -> None:
    answers, queries = [], []
    for number, address in enumerate(["nobody@example.org", "alice@example.org"]):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answer = reader.post("/sign-up/", box(email=address), REMOTE_ADDR=f"203.0.{number}.1")
        answers.append((answer.status_code, answer.content, dict(answer.headers)))
        queries.append([query["sql"].split()[0] for query in captured.captured_queries])
    assert answers[0] == answers[1]
    assert queries[0] == queries[1]
    assert mail.outbox == []


def test_limited_addresses_get_the_same_answer_too(db: None, reader: Client) -> None:
    first = reader.post("/sign-up/", box())
    again = reader.post("/sign-up/", box())
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert Letter.objects.count() == 1


def test_a_subscriber_gets_a_way_in_and_no_error(alice: User, reader: Client) -> None:
    reader.post("/sign-up/", box(email="Alice@Example.org"))
    assert Letter.objects.get().kind == Letter.Kind.SIGN_IN
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ("ada", 422, "not a complete"),
        ("ada@mailinator.com", 422, "thrown away"),
        ("ada@gmial.com", 200, "ada@gmail.com"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(db: None, reader: Client, typed: str, status: int, words: str) -> None:
    answer = reader.post("/sign-up/", box(email=typed))
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not User.objects.exists()


def test_a_hasty_answer_needs_one_press_more(db: None, reader: Client) -> None:
    answer = reader.post("/sign-up/", {"email": "ada@example.org", "stamp": stamp()})
    assert "One press more" in answer.content.decode()
    assert not Letter.objects.exists()


def test_a_trapped_program_is_told_nothing(db: None, reader: Client) -> None:
    assert reader.post("/sign-up/", box(website="x")).status_code == 303
    assert not Letter.objects.exists()


def test_a_confirmation_works_once(db: None, reader: Client, letter_link: Callable[[str], str]) -> None:
    reader.post("/sign-up/", box())
    path = letter_link("/confirm/")
    reader.post(path)
    other = Client(headers={"Sec-Fetch-Site": "same-origin"})
    answer = other.post(path)
    assert "confirmed already" in answer.content.decode()
    assert "_auth_user_id" not in other.session


def test_an_old_link_offers_a_new_one(db: None, reader: Client, letter_link: Callable[[str], str]) -> None:
    with time_machine.travel(NOW):
        reader.post("/sign-up/", box(topic="economics"))
        path = letter_link("/confirm/")
    with time_machine.travel(NOW + dt.timedelta(days=4)):
        answer = reader.get(path)
        assert answer.status_code == 410
        assert "Send me a new link" in answer.content.decode()
        assert reader.post(path)["Location"] == "/sign-up/sent/"
        fresh = letter_link("/confirm/")
        assert reader.post(fresh)["Location"] == "/welcome/?topic=economics"


def test_the_link_of_an_erased_sign_up_says_what_to_do(db: None, reader: Client) -> None:
    sign_up("ada@example.org", network=network_hash("203.0.113.1"), now=NOW)
    path = "/confirm/" + sign(links.CONFIRM, User.objects.get().pk, "", "", version=1) + "/"
    User.objects.all().delete()
    answer = reader.get(path)
    assert answer.status_code == 404
    assert "Type the address again" in answer.content.decode()


@pytest.mark.parametrize("spoil", [lambda t: t[:-2], lambda t: "x" + t, lambda t: t.replace(".", "!")])
def test_a_tampered_confirmation_is_a_clear_page_and_changes_nothing(
    db: None, reader: Client, letter_link: Callable[[str], str], spoil: Callable[[str], str]
) -> None:
    reader.post("/sign-up/", box())
    token = letter_link("/confirm/").split("/")[2]
    answer = reader.post(f"/confirm/{spoil(token)}/")
    assert answer.status_code == 404
    assert "does not work" in answer.content.decode()
    assert not User.objects.confirmed().exists()


def test_a_token_for_something_else_confirms_nothing(db: None, reader: Client) -> None:
    ada = make_user("ada@example.org", confirmed=False)
    token = sign(links.PREFERENCES, ada.pk, "", "", version=ada.link_version)
    assert reader.post(f"/confirm/{token}/").status_code == 404
    assert not User.objects.confirmed().exists()


def test_looking_at_the_link_changes_nothing(db: None, reader: Client, letter_link: Callable[[str], str]) -> None:
    reader.post("/sign-up/", box())
    path = letter_link("/confirm/")
    for method in (reader.get, reader.head):
        assert method(path).status_code == 200
    assert not User.objects.confirmed().exists()


def test_token_pages_stay_out_of_caches_and_search_engines(
    db: None, reader: Client, letter_link: Callable[[str], str]
) -> None:
    reader.post("/sign-up/", box())
    answer = reader.get(letter_link("/confirm/"))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    assert not reader.cookies


def test_an_old_browser_may_name_the_token_page_to_ourselves_so_that_its_form_is_known_as_ours(
    db: None, reader: Client, letter_link: Callable[[str], str]
) -> None:
    reader.post("/sign-up/", box())
    old_browser = Client(headers={"Origin": "http://testserver"})
    path = letter_link("/confirm/")
    assert old_browser.get(path)["Referrer-Policy"] == "same-origin"
    assert old_browser.post(path).status_code == 302


def test_whoever_erased_an_account_is_not_written_to_again(db: None) -> None:
    erase(make_user("ada@example.org"), now=NOW)
    sign_up("ada@example.org", network=network_hash("203.0.113.1"), now=NOW)
    assert deliver_letters(now=timezone.now()).failed == 1
    assert mail.outbox == []


def test_ten_thousand_hostile_sign_ups_send_no_more_than_allowed(db: None, settings: Settings) -> None:
    settings.SIGNUP_LETTERS_PER_HOUR = 300
    victims = [f"victim{number}@example.org" for number in range(2000)]
    start = NOW
    for number in range(10_000):
        now = start + dt.timedelta(seconds=number)
        ip = f"10.{number % 7}.{number % 90}.{number % 250}"
        sign_up(victims[number * 7919 % 2000], network=network_hash(ip), now=now)
    attempts = list(SignupAttempt.objects.values_list("address_hash", "network_hash", "created_at"))
    assert Letter.objects.count() == len(attempts)
    assert max(Counter(address for address, _, _ in attempts).values()) == 1
    per_network = Counter((network, (at - start) // dt.timedelta(hours=1)) for _, network, at in attempts)
    assert max(per_network.values()) <= 5
    assert max(Counter((at - start) // dt.timedelta(hours=1) for _, _, at in attempts).values()) <= 300
    assert len(attempts) > 300


@pytest.mark.django_db(transaction=True)
def test_many_requests_at_once_for_one_address_cause_one_letter() -> None:
    def ask(number: int) -> None:
        sign_up("ada@example.org", network=network_hash(f"203.0.{number}.1"), now=NOW)
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(24)))
    assert (Letter.objects.count(), User.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_a_letter_once() -> None:
    for number in range(12):
        sign_up(f"reader{number}@example.org", network=network_hash(f"203.0.{number}.1"), now=NOW)

    def deliver(_: int) -> int:
        sent = deliver_letters(now=timezone.now()).sent
        connection.close()
        return sent

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(deliver, range(4))) == 12
    assert len({message.to[0] for message in mail.outbox}) == len(mail.outbox) == 12

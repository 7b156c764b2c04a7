from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import links
from accounts.adapter import SecretsAdapter
from accounts.entering.signup import sign_up
from accounts.letters.deliver import deliver_letters, request_letter
from accounts.models import Letter, Session, User
from config.web.networks import network_hash
from tests.factories import make_user


def code_of(address: str) -> str:
    deliver_letters(now=timezone.now())
    assert mail.outbox[-1].to == [address]
    return mail.outbox[-1].subject.split()[0]


def test_a_code_by_mail_signs_a_subscriber_in(reader: Client, alice: User) -> None:
    asked = reader.post("/account/login/code/?next=/saved/", {"email": "ALICE@example.org"})
    assert asked["Location"].startswith("/account/login/code/confirm/")
    answer = reader.post(asked["Location"], {"code": code_of("alice@example.org")})
    assert answer["Location"] == "/saved/"
    assert reader.get("/saved/").status_code == 200
    assert alice.events.values_list("kind", "detail").get() == ("signed in", "with a code by e-mail")


def test_unknown_and_unconfirmed_addresses_get_the_same_answer_and_no_mail(reader: Client, alice: User) -> None:
    make_user("carol@example.org", confirmed=False, is_active=False)
    pages = []
    for address in ("alice@example.org", "nobody@example.org", "carol@example.org"):
        browser = Client()
        asked = browser.post("/account/login/code/", {"email": address})
        page = browser.get(asked["Location"])
        pages.append((asked.status_code, asked["Location"], page.content.decode().replace(address, "X")))
    without_tokens = {tuple(part.partition("csrfmiddlewaretoken")[0] for part in map(str, page)) for page in pages}
    assert len(without_tokens) == 1
    assert Letter.objects.get().user == alice


def test_known_and_unknown_addresses_take_the_same_queries(alice: User) -> None:
    queries = []
    for address in ("alice@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as captured:
            Client().post("/account/login/code/", {"email": address})
        queries.append(
            [re.sub(r"'[^']*'|\d+|NULL|_django_curs\S+", "X", query["sql"]) for query in captured.captured_queries]
        )
    assert queries[0] == queries[1]
    assert (Letter.objects.count(), mail.outbox) == (1, [])


def test_a_code_finds_its_subscriber_however_the_domain_is_spelled(reader: Client) -> None:
    make_user("ada@bücher.example")
    asked = reader.post("/account/login/code/", {"email": "Ada@xn--bcher-kva.example"})
    reader.post(asked["Location"], {"code": code_of("ada@xn--bcher-kva.example")})
    assert "_auth_user_id" in reader.session


def test_the_admin_asks_for_the_same_sign_in_as_everything_else(reader: Client, alice: User) -> None:
    assert reader.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/account/login/code/?next=")
    reader.force_login(alice)
    assert reader.get("/admin/login/?next=/admin/").status_code == 403
    User.objects.update(is_staff=True, is_superuser=True)
    for page in ("user", "letter", "accountevent", "suppression"):
        assert reader.get(f"/admin/accounts/{page}/").status_code == 200


def test_a_wrong_code_signs_nobody_in(reader: Client, alice: User) -> None:
    asked = reader.post("/account/login/code/", {"email": "alice@example.org"})
    for _ in range(5):
        reader.post(asked["Location"], {"code": "WRONG"})
    right = code_of("alice@example.org")
    reader.post("/account/login/code/confirm/", {"code": right})
    assert "_auth_user_id" not in reader.session


def test_a_code_is_good_for_ten_minutes(reader: Client, alice: User) -> None:
    asked = reader.post("/account/login/code/", {"email": "alice@example.org"})
    code = code_of("alice@example.org")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        reader.post(asked["Location"], {"code": code})
    assert "_auth_user_id" not in reader.session


def test_at_most_five_codes_go_out_in_an_hour(alice: User, settings: object) -> None:
    for number in range(9):
        Client(REMOTE_ADDR=f"203.0.113.{number}").post("/account/login/code/", {"email": "alice@example.org"})
    assert Letter.objects.count() <= 5


@pytest.mark.parametrize(
    "path", ["/account/signup/", "/account/email/", "/account/password/reset/", "/account/password/change/"]
)
def test_what_we_do_not_use_of_allauth_is_closed(reader: Client, alice: User, path: str) -> None:
    reader.force_login(alice)
    assert reader.post(path, {"email": "new@example.org"}).status_code in (302, 404)
    assert User.objects.count() == 1


def test_nobody_can_sign_up_by_the_sign_in_pages(db: None, reader: Client) -> None:
    answer = reader.post("/account/signup/", {"email": "new@example.org"})
    assert "Start with your address" in answer.content.decode()
    assert not User.objects.exists()


# The link of a letter --------------------------------------------------------------------------------------------


def test_a_link_signs_in_once_by_a_button(reader: Client, alice: User, letter_link: Callable[[str], str]) -> None:
    request_letter(alice, Letter.Kind.SIGN_IN)
    path = letter_link("/sign-in/")
    assert reader.get(path).status_code == 200
    assert "_auth_user_id" not in reader.session
    assert reader.post(path)["Location"] == "/preferences/"
    again = Client(headers={"Sec-Fetch-Site": "same-origin"})
    assert again.post(path).status_code == 410
    assert "_auth_user_id" not in again.session


def test_who_signs_in_by_the_box_may_do_so_any_number_of_times(reader: Client, alice: User) -> None:
    for days in range(5):
        with time_machine.travel(timezone.now() + dt.timedelta(days=2 * days)):
            assert sign_up(alice.email, network=network_hash("203.0.113.1"), now=timezone.now())
            reader.post(urlsplit(links.sign_in_url(User.objects.get())).path)


def test_a_link_is_good_for_ten_minutes(reader: Client, alice: User, letter_link: Callable[[str], str]) -> None:
    request_letter(alice, Letter.Kind.SIGN_IN)
    path = letter_link("/sign-in/")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        answer = reader.post(path)
    assert answer.status_code == 410
    assert "Send me a code instead" in answer.content.decode()


def test_another_site_cannot_sign_a_visitor_in(alice: User, letter_link: Callable[[str], str]) -> None:
    request_letter(alice, Letter.Kind.SIGN_IN)
    path = letter_link("/sign-in/")
    assert Client(headers={"Sec-Fetch-Site": "cross-site"}).post(path).status_code == 403


def test_who_had_stopped_may_start_again_on_the_way_in(reader: Client, letter_link: Callable[[str], str]) -> None:
    user = make_user(unsubscribed_at=timezone.now())
    request_letter(user, Letter.Kind.SIGN_IN)
    path = letter_link("/sign-in/")
    assert "start it again" in reader.get(path).content.decode()
    reader.post(path, {"resume": "1"})
    assert User.objects.receiving().exists()


def test_a_second_factor_is_asked_for_after_the_link_too(
    reader: Client, alice: User, letter_link: Callable[[str], str]
) -> None:
    Authenticator.objects.create(user=alice, type="totp", data={"secret": SecretsAdapter().encrypt("A" * 32)})
    request_letter(alice, Letter.Kind.SIGN_IN)
    answer = reader.post(letter_link("/sign-in/"))
    assert answer["Location"] == "/account/2fa/authenticate/"
    assert "_auth_user_id" not in reader.session


# Afresh ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/my-data/erase/", "/account/2fa/totp/activate/", "/account/2fa/webauthn/add/"])
def test_dangerous_pages_ask_for_a_fresh_code(reader: Client, alice: User, path: str) -> None:
    reader.force_login(alice)
    assert reader.get(path).status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        answer = reader.get(path)
        assert answer["Location"].startswith("/sign-in/again/?next=")
        asked = reader.post(answer["Location"])
        back = reader.post(asked["Location"], {"code": code_of("alice@example.org")})
        assert back["Location"] == path
        assert reader.get(path).status_code == 200


def test_the_way_back_leads_to_our_own_pages_only(reader: Client, alice: User) -> None:
    reader.force_login(alice)
    page = reader.get("/sign-in/again/", {"next": "https://evil.example/"}).content.decode()
    assert "evil.example" not in page


def test_seeds_of_code_generators_are_encrypted_at_rest() -> None:
    sealed = SecretsAdapter().encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSW" not in sealed
    assert SecretsAdapter().decrypt(sealed) == "JBSWY3DPEHPK3PXP"


def test_the_session_table_holds_no_key_that_a_cookie_could_carry(reader: Client, alice: User) -> None:
    reader.force_login(alice)
    key = reader.cookies["session"].value
    assert reader.get("/my-data/").status_code == 200
    stored = Session.objects.get().session_key
    assert stored != key
    thief = Client()
    thief.cookies["session"] = stored
    assert thief.get("/my-data/").status_code == 302
    reader.post("/account/logout/")
    assert not Session.objects.filter(session_key=stored).exists()


def test_a_sign_in_that_was_begun_is_kept_for_an_hour_and_one_that_was_finished_for_a_month(
    reader: Client, alice: User
) -> None:
    asked = reader.post("/account/login/code/", {"email": "alice@example.org"})
    begun = Session.objects.get()
    assert begun.user == alice
    assert begun.expire_date <= timezone.now() + dt.timedelta(hours=1)
    reader.post(asked["Location"], {"code": code_of("alice@example.org")})
    finished = Session.objects.get()
    assert finished.user == alice
    assert finished.expire_date > timezone.now() + dt.timedelta(days=29)


def test_the_question_whether_one_still_reads_is_answered_by_a_button(
    reader: Client, letter_link: Callable[[str], str]
) -> None:
    long_ago = timezone.now() - dt.timedelta(days=200)
    user = make_user(active_at=long_ago, asked_if_reading_at=timezone.now(), paused_until=dt.date(2999, 12, 31))
    request_letter(user, Letter.Kind.STILL_READING)
    path = letter_link("/still-reading/")
    reader.get(path)
    assert User.objects.get().asked_if_reading_at
    assert "keeps coming" in reader.post(path).content.decode()
    user.refresh_from_db()
    assert (user.asked_if_reading_at, user.paused_until) == (None, None)
    assert user.active_at > long_ago


def test_an_old_answer_does_not_start_what_was_stopped_since(reader: Client, letter_link: Callable[[str], str]) -> None:
    user = make_user()
    request_letter(user, Letter.Kind.STILL_READING)
    path = letter_link("/still-reading/")
    User.objects.update(unsubscribed_at=timezone.now() - dt.timedelta(days=2))
    assert reader.post(path).status_code == 404
    assert not User.objects.receiving().exists()


def test_links_of_other_purposes_do_not_sign_in(reader: Client, alice: User) -> None:
    token = links.preferences_url(alice).split("/")[-2]
    assert reader.post(f"/sign-in/{token}/").status_code == 410
    assert "_auth_user_id" not in reader.session

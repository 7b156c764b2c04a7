from __future__ import annotations

import datetime as dt
import smtplib
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from pytest_django import Settings

from accounts.keyed_hashes import address_hash
from accounts.letters import deliver as letters
from accounts.letters.deliver import deliver_letters, request_letter
from accounts.letters.write import KINDS
from accounts.models import Letter, Suppression, User
from tests.accounts.mail.postmark import Postmark, inactive, running_postmark
from tests.briefs.smtp_sink import Sink, running_sink
from tests.cut_database import hang_up_as_the_database
from tests.factories import make_user

MINUTE = dt.timedelta(minutes=1)


class Failing(BaseEmailBackend):
    """A mail server with a fault of our choosing."""

    fault: Exception = OSError("connection refused")

    def send_messages(self, email_messages: Any) -> int:
        raise self.fault


class Slow(BaseEmailBackend):
    """A mail server that takes six minutes for each letter, longer than a lease."""

    clock: time_machine.Traveller
    due_meanwhile: list[Letter]

    def send_messages(self, email_messages: Any) -> int:
        self.due_meanwhile += Letter.objects.due(timezone.now()).filter(state=Letter.State.SENDING)
        self.clock.shift(6 * MINUTE)
        return len(email_messages)


@pytest.fixture
def broken(settings: Settings) -> type[Failing]:
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    Failing.fault = OSError("connection refused")
    return Failing


CONTEXTS: dict[str, dict[str, Any]] = {
    Letter.Kind.CONFIRM: {"topics": ["economics"], "time_zone": ""},
    Letter.Kind.SIGN_IN: {},
    Letter.Kind.LOGIN_CODE: {"code": "ABCD-EFGH"},
    Letter.Kind.CONFIRM_ADDRESS: {"to": "new@example.org"},
    Letter.Kind.ADDRESS_CHANGED: {"to": "old@example.org", "change": 1},
    Letter.Kind.CONFIRM_ERASURE: {"to": "old@example.org", "change": 1},
    Letter.Kind.STILL_READING: {},
    Letter.Kind.SECURITY: {"what": "A passkey was added to your account"},
}


@pytest.mark.parametrize("kind", list(CONTEXTS))
def test_every_letter_reads_in_both_parts(alice: User, kind: str) -> None:
    request_letter(alice, kind, **CONTEXTS[kind])
    assert deliver_letters(now=timezone.now()).sent == 1
    message = mail.outbox[0]
    assert isinstance(message, EmailMultiAlternatives)
    text, html = str(message.body), str(message.alternatives[0][0])
    assert message.to == [CONTEXTS[kind].get("to", "alice@example.org")]
    assert "\n" not in message.subject
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "&" not in text.replace("&topic", "")
    assert "{{" not in text + html
    assert "<style" in html or "style=" in html
    assert "<img" not in html
    links = [word for word in text.split() if word.startswith("http")]
    assert all(link in html.replace("&amp;", "&") for link in links if "/privacy/" not in link)


def test_every_kind_of_letter_but_the_test_brief_has_its_words_here() -> None:
    assert set(CONTEXTS) == KINDS == set(Letter.Kind) - {Letter.Kind.TEST_BRIEF}


def test_a_letter_whose_words_are_elsewhere_is_left_for_its_own_writer(alice: User) -> None:
    letter = request_letter(alice, Letter.Kind.TEST_BRIEF)
    assert deliver_letters(now=timezone.now()) == letters.Delivered()
    elsewhere = deliver_letters(now=timezone.now(), kinds=[Letter.Kind.TEST_BRIEF], writer=lambda _: None)
    assert elsewhere == letters.Delivered(failed=1)
    letter.refresh_from_db()
    assert letter.error == "what it was to hold is no longer there"


def test_a_letter_keeps_no_code_and_no_link_at_rest(alice: User) -> None:
    letter = request_letter(alice, Letter.Kind.LOGIN_CODE, code="ABCD-EFGH")
    deliver_letters(now=timezone.now())
    letter.refresh_from_db()
    assert (letter.state, letter.context) == (Letter.State.SENT, {})


def test_a_letter_is_sent_once(alice: User) -> None:
    request_letter(alice, Letter.Kind.SIGN_IN)
    assert [deliver_letters(now=timezone.now()).sent for _ in range(3)] == [1, 0, 0]
    assert len(mail.outbox) == 1


def test_a_server_that_breaks_off_puts_letters_off_until_five_attempts_are_over(
    alice: User, broken: type[Failing]
) -> None:
    letter = request_letter(alice, Letter.Kind.SIGN_IN)
    now = timezone.now()
    for _ in range(letters.MOST_ATTEMPTS - 1):
        assert deliver_letters(now=now).put_off == 1
        assert deliver_letters(now=now) == letters.Delivered()
        now += 3 * dt.timedelta(hours=1)
    assert deliver_letters(now=now).failed == 1
    letter.refresh_from_db()
    assert letter.state == Letter.State.FAILED
    assert "connection refused" in letter.error


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with running_sink() as sink:
        _send_to(settings, sink.port)
        yield sink


def _send_to(settings: Settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


def test_a_server_that_cannot_be_reached_costs_no_letter_an_attempt(
    alice: User, settings: Settings, sink: Sink
) -> None:
    for _ in range(12):
        request_letter(alice, Letter.Kind.SIGN_IN)
    before = list(Letter.objects.order_by("pk").values())
    with socket.socket() as bound_and_deaf:
        bound_and_deaf.bind(("127.0.0.1", 0))
        _send_to(settings, bound_and_deaf.getsockname()[1])
        for _ in range(letters.MOST_ATTEMPTS + 1):
            assert deliver_letters(now=timezone.now()) == letters.Delivered()
    assert list(Letter.objects.order_by("pk").values()) == before
    _send_to(settings, sink.port)
    assert deliver_letters(now=timezone.now()).sent == 12


def test_a_server_that_hangs_up_on_every_letter_is_left_alone_after_three(alice: User, sink: Sink) -> None:
    sink.at_data = lambda: "drop"
    for _ in range(12):
        request_letter(alice, Letter.Kind.SIGN_IN)
    assert deliver_letters(now=timezone.now()).put_off == letters.TROUBLE
    assert Letter.objects.filter(attempts=0, state=Letter.State.WAITING).count() == 12 - letters.TROUBLE


def test_after_an_error_the_next_letter_has_a_connection_of_its_own(alice: User, sink: Sink) -> None:
    answers = iter(["drop"])
    sink.at_data = lambda: next(answers, None)
    for _ in range(3):
        request_letter(alice, Letter.Kind.SIGN_IN)
    delivered = deliver_letters(now=timezone.now())
    assert (delivered.sent, delivered.put_off) == (2, 1)


def test_where_no_letter_waits_no_server_is_asked(
    db: None, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    _send_to(settings, 9)
    assert deliver_letters(now=timezone.now()) == letters.Delivered()
    assert not caplog.records


def test_an_address_that_the_server_refuses_is_not_tried_again(alice: User, broken: type[Failing]) -> None:
    broken.fault = smtplib.SMTPRecipientsRefused({"alice@example.org": (550, b"no such user")})
    request_letter(alice, Letter.Kind.SIGN_IN)
    assert deliver_letters(now=timezone.now()).failed == 1


def test_a_temporary_refusal_is_tried_again(alice: User, broken: type[Failing]) -> None:
    broken.fault = smtplib.SMTPRecipientsRefused({"alice@example.org": (451, b"greylisted")})
    request_letter(alice, Letter.Kind.SIGN_IN)
    assert deliver_letters(now=timezone.now()).put_off == 1


def test_one_bad_letter_does_not_stop_the_others(alice: User) -> None:
    request_letter(alice, Letter.Kind.CONFIRM)  # lacks what it needs
    request_letter(alice, Letter.Kind.SIGN_IN)
    delivered = deliver_letters(now=timezone.now())
    assert (delivered.sent, delivered.put_off) == (1, 1)


def test_the_letter_of_a_killed_sender_goes_out_after_its_lease_under_the_same_id(alice: User) -> None:
    letter = request_letter(alice, Letter.Kind.SIGN_IN)
    now = timezone.now()
    claimed = letters._claim(KINDS, now)
    assert claimed is not None
    assert deliver_letters(now=now + MINUTE).sent == 0
    assert deliver_letters(now=now + 6 * MINUTE).sent == 1
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<letter-{letter.pk}-")


def test_a_letter_that_is_being_sent_is_nobody_elses_however_long_the_run_before_it(
    alice: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Slow"
    for _ in range(3):
        request_letter(alice, Letter.Kind.SIGN_IN)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        Slow.clock, Slow.due_meanwhile = clock, []
        assert deliver_letters(now=timezone.now()).sent == 3
    assert Slow.due_meanwhile == []


@pytest.mark.django_db(transaction=True)
def test_a_database_that_hangs_up_before_the_answer_is_recorded_is_told_again(alice: User, sink: Sink) -> None:
    letter = request_letter(alice, Letter.Kind.SIGN_IN)
    sink.at_data = hang_up_as_the_database
    assert deliver_letters(now=timezone.now()).sent == 1
    letter.refresh_from_db()
    assert letter.state == Letter.State.SENT
    assert deliver_letters(now=timezone.now() + 10 * MINUTE) == letters.Delivered()
    assert len(sink.accepted) == 1


# What the server says of a mailbox ---------------------------------------------------------------------------------


@pytest.fixture
def postmark(settings: Settings) -> Iterator[Postmark]:
    with running_postmark(settings) as postmark:
        yield postmark


def sign_in_letters_to(*names: str) -> list[Letter]:
    return [request_letter(make_user(f"{name}@example.org"), Letter.Kind.SIGN_IN) for name in names]


@pytest.mark.django_db
def test_three_addresses_that_the_provider_refuses_keep_no_letter_from_the_fourth(postmark: Postmark) -> None:
    *refused, good = sign_in_letters_to("ann", "ben", "cleo", "dora")
    postmark.answer_to = {letter.recipient: inactive(letter.recipient) for letter in refused}
    delivered = deliver_letters(now=timezone.now())
    assert (delivered.sent, delivered.put_off, delivered.failed) == (1, 0, 3)
    assert [request["To"] for request in postmark.asked] == [letter.recipient for letter in (*refused, good)]
    assert_stopped(*refused)
    assert User.objects.get(pk=good.user_id).is_receiving


@pytest.mark.django_db
def test_three_mailboxes_that_do_not_exist_keep_no_letter_from_the_fourth(sink: Sink) -> None:
    *missing, good = sign_in_letters_to("ann", "ben", "cleo", "dora")
    sink.at_recipient = {letter.recipient: "550 5.1.1 No such user" for letter in missing}.get
    delivered = deliver_letters(now=timezone.now())
    assert (delivered.sent, delivered.put_off, delivered.failed) == (1, 0, 3)
    assert [message["To"] for message in sink.messages()] == [good.recipient]
    assert_stopped(*missing)
    assert User.objects.get(pk=good.user_id).is_receiving


def assert_stopped(*letters: Letter) -> None:
    """Just as after a brief that came to nobody: the subscriber sees it, and the address is on the list."""
    listed = Suppression.objects.filter(reason=Suppression.Reason.BOUNCE).values_list("address_hash", flat=True)
    assert set(listed) == {address_hash(letter.recipient) for letter in letters}
    for letter in letters:
        letter.refresh_from_db()
        user = User.objects.get(pk=letter.user_id)
        assert letter.state == Letter.State.FAILED
        assert not user.is_receiving
        assert user.stopped_reason == letter.error[:200] != ""
        assert user.events.get().kind == "mail stopped"


def test_a_new_address_that_does_not_exist_is_suppressed_and_the_subscriber_goes_on(alice: User, sink: Sink) -> None:
    request_letter(alice, Letter.Kind.CONFIRM_ADDRESS, to="new@example.org")
    sink.at_recipient = lambda _: "550 5.1.1 No such user"
    assert deliver_letters(now=timezone.now()).failed == 1
    assert Suppression.objects.get().address_hash == address_hash("new@example.org")
    alice.refresh_from_db()
    assert alice.is_receiving


def test_a_refusal_that_is_about_us_stops_nobody_and_is_tried_again(alice: User, sink: Sink) -> None:
    request_letter(alice, Letter.Kind.SIGN_IN)
    sink.at_recipient = lambda _: "550 5.7.1 Not from you"
    assert deliver_letters(now=timezone.now()).put_off == 1
    assert not Suppression.objects.exists()
    alice.refresh_from_db()
    assert alice.is_receiving
    sink.at_recipient = lambda _: None
    assert deliver_letters(now=timezone.now() + MINUTE).sent == 1


def test_a_refusal_of_the_sender_ends_the_run_at_once(alice: User, sink: Sink) -> None:
    for _ in range(5):
        request_letter(alice, Letter.Kind.SIGN_IN)
    sink.at_sender = lambda: "550 5.7.1 Not you"
    assert deliver_letters(now=timezone.now()) == letters.Delivered(put_off=1)
    assert sink.heard == ["sender"]


def test_letters_to_a_full_mailbox_count_against_it(alice: User, sink: Sink) -> None:
    sink.at_recipient = lambda _: "552 5.2.2 Mailbox full"
    for day in range(5):
        assert User.objects.get(pk=alice.pk).is_receiving
        request_letter(alice, Letter.Kind.SIGN_IN)
        assert deliver_letters(now=timezone.now() + day * dt.timedelta(days=1)).failed == 1
    assert not User.objects.get(pk=alice.pk).is_receiving


def test_letters_that_cannot_be_written_are_no_trouble_of_the_servers(alice: User) -> None:
    for _ in range(letters.TROUBLE):
        request_letter(alice, Letter.Kind.CONFIRM)  # lacks what it needs
    request_letter(alice, Letter.Kind.SIGN_IN)
    delivered = deliver_letters(now=timezone.now())
    assert (delivered.sent, delivered.put_off) == (1, letters.TROUBLE)


def test_letters_share_one_connection(alice: User, sink: Sink) -> None:
    for _ in range(5):
        request_letter(alice, Letter.Kind.SIGN_IN)
    assert deliver_letters(now=timezone.now()).sent == 5
    assert (len(sink.accepted), len(sink.clients)) == (5, 1)


@pytest.mark.parametrize("reason", [Suppression.Reason.BOUNCE, Suppression.Reason.COMPLAINT])
def test_a_suppressed_address_gets_no_letter(alice: User, reason: str) -> None:
    Suppression.objects.create(address_hash=address_hash("ALICE@example.org"), reason=reason)
    request_letter(alice, Letter.Kind.CONFIRM, topics=[], time_zone="")
    assert deliver_letters(now=timezone.now()).failed == 1
    assert mail.outbox == []


def test_letters_of_an_erased_account_are_gone(alice: User) -> None:
    request_letter(alice, Letter.Kind.SIGN_IN)
    alice.delete()
    assert deliver_letters(now=timezone.now()) == letters.Delivered()


def test_an_address_with_a_quote_breaks_no_header_and_no_page(db: None) -> None:
    odd = User.objects.create_user("o'neill+<b>@example.org".replace("<b>", "b"))
    request_letter(odd, Letter.Kind.CONFIRM, topics=[], time_zone="")
    deliver_letters(now=timezone.now())
    assert "o'neill+b@example.org" in str(mail.outbox[0].body)

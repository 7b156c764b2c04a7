from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, cycle

import pytest
from pytest_django import Settings

from accounts.mail.connection import Connection
from accounts.mail.layout import message_id
from accounts.mail.message import Message, mail_to
from accounts.mail.smtp import Interrupted, Phase
from tests.briefs.smtp_sink import Sink, running_sink

_number = count()


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with running_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


def a_mail() -> Message:
    headers = {"Message-ID": message_id(f"mail-{next(_number)}")}
    return mail_to("alice@example.org", subject="A claim", text="Money talks.\n", headers=headers)


def send(connection: Connection) -> None:
    assert connection.is_open()
    connection.send(a_mail())


def test_it_is_kept_over_many_mails(sink: Sink) -> None:
    with Connection() as connection:
        for _ in range(5):
            send(connection)
    assert (len(sink.accepted), len(sink.clients)) == (5, 1)


@pytest.mark.parametrize("answer", ["drop", "421 Closing, for nothing was said"])
def test_one_that_died_while_it_rested_is_opened_anew(sink: Sink, answer: str) -> None:
    sink.at_noop = lambda: answer
    with Connection(trusted_seconds=0) as connection:
        send(connection)
        send(connection)
    assert (len(sink.accepted), len(sink.clients)) == (2, 2)


def test_one_that_still_answers_after_a_rest_is_kept(sink: Sink) -> None:
    asked: list[None] = []
    sink.at_noop = lambda: asked.append(None)
    with Connection(trusted_seconds=0) as connection:
        send(connection)
        send(connection)
    assert (len(sink.accepted), len(sink.clients), len(asked)) == (2, 1, 1)


def test_between_two_mails_without_a_rest_nothing_is_asked(sink: Sink) -> None:
    asked: list[None] = []
    sink.at_noop = lambda: asked.append(None)
    with Connection(trusted_seconds=3600) as connection:
        send(connection)
        send(connection)
    assert asked == []


def test_after_an_error_the_next_mail_has_one_of_its_own(sink: Sink) -> None:
    answers = iter(["451 Later", None])
    sink.at_data = lambda: next(answers)
    with Connection() as connection:
        with pytest.raises(Interrupted, match="Later"):
            send(connection)
        send(connection)
    assert (len(sink.accepted), len(sink.clients)) == (1, 2)


PHASES: dict[str, Phase] = {
    "at_sender": Phase.SENDER,
    "at_recipient": Phase.RECIPIENT,
    "at_content": Phase.CONTENT,
    "at_data": Phase.HANDED_OVER,
}


def _always(answer: str | None, *_: object) -> str | None:
    return answer


@pytest.mark.parametrize("where", PHASES)
@pytest.mark.parametrize("answer", ["drop", "lose", "421 Closing", "451 4.3.0 Later", "550 5.7.1 No", "gibberish"])
def test_an_error_tells_how_far_the_mail_had_come(sink: Sink, where: str, answer: str) -> None:
    setattr(sink, where, partial(_always, answer))
    with Connection() as connection, pytest.raises(Interrupted) as caught:
        send(connection)
    assert caught.value.phase == PHASES[where]
    assert len(sink.accepted) == (where == "at_data" and answer == "drop")


def _every_third(answer: str) -> Callable[..., str | None]:
    turns = cycle([None, None, answer])
    return lambda *_: next(turns)


@pytest.mark.parametrize("where", ["at_sender", "at_recipient", "at_content"])
@pytest.mark.parametrize("answer", ["drop", "421 4.7.0 Too many mails in one session"])
def test_a_connection_that_ends_between_two_mails_costs_neither(sink: Sink, where: str, answer: str) -> None:
    setattr(sink, where, _every_third(answer))
    with Connection() as connection:
        for _ in range(8):
            send(connection)
    ids = [message["Message-ID"] for message in sink.messages()]
    assert (len(ids), len(set(ids)), len(sink.clients)) == (8, 8, 4)


def test_what_was_handed_over_is_not_tried_over_another_connection(sink: Sink) -> None:
    sink.at_data = _every_third("drop")
    with Connection() as connection:
        send(connection)
        send(connection)
        with pytest.raises(Interrupted) as caught:
            send(connection)
    assert caught.value.phase == Phase.HANDED_OVER
    assert len(sink.accepted) == 3


def test_a_mail_at_which_every_connection_breaks_is_tried_over_two(sink: Sink) -> None:
    answers = iter([None, "drop", "drop", None])
    sink.at_sender = lambda: next(answers)
    with Connection() as connection:
        send(connection)
        with pytest.raises(Interrupted):
            send(connection)
        send(connection)
    assert len(sink.accepted) == 2


def test_every_kind_of_yes_is_one(sink: Sink) -> None:
    sink.at_data = lambda: "251 2.6.0 Taken, and it will be passed on"
    with Connection() as connection:
        send(connection)
    assert len(sink.accepted) == 1


def test_a_mail_of_any_length_arrives_as_it_is(sink: Sink) -> None:
    text = "".join(f"{number}\n.\n..\n" for number in range(20_000))
    headers = {"Message-ID": message_id("long")}
    with Connection() as connection:
        assert connection.is_open()
        connection.send(mail_to("alice@example.org", subject="Dots", text=text, headers=headers))
    (message,) = sink.messages()
    assert message.get_content().replace("\r\n", "\n") == text


def test_a_server_that_cannot_be_reached_is_said_to_be_so(settings: Settings, sink: Sink) -> None:
    with socket.socket() as bound_and_deaf:
        bound_and_deaf.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = bound_and_deaf.getsockname()[1]
        with Connection() as connection:
            assert not connection.is_open()

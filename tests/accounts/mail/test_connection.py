from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from itertools import count

import pytest
from pytest_django import Settings

from accounts.mail.connection import Connection
from accounts.mail.layout import message_id
from accounts.mail.message import Message, mail_to
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
        with pytest.raises(smtplib.SMTPDataError):
            send(connection)
        send(connection)
    assert (len(sink.accepted), len(sink.clients)) == (1, 2)


def test_a_server_that_cannot_be_reached_is_said_to_be_so(settings: Settings, sink: Sink) -> None:
    with socket.socket() as bound_and_deaf:
        bound_and_deaf.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = bound_and_deaf.getsockname()[1]
        with Connection() as connection:
            assert not connection.is_open()

"""Django's SMTP back end, which here knows how far a mail had come when something went wrong."""

from __future__ import annotations

import smtplib
import socket
from enum import IntEnum
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

_END = b".\r\n"
_CLOSING = 421


class Phase(IntEnum):
    """Up to and with CONTENT the server cannot have taken the mail: it never saw the dot that ends one."""

    SENDER = 1
    RECIPIENT = 2
    CONTENT = 3
    HANDED_OVER = 4


class Interrupted(Exception):
    """A mail that got no further than this; `error` is what smtplib made of it."""

    def __init__(self, phase: Phase, error: Exception) -> None:
        super().__init__(str(error))
        self.phase = phase
        self.error = error

    @property
    def is_only_the_connection(self) -> bool:
        """The mail would be taken over another one, for all we know, and this one certainly brought nothing."""
        is_closing = isinstance(self.error, smtplib.SMTPServerDisconnected) or _CLOSING in _codes(self.error)
        return self.phase < Phase.HANDED_OVER and is_closing


class EmailBackend(smtp.EmailBackend):
    connection: Any

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SmtpOverTls if self.use_ssl else _Smtp

    def _send(self, email_message: EmailMessage) -> bool:
        self.connection.phase = Phase.SENDER
        try:
            return bool(super()._send(email_message))  # type: ignore[misc]
        except OSError as error:
            raise Interrupted(self.connection.phase, error) from error


class _InPhases(smtplib.SMTP):
    phase = Phase.SENDER

    def connect(self, *arguments: Any, **named: Any) -> tuple[int, bytes]:
        answer = super().connect(*arguments, **named)
        # The dot would wait for the server to acknowledge what was sent before it.
        if self.sock:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return answer

    def mail(self, *arguments: Any, **named: Any) -> tuple[int, bytes]:
        self.phase = Phase.SENDER
        return super().mail(*arguments, **named)

    def rcpt(self, *arguments: Any, **named: Any) -> tuple[int, bytes]:
        self.phase = Phase.RECIPIENT
        return super().rcpt(*arguments, **named)

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.phase = Phase.CONTENT
        code, words = super().data(msg)
        # Any answer of this kind is a yes; smtplib knows one.
        return (250 if 200 <= code < 300 else code), words

    def send(self, s: Any) -> None:
        """The dot by itself: where what comes before it meets a closed door, nothing was handed over."""
        if isinstance(s, bytes) and s.endswith(b"\r\n" + _END):
            super().send(s[: -len(_END)])
            super().send(_END)
            self.phase = Phase.HANDED_OVER
        else:
            super().send(s)


class _Smtp(_InPhases): ...


class _SmtpOverTls(_InPhases, smtplib.SMTP_SSL): ...


def _codes(error: Exception) -> set[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return {code for code, _ in error.recipients.values()}
    return {error.smtp_code} if isinstance(error, smtplib.SMTPResponseException) else set()

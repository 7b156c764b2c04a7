"""One connection to the mail server or provider, kept over many mails."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from accounts.mail.message import Message
from accounts.mail.smtp import Interrupted
from accounts.mail.verdict import in_words

logger = logging.getLogger(__name__)

# A server that waits for no mail hangs up after minutes; what lies between may forget a connection much sooner.
_TRUSTED_SECONDS = 5.0
_IN_PHASES = {"django.core.mail.backends.smtp.EmailBackend": "accounts.mail.smtp.EmailBackend"}


class Connection:
    """Opened where it is needed, asked whether it still answers after a rest, closed after an error."""

    def __init__(self, *, trusted_seconds: float = _TRUSTED_SECONDS) -> None:
        self._trusted_seconds = trusted_seconds
        path = settings.EMAIL_BACKEND
        self._backend: BaseEmailBackend = get_connection(_IN_PHASES.get(path, path))
        self._last_used = time.monotonic()
        self._has_carried = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def is_open(self) -> bool:
        """Open it where it is not. Over one that died unnoticed, nobody could tell what became of a mail."""
        if time.monotonic() - self._last_used > self._trusted_seconds and not self._answers():
            self._close()
        try:
            self._backend.open()
        except OSError as error:
            logger.warning("the mail server cannot be reached: %s", in_words(error))
            return False
        return True

    def send(self, message: Message) -> None:
        """Raises whatever went wrong, for the verdict to tell.

        Many servers end a connection after so many mails: that is the connection's end and no word about the next mail.
        """
        is_used = self._has_carried
        try:
            self._send(message)
        except Interrupted as error:
            if not (is_used and error.is_only_the_connection and self.is_open()):
                raise
            self._send(message)

    def _send(self, message: Message) -> None:
        try:
            self._backend.send_messages([message])
            self._has_carried = True
        except Exception:
            self._close()
            raise
        finally:
            self._last_used = time.monotonic()

    def _answers(self) -> bool:
        """Whether it is alive, as far as it can be asked: only SMTP can."""
        smtp = getattr(self._backend, "connection", None)
        try:
            return smtp is None or not hasattr(smtp, "noop") or smtp.noop()[0] < 400
        except OSError:
            return False

    def _close(self) -> None:
        self._has_carried = False
        # What a server answers to a goodbye changes nothing.
        with suppress(OSError):
            self._backend.close()

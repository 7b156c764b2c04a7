"""What an error of a mail server or a provider means for the mail that was being sent, and for its address."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused

from accounts.mail.smtp import Interrupted, Phase

# RFC 3463: the mailbox, its system or its syntax does not exist. 5.7.x is policy: that is about us, not about them.
_NO_SUCH_MAILBOX = re.compile(r"\b5\.1\.(?:1|2|3|6|10)\b")
_TOO_MANY_REQUESTS = 429
_SERVICE_UNAVAILABLE = 503
_TRY_LATER = 450
# Of urllib3, under the provider's error: nothing was handed over.
_NEVER_CONNECTED = {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}


class Fate(Enum):
    LATER = "certainly not sent; try again"
    REFUSED = "refused for good; the next one may be taken"
    GONE = "refused for good, and so will be all that goes to this address"
    UNKNOWN = "nobody can tell whether it was sent"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the mail, and the answer in words."""

    fate: Fate
    words: str


def verdict(error: Exception) -> Verdict:
    return Verdict(_fate(error), in_words(error))


def in_words(error: Exception) -> str:
    if isinstance(error, Interrupted):
        return in_words(error.error)
    return f"{type(error).__name__}: {' '.join(_answer(error).split())}"[:300]


def _fate(error: Exception) -> Fate:
    """Only an answer, or an error before anything was handed over, is certain."""
    if isinstance(error, Interrupted):
        return _fate_in(error.phase, error.error)
    if isinstance(error, AnymailRecipientsRefused):
        # A hard bounce at the door: the provider has the address on a list of its own.
        return Fate.GONE
    if (code := _code(error)) is not None:
        return Fate.LATER if code < 500 else _refusal(error)
    if isinstance(error, AnymailAPIError) and _NEVER_CONNECTED & {type(cause).__name__ for cause in _causes(error)}:
        return Fate.LATER
    return Fate.UNKNOWN if _is_lost(error) else Fate.LATER


def _is_lost(error: Exception) -> bool:
    return isinstance(error, (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError, AnymailAPIError))


def _fate_in(phase: Phase, error: Exception) -> Fate:
    """Before the dot nothing was handed over, whatever went wrong; after it only an answer tells."""
    is_answered = _code(error) in range(400, 600)
    if phase == Phase.HANDED_OVER:
        return _fate(error) if is_answered else Fate.UNKNOWN
    return Fate.LATER if _is_lost(error) else _fate(error)


def _refusal(error: Exception) -> Fate:
    """What is refused for good, told by kind."""
    return Fate.GONE if _NO_SUCH_MAILBOX.search(_answer(error)) else Fate.REFUSED


def _code(error: Exception) -> int | None:
    """The SMTP code, or an SMTP-like one for the HTTP status of a provider's API."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        return None
    if status in (_TOO_MANY_REQUESTS, _SERVICE_UNAVAILABLE):
        return _TRY_LATER
    # A provider answers 4xx for what it will never take, and 5xx when it may or may not have taken it.
    return 500 + status % 100 if 400 <= status < 500 else None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _answer(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = [f"{code} {_decoded(text)}" for code, text in error.recipients.values()]
        return "; ".join(answers)
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return str(error)


def _decoded(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text

"""What a mail server's error means for the brief that was being sent."""

import re
import smtplib
from collections.abc import Iterator
from enum import Enum

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused

# RFC 3463: the mailbox, its system or its syntax does not exist. 5.7.x is policy: that is about us, not about them.
_NO_SUCH_MAILBOX = re.compile(r"\b5\.1\.(?:1|2|3|6|10)\b")
_TOO_MANY_REQUESTS = 429
_SERVICE_UNAVAILABLE = 503
_TRY_LATER = 450
# Of urllib3, under the provider's error: nothing was handed over.
_NEVER_CONNECTED = {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}


class Verdict(Enum):
    LATER = "certainly not sent; try again"
    NEVER = "refused for good"
    UNKNOWN = "nobody can tell whether it was sent"


def verdict(error: Exception) -> Verdict:
    """Only an answer of the server, or an error before anything was handed over, is certain."""
    if isinstance(error, AnymailRecipientsRefused):
        return Verdict.NEVER
    if (code := _code(error)) is not None:
        return Verdict.LATER if code < 500 else Verdict.NEVER
    if isinstance(error, AnymailAPIError) and _NEVER_CONNECTED & {type(cause).__name__ for cause in _causes(error)}:
        return Verdict.LATER
    lost = (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError, AnymailAPIError)
    return Verdict.UNKNOWN if isinstance(error, lost) else Verdict.LATER


def names_no_mailbox(error: Exception) -> bool:
    """A hard bounce at the door: this address will never work, or the provider has it on a list of its own."""
    if isinstance(error, AnymailRecipientsRefused):
        return True
    return verdict(error) is Verdict.NEVER and bool(_NO_SUCH_MAILBOX.search(_answer(error)))


def in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(_answer(error).split())}"[:300]


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

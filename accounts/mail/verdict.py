"""What an error of a mail server or a provider means for the mail that was being sent, and for its address."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused

from accounts.mail.answer import About, Fate, Judgement, heard
from accounts.mail.smtp import Interrupted, Phase

__all__ = ["About", "Fate", "Verdict", "in_words", "verdict"]

# Of a provider's API.
_NOT_NOW = {429, 503}
_NOT_US = {401, 402, 403, 404, 405}
_TOO_LARGE = 413
# Of urllib3, under the provider's error: nothing was handed over.
_NEVER_CONNECTED = {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}
_LOST = (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError, AnymailAPIError)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the mail, the answer in words, and whom it concerns."""

    fate: Fate
    words: str
    about: About = About.SERVER


def verdict(error: Exception) -> Verdict:
    fate, about = _judge(error)
    return Verdict(fate, in_words(error), about)


def in_words(error: Exception) -> str:
    if isinstance(error, Interrupted):
        return in_words(error.error)
    return f"{type(error).__name__}: {' '.join(_answer(error).split())}"[:300]


def _judge(error: Exception) -> Judgement:
    """Only an answer, or an error before anything was handed over, is certain."""
    if isinstance(error, Interrupted):
        return _judge_in(error.phase, error.error)
    if isinstance(error, AnymailRecipientsRefused):
        # A hard bounce at the door: the provider has the address on a list of its own.
        return Fate.GONE, About.MAILBOX
    if isinstance(status := getattr(error, "status_code", None), int):
        return _of_an_api(status)
    if (code := _code(error)) is not None:
        return heard(code, _answer(error), _phase_of(error))
    return _unanswered(error)


def _unanswered(error: Exception) -> Judgement:
    if isinstance(error, AnymailAPIError) and _NEVER_CONNECTED & {type(cause).__name__ for cause in _causes(error)}:
        return Fate.LATER, About.SERVER
    if isinstance(error, _LOST):
        return Fate.UNKNOWN, About.SERVER
    return Fate.LATER, About.SERVER if isinstance(error, OSError) else About.MESSAGE


def _judge_in(phase: Phase, error: Exception) -> Judgement:
    """Before the dot nothing was handed over, whatever went wrong; after it only an answer tells."""
    if (code := _code(error)) is not None:
        return heard(code, _answer(error), phase)
    return (Fate.UNKNOWN if phase == Phase.HANDED_OVER else Fate.LATER), About.SERVER


def _of_an_api(status: int) -> Judgement:
    """A provider answers 4xx for what it will never take, and 5xx when it may or may not have taken it."""
    if status in _NOT_NOW:
        return Fate.LATER, About.SERVER
    if status in _NOT_US:
        return Fate.LATER, About.US
    if status == _TOO_LARGE:
        return Fate.REFUSED, About.MESSAGE
    return (Fate.REFUSED, About.UNSAID) if 400 <= status < 500 else (Fate.UNKNOWN, About.SERVER)


def _code(error: Exception) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _ in error.recipients.values())
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _phase_of(error: Exception) -> Phase:
    """Where nobody noted it, smtplib's class tells."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return Phase.RECIPIENT
    return Phase.HANDED_OVER if isinstance(error, smtplib.SMTPDataError) else Phase.SENDER


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

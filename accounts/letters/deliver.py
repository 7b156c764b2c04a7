"""Transactional mail: asked for in a request, written and sent by a worker or a sweep."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import smtplib

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from accounts.keyed_hashes import address_hashes
from accounts.letters.write import NothingToWrite, write
from accounts.models import Letter, Suppression, User

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
# So many in a row put off: the server is in trouble, not the letters, and each of them may take a time-out.
TROUBLE = 3
_LEASE = dt.timedelta(minutes=5)
_WAITS = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120)]
_REFUSED_FOR_GOOD = 500


@dataclasses.dataclass(frozen=True)
class Delivered:
    sent: int = 0
    put_off: int = 0
    failed: int = 0


def request_letter(user: User, kind: str, **context: object) -> Letter:
    """Add a letter for the next delivery. `context` is JSON without links: those are signed when it is written."""
    return Letter.objects.create(user=user, kind=kind, context=context)


def deliver_letters(*, now: dt.datetime, limit: int = 500) -> Delivered:
    """Claim and send what is due. Time goes on meanwhile: a lease that began with the run would end before its letter.

    A sender killed between the server's answer and our note sends that one letter again after its lease, under the
    same Message-ID; a lost sign-in letter would be worse.
    """
    counts = {"sent": 0, "put_off": 0, "failed": 0}
    mail, began, put_off_in_a_row = get_connection(), timezone.now(), 0
    try:
        while sum(counts.values()) < limit and put_off_in_a_row < TROUBLE:
            at = now + (timezone.now() - began)
            if not (Letter.objects.due(at).exists() and _is_connected(mail) and (letter := _claim(at))):
                break
            outcome = _deliver(letter, mail, now=at)
            counts[outcome] += 1
            put_off_in_a_row = put_off_in_a_row + 1 if outcome == "put_off" else 0
    finally:
        mail.close()
    return Delivered(**counts)


def _is_connected(mail: BaseEmailBackend) -> bool:
    """Asked before a letter is claimed: what never reached a server is no attempt of the letter's."""
    try:
        mail.open()
    except OSError as error:
        logger.warning("The mail server cannot be reached, and the letters wait: %r", error)
        return False
    return True


def _claim(now: dt.datetime) -> Letter | None:
    with transaction.atomic():
        letter = (
            Letter.objects.due(now).select_for_update(skip_locked=True, of=("self",)).select_related("user").first()
        )
        if letter:
            letter.state = Letter.State.SENDING
            letter.attempts += 1
            letter.next_attempt_at = now + _LEASE
            letter.save(update_fields=["state", "attempts", "next_attempt_at"])
        return letter


def _deliver(letter: Letter, mail: BaseEmailBackend, *, now: dt.datetime) -> str:
    if letter.attempts > MOST_ATTEMPTS:
        return _fail(letter, "given up after five attempts")
    if _is_suppressed(letter):
        return _fail(letter, "this address must not be mailed")
    try:
        message = write(letter)
        message.connection = mail
        message.send()
    except Exception as error:
        mail.close()
        if _is_permanent(error) or letter.attempts == MOST_ATTEMPTS:
            return _fail(letter, repr(error))
        logger.warning("Letter %s was put off: %r", letter.pk, error)
        return _put_off(letter, error, now=now)
    # A one-time code has no business in the table once it is on its way.
    _record(letter, state=Letter.State.SENT, sent_at=now, context={}, error="")
    return "sent"


def _is_suppressed(letter: Letter) -> bool:
    found = Suppression.objects.filter(address_hash__in=address_hashes(letter.recipient))
    if letter.kind in (Letter.Kind.CONFIRM, Letter.Kind.CONFIRM_ADDRESS):
        found = found.exclude(reason=Suppression.Reason.ERASED)
    return found.exists()


def _is_permanent(error: Exception) -> bool:
    if isinstance(error, NothingToWrite):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _REFUSED_FOR_GOOD for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= _REFUSED_FOR_GOOD


def _fail(letter: Letter, reason: str) -> str:
    logger.error("Letter %s failed: %s", letter.pk, reason)
    _record(letter, state=Letter.State.FAILED, error=reason[:500], context={})
    return "failed"


def _put_off(letter: Letter, error: Exception, *, now: dt.datetime) -> str:
    wait = _WAITS[min(letter.attempts, len(_WAITS)) - 1]
    _record(letter, state=Letter.State.WAITING, next_attempt_at=now + wait, error=repr(error)[:500])
    return "put_off"


def _record(letter: Letter, **fields: object) -> None:
    """Only the claim that still holds the number may record; a letter erased meanwhile stays gone."""
    Letter.objects.filter(pk=letter.pk, attempts=letter.attempts).update(**fields)

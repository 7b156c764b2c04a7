"""Transactional mail: asked for in a request, written and sent by a worker or a sweep."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.instance import may_send
from accounts.keyed_hashes import address_hashes
from accounts.letters.write import KINDS, write
from accounts.mail.connection import Connection
from accounts.mail.message import Message
from accounts.mail.verdict import About, Fate, Verdict, in_words, verdict
from accounts.models import Letter, Suppression, User
from accounts.recording import persist
from accounts.soft_bounces import note_soft_bounce
from accounts.subscription import stop_address

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
# So many in a row put off: the server is in trouble, not the letters, and each of them may take a time-out.
TROUBLE = 3
_LEASE = dt.timedelta(minutes=5)
_WAITS = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120)]

# None where what the letter was to hold is no longer there: it is not sent, and not tried again.
Writer = Callable[[Letter], Message | None]


@dataclass(frozen=True)
class Delivered:
    sent: int = 0
    put_off: int = 0
    failed: int = 0


def request_letter(user: User, kind: str, **context: object) -> Letter:
    """Add a letter for the next delivery. `context` is JSON without links: those are signed when it is written."""
    return Letter.objects.create(user=user, kind=kind, context=context)


def deliver_letters(
    *, now: dt.datetime, limit: int = 500, kinds: Collection[str] = KINDS, writer: Writer = write
) -> Delivered:
    """Claim and send what is due. Time goes on meanwhile: a lease that began with the run would end before its letter.

    A sender killed between the server's answer and our note sends that one letter again after its lease, under the
    same Message-ID; a lost sign-in letter would be worse.
    """
    began = timezone.now()
    if not (_is_any_due(kinds, now) and may_send(now=now)):
        return Delivered()
    with Connection() as mail:
        run = _Run(mail, writer)
        while run.counts.total() < limit and run.troubles_in_a_row < TROUBLE:
            at = now + (timezone.now() - began)
            # Asked before a letter is claimed: what never reached a server is no attempt of the letter's.
            if not (_is_any_due(kinds, at) and mail.is_open() and (letter := _claim(kinds, at))):
                break
            run.deliver(letter, now=at)
    return Delivered(**run.counts)


def _is_any_due(kinds: Collection[str], now: dt.datetime) -> bool:
    return Letter.objects.due(now).filter(kind__in=kinds).exists()


def _claim(kinds: Collection[str], now: dt.datetime) -> Letter | None:
    due = Letter.objects.due(now).filter(kind__in=kinds)
    with transaction.atomic():
        letter = due.select_for_update(skip_locked=True, of=("self",)).select_related("user").first()
        if letter:
            letter.state = Letter.State.SENDING
            letter.attempts += 1
            letter.next_attempt_at = now + _LEASE
            letter.save(update_fields=["state", "attempts", "next_attempt_at"])
        return letter


class _Run:
    """Letters one after the other over one connection, and what came of them."""

    def __init__(self, mail: Connection, writer: Writer) -> None:
        self._mail, self._write = mail, writer
        self.counts: Counter[str] = Counter()
        self.troubles_in_a_row = 0

    def deliver(self, letter: Letter, *, now: dt.datetime) -> None:
        if letter.attempts > MOST_ATTEMPTS:
            self._fail(letter, "given up after five attempts")
        elif _is_suppressed(letter):
            self._fail(letter, "this address must not be mailed")
        else:
            self._write_and_send(letter, now=now)

    def _write_and_send(self, letter: Letter, *, now: dt.datetime) -> None:
        try:
            message = self._write(letter)
        except Exception as error:
            logger.exception("letter %s could not be written", letter.pk)
            self._put_off(letter, in_words(error), now=now)
            return
        if message is None:
            self._fail(letter, "what it was to hold is no longer there")
            return
        try:
            self._mail.send(message)
        except Exception as error:
            self._heed(letter, verdict(error), now=now)
        else:
            self.troubles_in_a_row = 0
            self.counts["sent"] += 1
            # A one-time code has no business in the table once it is on its way.
            _record(letter, state=Letter.State.SENT, sent_at=now, context={}, error="")

    def _heed(self, letter: Letter, verdict: Verdict, *, now: dt.datetime) -> None:
        is_trouble = verdict.fate == Fate.UNKNOWN or verdict.about in (About.SERVER, About.PROVIDER)
        self.troubles_in_a_row = self.troubles_in_a_row + 1 if is_trouble else 0
        if verdict.about == About.US:
            self.troubles_in_a_row = TROUBLE
        match verdict.fate:
            case Fate.LATER | Fate.UNKNOWN:
                self._put_off(letter, verdict.words, now=now)
            case Fate.REFUSED:
                self._bounce(letter, verdict, now=now)
                self._fail(letter, verdict.words)
            case Fate.GONE:
                stop = partial(stop_address, letter.recipient, letter.user, Suppression.Reason.BOUNCE)
                persist(
                    partial(stop, words=verdict.words, now=now), what=f"that the address of letter {letter.pk} is gone"
                )
                self._fail(letter, verdict.words)

    def _bounce(self, letter: Letter, verdict: Verdict, *, now: dt.datetime) -> None:
        if verdict.about in (About.MAILBOX, About.UNSAID):
            note = partial(note_soft_bounce, letter.recipient, letter.user, words=verdict.words, now=now)
            persist(note, what=f"that letter {letter.pk} was refused")

    def _put_off(self, letter: Letter, reason: str, *, now: dt.datetime) -> None:
        if letter.attempts >= MOST_ATTEMPTS:
            self._fail(letter, reason)
            return
        logger.warning("letter %s was put off: %s", letter.pk, reason)
        self.counts["put_off"] += 1
        wait = _WAITS[min(letter.attempts, len(_WAITS)) - 1]
        _record(letter, state=Letter.State.WAITING, next_attempt_at=now + wait, error=reason)

    def _fail(self, letter: Letter, reason: str) -> None:
        logger.error("letter %s failed: %s", letter.pk, reason)
        self.counts["failed"] += 1
        _record(letter, state=Letter.State.FAILED, error=reason, context={})


def _is_suppressed(letter: Letter) -> bool:
    found = Suppression.objects.filter(address_hash__in=address_hashes(letter.recipient))
    reasons = set(found.values_list("reason", flat=True))
    if reasons == {Suppression.Reason.COMPLAINT}:
        return not _is_own_first_code_of_a_day(letter)
    return bool(reasons)


def _is_own_first_code_of_a_day(letter: Letter) -> bool:
    """Who complained may still sign in by mail: asked for by who reads it, and once a day."""
    codes = Letter.objects.filter(user_id=letter.user_id, kind=Letter.Kind.LOGIN_CODE)
    earlier = codes.filter(sent_at__gt=letter.created_at - dt.timedelta(days=1))
    return codes.filter(pk=letter.pk, code_request__is_known=True).exists() and not earlier.exists()


def _record(letter: Letter, **fields: object) -> None:
    """Only the claim that still holds the number may record; a letter erased meanwhile stays gone."""
    claimed = Letter.objects.filter(pk=letter.pk, attempts=letter.attempts)
    persist(partial(claimed.update, **fields), what=f"what came of letter {letter.pk}")

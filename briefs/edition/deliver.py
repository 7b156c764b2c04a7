"""Send composed briefs: claim, commit, hand over, record.

A sender that dies between handing a mail over and hearing the answer leaves one brief in `sending`. No client can
close that window (RFC 1047), so such a brief is held as `unknown` for a person and never sent twice. One that lives
knows, and tells the database as soon as there is one.
"""

import datetime as dt
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F

from accounts.instance import may_send
from accounts.mail.connection import Connection
from accounts.mail.message import Message
from accounts.mail.pace import at_once, wait
from accounts.mail.verdict import Verdict, in_words
from accounts.models import User
from accounts.recording import CONNECTION_LOST
from briefs.edition.channel import Channel, Email
from briefs.edition.claim import Claim, claim, give_back, record
from briefs.edition.heed import heed, put_off
from briefs.edition.holds import Holds
from briefs.edition.outcome import Outcomes
from briefs.edition.printing.render import Press, edition
from briefs.edition.widen import widen_message
from briefs.models import Brief
from feeds.models import Insight
from feeds.polling.session_locks import held

logger = logging.getLogger(__name__)

BATCH = 200
# The space of the lock of the one sender that keeps a rate.
_PACED = 0x0EAD
_DAY = dt.timedelta(days=1)

Delivered = Counter[str]


def deliver_due(*, now: dt.datetime, limit: int = 5000, lasting: dt.timedelta = _DAY) -> Delivered:
    """Send what is composed and due, at most `limit` and not for longer than `lasting`.

    Returns how many came to which state.
    """
    with Connection() as mail:
        return deliver_through(Email(mail), now=now, limit=limit, lasting=lasting)


def deliver_through(channel: Channel, *, now: dt.datetime, limit: int, lasting: dt.timedelta = _DAY) -> Delivered:
    hold_abandoned(now=now)
    if not (Brief.objects.to_send(now).exists() and may_send(now=now)):
        return Delivered()
    rate = settings.BRIEFS_PER_SECOND
    if not rate:
        return _Sender(channel, now, lasting).run(limit)
    # Only where no other process sends: a rate that each kept for itself would add up.
    with held(_PACED, [0]) as alone:
        return _Sender(channel, now, lasting).run(at_once(per_second=rate, limit=limit)) if alone else Delivered()


def hold_abandoned(*, now: dt.datetime) -> int:
    """Briefs whose sender died: kept for a person, with what is known about them."""
    abandoned = Brief.objects.filter(state=Brief.State.SENDING, next_attempt_at__lt=now)
    return abandoned.update(state=Brief.State.UNKNOWN, reason="the sender stopped before the server's answer was heard")


def send_again(brief_ids: Sequence[int], *, now: dt.datetime) -> int:
    """A person's decision about briefs that are unknown or failed; due now, so that lateness does not skip them."""
    undecided = Brief.objects.filter(pk__in=brief_ids, state__in=(Brief.State.UNKNOWN, Brief.State.FAILED))
    anew: dict[str, Any] = {"due_at": now, "next_attempt_at": now, "reason": "sent again by a person"}
    uncomposed = undecided.filter(composed_at=None).update(state=Brief.State.DUE, attempts=0, attempts_before=0, **anew)
    # The number of attempts guards each claim and never falls, so that those that count are reckoned from here.
    anew["attempts_before"] = F("attempts")
    return uncomposed + undecided.exclude(composed_at=None).update(state=Brief.State.COMPOSED, **anew)


class _Sender:
    """One run through one channel."""

    def __init__(self, channel: Channel, now: dt.datetime, lasting: dt.timedelta) -> None:
        self._channel = channel
        self._until = now + lasting
        self._started, self._began = now, time.monotonic()
        self._last_claimed = 0.0
        self._counts: Delivered = Counter()
        self._holds = Holds(channel.name)
        self._outcomes = Outcomes()

    def run(self, limit: int) -> Delivered:
        seen: set[int] = set()
        try:
            while len(seen) < limit and (briefs := self._next_batch(seen, limit - len(seen))):
                seen |= {brief.pk for brief in briefs}
                if not self._send_batch(briefs):
                    break
        finally:
            self._outcomes.settle()
        return self._counts

    @cached_property
    def _press(self) -> Press:
        return Press()

    def _now(self) -> dt.datetime:
        """The time given at the start, moved on: a lease must outlast a long run."""
        return self._started + dt.timedelta(seconds=time.monotonic() - self._began)

    def _next_batch(self, seen: set[int], at_most: int) -> list[Brief]:
        now = self._now()
        self._holds.refresh()
        if self._holds.is_all_held(now):
            return []
        due = Brief.objects.to_send(now).exclude(pk__in=seen)
        if held := self._holds.providers(now):
            due = due.exclude(user__in=User.objects.filter(self._channel.kept_by(held)))
        return list(due.select_related("user").prefetch_related("items")[: min(BATCH, at_most)])

    def _send_batch(self, briefs: Sequence[Brief]) -> bool:
        """False when the run should stop: its time is over, the server is away or takes no mail for now, or the
        database hung up, and with it went the lock of a sender that keeps a rate."""
        _set_missing(self._press, briefs)
        for brief in briefs:
            if self._holds.is_held(self._provider(brief.user), self._now()):
                continue
            self._keep_pace()
            if self._now() > self._until or not self._channel.is_reachable():
                return False
            match self._claim(brief):
                case Claim() as claimed:
                    self._counts[self._set_and_send(claimed)] += 1
                case Brief.State() as declined:
                    self._counts[declined] += 1
            if self._holds.is_all_held(self._now()) or self._outcomes.were_interrupted:
                return False
        return True

    def _provider(self, user: User) -> str:
        return self._channel.provider(self._channel.address(user))

    def _claim(self, brief: Brief) -> Claim | Brief.State | None:
        now = self._now()
        try:
            taken = claim(brief, address_of=self._channel.address, now=now)
        except CONNECTION_LOST:
            connection.close()
            self._record(brief, partial(give_back, brief, now=now))
            raise
        if taken is not None:
            self._outcomes.are_certain()
        return taken

    def _record(self, brief: Brief, write: Callable[[], Brief.State]) -> Brief.State:
        return self._outcomes.record(write, what=f"what came of brief {brief.pk}")

    def _keep_pace(self) -> None:
        since_last = time.monotonic() - self._last_claimed
        if rest := wait(per_second=settings.BRIEFS_PER_SECOND, since_last=since_last):
            time.sleep(rest)
        self._last_claimed = time.monotonic()

    def _set_and_send(self, claimed: Claim) -> Brief.State:
        try:
            message = self._message(claimed)
        except Exception as error:
            logger.exception("brief %s could not be set", claimed.brief.pk)
            return self._record(claimed.brief, partial(put_off, claimed, in_words(error), self._now()))
        if message is None:
            emptied = partial(record, claimed, Brief.State.EMPTY, reason="what it held was taken down")
            return self._record(claimed.brief, emptied)
        return self._send(claimed, message)

    def _message(self, claimed: Claim) -> Message | None:
        brief = claimed.brief
        if brief.kind == Brief.Kind.WIDEN:
            return widen_message(claimed.user, brief.day)
        kept = [item for item in brief.items.all() if self._press.may_print(item)]
        return self._press.message(edition(brief, claimed.user, kept)) if kept else None

    def _send(self, claimed: Claim, message: Message) -> Brief.State:
        try:
            self._channel.hand_over(message, to=claimed.address)
        except Exception as error:
            return self._heed(claimed, self._channel.verdict(error))
        subject = str(message.subject)[:200]
        sent = partial(record, claimed, Brief.State.SENT, sent_at=self._now(), subject=subject)
        state = self._record(claimed.brief, sent)
        self._holds.taken(self._channel.provider(claimed.address))
        return state

    def _heed(self, claimed: Claim, verdict: Verdict) -> Brief.State:
        logger.warning("brief %s: %s", claimed.brief.pk, verdict.words)
        now, is_told = self._now(), self._holds.others_are_taken
        state = self._record(claimed.brief, partial(heed, claimed, verdict, others_are_taken=is_told, now=now))
        self._holds.heed(verdict, self._channel.provider(claimed.address), now=now)
        return state


def _set_missing(press: Press, briefs: Iterable[Brief]) -> None:
    """Set what is not set yet; what was taken down since stays missing."""
    wanted = press.missing(
        pk for brief in briefs for item in brief.items.all() for pk in (item.insight_id, *item.voices)
    )
    shown = Insight.objects.standing().filter(pk__in=wanted)
    press.set(shown.select_related("episode__feed").defer("embedding"))

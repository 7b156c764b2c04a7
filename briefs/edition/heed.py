"""What a verdict about a mail makes of the brief that was in it."""

from __future__ import annotations

import datetime as dt

from accounts.mail.verdict import About, Fate, Verdict
from accounts.models import Suppression
from accounts.soft_bounces import note_soft_bounce
from accounts.subscription import stop_address
from briefs.edition.claim import Claim, record
from briefs.models import Brief

ATTEMPTS = 5
WAITS = [dt.timedelta(minutes=minutes) for minutes in (2, 10, 30, 60)]
# For what is no fault of the brief's: a hold says when there is a next attempt at all.
SOON = dt.timedelta(minutes=2)


def heed(claimed: Claim, verdict: Verdict, *, others_are_taken: bool, now: dt.datetime) -> Brief.State:
    """A refusal that does not say on whose account is believed to be the mailbox's only where others are taken."""
    match verdict.fate, verdict.about:
        case Fate.UNKNOWN, _:
            return record(claimed, Brief.State.UNKNOWN, reason=f"the answer was never heard: {verdict.words}"[:300])
        case Fate.GONE, _:
            stop_address(claimed.address, claimed.user, Suppression.Reason.BOUNCE, words=verdict.words, now=now)
            return record(claimed, Brief.State.FAILED, reason=verdict.words)
        case Fate.REFUSED, about if others_are_taken or about != About.UNSAID:
            return _fail(claimed, verdict, verdict.words, now)
        case Fate.LATER, (About.US | About.SERVER | About.PROVIDER):
            return record(claimed, Brief.State.COMPOSED, reason=verdict.words, next_attempt_at=now + SOON)
        case _:
            return _try_again(claimed, verdict, now)


def put_off(claimed: Claim, reason: str, now: dt.datetime) -> Brief.State:
    """For what is wrong with this brief alone."""
    return _try_again(claimed, Verdict(Fate.LATER, reason, About.MESSAGE), now)


def _try_again(claimed: Claim, verdict: Verdict, now: dt.datetime) -> Brief.State:
    tries = claimed.attempt - claimed.brief.attempts_before
    if tries >= ATTEMPTS:
        return _fail(claimed, verdict, f"given up after five attempts: {verdict.words}"[:300], now)
    rest = WAITS[min(tries, len(WAITS)) - 1]
    return record(claimed, Brief.State.COMPOSED, reason=verdict.words, next_attempt_at=now + rest)


def _fail(claimed: Claim, verdict: Verdict, reason: str, now: dt.datetime) -> Brief.State:
    if verdict.about in (About.MAILBOX, About.UNSAID):
        note_soft_bounce(claimed.address, claimed.user, words=verdict.words, now=now)
    return record(claimed, Brief.State.FAILED, reason=reason)

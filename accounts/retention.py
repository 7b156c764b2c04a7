"""What time does to accounts: unconfirmed ones go, silent ones are asked once and then paused."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db import transaction

from accounts import limits
from accounts.entering.address_change import forget_changes
from accounts.entering.code_requests import KEPT as CODE_REQUESTS_KEPT
from accounts.entering.code_requests import forget_requests
from accounts.letters.deliver import request_letter
from accounts.models import PAUSED_FOR_GOOD, AccountEvent, Letter, Session, SoftBounce, User
from accounts.soft_bounces import WITHIN

UNCONFIRMED_KEPT = dt.timedelta(days=7)
SILENT_BEFORE_ASKED = dt.timedelta(days=180)
TIME_TO_ANSWER = dt.timedelta(days=30)
LETTERS_KEPT = dt.timedelta(days=30)
_ASKED_AT_ONCE = 200


@dataclasses.dataclass(frozen=True)
class Swept:
    unconfirmed_erased: int
    asked: int
    paused: int


def sweep(*, now: dt.datetime) -> Swept:
    limits.forget_networks(now=now)
    forget_changes(now=now)
    forget_requests(before=now - CODE_REQUESTS_KEPT)
    Letter.objects.filter(
        state__in=[Letter.State.SENT, Letter.State.FAILED], created_at__lt=now - LETTERS_KEPT
    ).delete()
    SoftBounce.objects.filter(day__lte=(now - WITHIN).date()).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    return Swept(_erase_unconfirmed(now), _ask_silent(now), _pause_silent(now))


def seen(user_id: int, *, now: dt.datetime) -> None:
    """Note a sign of life: a sign-in, a vote, a changed preference, an answer to the question."""
    User.objects.filter(pk=user_id).update(active_at=now, asked_if_reading_at=None)


def _erase_unconfirmed(now: dt.datetime) -> int:
    """The hashes that the limits count stay: otherwise every week would allow three letters more."""
    return (
        User.objects.filter(confirmed_at=None, joined_at__lt=now - UNCONFIRMED_KEPT)
        .delete()[1]
        .get(User._meta.label, 0)
    )


def _ask_silent(now: dt.datetime) -> int:
    silent = User.objects.receiving().filter(
        active_at__lt=now - SILENT_BEFORE_ASKED, asked_if_reading_at=None, paused_until=None
    )
    asked = 0
    for user in silent.order_by("active_at")[:_ASKED_AT_ONCE]:
        with transaction.atomic():
            if silent.filter(pk=user.pk).update(asked_if_reading_at=now):
                request_letter(user, Letter.Kind.STILL_READING)
                asked += 1
    return asked


def _pause_silent(now: dt.datetime) -> int:
    unanswered = User.objects.receiving().filter(asked_if_reading_at__lt=now - TIME_TO_ANSWER, paused_until=None)
    paused = list(unanswered)
    with transaction.atomic():
        unanswered.filter(pk__in=[user.pk for user in paused]).update(paused_until=PAUSED_FOR_GOOD, next_brief_at=None)
        AccountEvent.objects.bulk_create(
            AccountEvent(user=user, kind="paused", detail="no answer to “do you still read it?”", created_at=now)
            for user in paused
        )
    return len(paused)

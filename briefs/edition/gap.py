"""What a person says about the time between a dump and its restoring, in which mail may have been sent."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q

from accounts import instance
from accounts.models import Instance, Letter
from briefs.edition.schedule import TOO_LATE
from briefs.edition.tick import open_due, schedule_unscheduled
from briefs.models import Brief

COUNTED = "counted as sent before the database was restored"


@dataclass(frozen=True, slots=True)
class Counted:
    since: dt.datetime
    briefs: int = 0
    letters: int = 0


def confirm_instance(fenced: Instance, *, was_sent: bool, now: dt.datetime) -> Counted:
    """Let it send again. What counts as unsent follows the usual rules: late briefs are skipped, with their reason."""
    since = fenced.last_run_at or now
    with transaction.atomic():
        counted = _count_as_sent(since, now=now) if was_sent else Counted(since)
        instance.confirm()
    return counted


def _count_as_sent(since: dt.datetime, *, now: dt.datetime) -> Counted:
    schedule_unscheduled(now=now)
    open_due(now=now)
    missed = Q(state=Brief.State.SKIPPED, reason=TOO_LATE, due_at__gte=since)
    unsent = Q(state__in=(Brief.State.DUE, Brief.State.COMPOSED)) | missed
    briefs = Brief.objects.filter(unsent, due_at__lte=now).update(
        state=Brief.State.SENT, sent_at=F("due_at"), considered_until=F("due_at"), reason=COUNTED
    )
    waiting = Letter.objects.filter(state__in=(Letter.State.WAITING, Letter.State.SENDING))
    letters = waiting.update(state=Letter.State.FAILED, error=COUNTED, context={})
    return Counted(since, briefs, letters)

"""The subscriber of the demonstration, and their first brief."""

from __future__ import annotations

import datetime as dt
import io

from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from accounts.subscription import why_not_mailed
from briefs.models import Brief

ADDRESS = "demo@example.com"
TOPICS = ["artificial-intelligence", "economics", "startups", "psychology-mind", "open-source"]
_UNFINISHED = (Brief.State.DUE, Brief.State.COMPOSED)


def send_first_brief(out: io.TextIOBase) -> None:
    """At once, whatever the hour; nothing where there was one."""
    briefs = Brief.objects.filter(user__email=ADDRESS)
    if briefs.exclude(state__in=_UNFINISHED).exists():
        return
    if briefs.exists():
        _finish(out)
    else:
        _begin(out)


def _begin(out: io.TextIOBase) -> None:
    """The subscriber is one whose hour is the next one; who was unsubscribed or erased meanwhile stays so."""
    if why_not_mailed(ADDRESS, User.objects.filter(email=ADDRESS).first()):
        return
    soon = timezone.now() + dt.timedelta(hours=1)
    call_command("add_subscriber", ADDRESS, topic=TOPICS, hour=soon.hour, stdout=out)
    call_command("send_briefs", stdout=io.StringIO())  # tells when the next one is due
    due = User.objects.get(email=ADDRESS).next_brief_at
    if due:
        call_command("send_briefs", now=due, stdout=out)


def _finish(out: io.TextIOBase) -> None:
    """A run before this one died in between. Due now, so that lateness does not skip it."""
    now = timezone.now()
    Brief.objects.filter(user__email=ADDRESS, state__in=_UNFINISHED).update(due_at=now, next_attempt_at=now)
    call_command("send_briefs", stdout=out)

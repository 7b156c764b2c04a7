"""When the next brief comes, and what became of the last one, in the subscriber's own words and clock."""

from __future__ import annotations

import datetime as dt

from accounts.models import PAUSED_FOR_GOOD, User
from briefs.edition.last_brief import NEVER, last_briefs
from briefs.edition.schedule import Clock, Coming, coming
from briefs.models import Brief


def clock_of(user: User) -> Clock:
    return Clock(
        time_zone=user.time_zone,
        hour=user.brief_hour,
        days=user.brief_days,
        weekly=user.cadence == User.Cadence.WEEKLY,
        paused_until=user.paused_until,
    )


def next_in_words(user: User, *, now: dt.datetime) -> str:
    """A clause that follows "Next brief:"; why there is none, if there is none."""
    if user.stopped_at:
        return f"none, because mail to you is stopped: {user.stopped_reason or 'your provider refused it'}"
    if user.unsubscribed_at:
        return "none, because you stopped it"
    if user.paused_until == PAUSED_FOR_GOOD:
        return "none, until you end the pause"
    next_one = _coming(user, now=now)
    if next_one.at is None:
        return "none, because no day of the week is chosen"
    words = moment_in_words(next_one.at, user, now=now)
    if next_one.left_out is None:
        return words
    left_out = moment_in_words(next_one.left_out, user, now=now)
    return f"{words}; that of {left_out} is left out, being less than twelve hours after the last one"


def _coming(user: User, *, now: dt.datetime) -> Coming:
    last = last_briefs([user.pk]).get(user.pk, NEVER)
    return coming(clock_of(user), promised=user.next_brief_at, now=now, last_day=last.day, last_at=last.at)


def moment_in_words(at: dt.datetime, user: User, *, now: dt.datetime) -> str:
    """“tomorrow, 07:00 Europe/Berlin”; past tomorrow, with the day."""
    local, today = at.astimezone(user.zone), now.astimezone(user.zone).date()
    days = (local.date() - today).days
    day = {0: "today", 1: "tomorrow"}.get(days, f"{local:%A}, {local.day} {local:%B}")
    if local.year != today.year and days > 1:
        day += f" {local.year}"
    return f"{day}, {local:%H:%M} {user.time_zone}"


def last_in_words(user: User) -> str:
    """What became of the last brief, as a sentence; empty if there was none."""
    brief = user.briefs.exclude(state__in=[Brief.State.DUE, Brief.State.COMPOSED]).order_by("-day").first()
    if brief is None:
        return ""
    day = f"{brief.day:%A}, {brief.day.day} {brief.day:%B}"
    outcome = {
        Brief.State.SENT: "delivered",
        Brief.State.SENDING: "being sent at this moment",
        Brief.State.UNKNOWN: "handed over, but the mail server broke off before it answered",
        Brief.State.FAILED: "refused by the mail server",
        Brief.State.SUPPRESSED: "not sent",
        Brief.State.SKIPPED: "skipped",
        Brief.State.EMPTY: "not sent",
    }[Brief.State(brief.state)]
    return f"Last brief: {day}, {outcome}{f': {brief.reason}' if brief.reason else ''}."

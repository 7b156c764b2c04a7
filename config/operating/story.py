"""One subscriber's whole story: what they agreed to, when their brief comes, and what became of every mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import AccountEvent, Letter, SoftBounce, User
from accounts.subscription import why_not_mailed
from briefs.edition.next_brief import last_in_words, next_in_words
from briefs.models import Brief

_SHOWN = 14


@dataclass(frozen=True, slots=True)
class Story:
    subscriber: User
    schedule: str
    next_brief: str
    last_brief: str
    against_mail: str
    asked_for: Sequence[str]
    briefs: Sequence[Brief]
    letters: Sequence[Letter]
    refusals: Sequence[SoftBounce]
    events: Sequence[AccountEvent]


def story_of(user: User, *, now: dt.datetime) -> Story:
    briefs = user.briefs.order_by("-day").prefetch_related("items__insight__episode__feed")
    return Story(
        subscriber=user,
        schedule=schedule_in_words(user),
        next_brief=next_in_words(user, now=now) if user.confirmed_at else "none, because the address is not confirmed",
        last_brief=last_in_words(user),
        against_mail=why_not_mailed(user.email, user),
        asked_for=[*map(str, user.interests.select_related("topic")), *_shows(user)],
        briefs=list(briefs[:_SHOWN]),
        letters=list(user.letters.order_by("-created_at")[:_SHOWN]),
        refusals=list(user.soft_bounces.order_by("-day")[:_SHOWN]),
        events=list(user.events.all()[:_SHOWN]),
    )


def schedule_in_words(user: User) -> str:
    """“07:00 Europe/Berlin, on Monday and Friday”."""
    days = [f"{dt.date(2024, 1, 1 + day):%A}" for day in sorted(user.brief_days)]
    if user.cadence == User.Cadence.WEEKLY:
        days = days[:1]
    when = "every day" if len(days) == 7 else f"on {_and(days)}" if days else "on no day"
    paused = f", paused until {user.paused_until:%d %B %Y}" if user.paused_until else ""
    return f"{user.brief_hour:02}:00 {user.time_zone}, {when}{paused}"


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _shows(user: User) -> list[str]:
    follows = user.follows.select_related("feed").order_by("feed__title")[:50]
    return [f"{one.feed.title}{' (muted)' if one.is_muted else ''}" for one in follows]

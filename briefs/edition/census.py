"""What became of every brief that was due on a day, and why; it adds up, or somebody was forgotten."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from briefs.edition.next_brief import clock_of
from briefs.models import Brief

ENDS = (
    Brief.State.SENT,
    Brief.State.UNKNOWN,
    Brief.State.FAILED,
    Brief.State.SUPPRESSED,
    Brief.State.SKIPPED,
    Brief.State.EMPTY,
)
OTHERS = "other reasons"
_NAMED = 8


@dataclass(frozen=True, slots=True)
class Counted:
    """So many briefs of a state with the same words."""

    state: str
    reason: str
    number: int


@dataclass(frozen=True, slots=True)
class Census:
    """`due` is everything that was promised for the day; `unopened` of it has no row yet, `in_hand` has not ended."""

    day: dt.date
    due: int
    ended: Mapping[str, int]
    in_hand: int
    unopened: int
    reasons: Sequence[Counted]

    @property
    def is_over(self) -> bool:
        return not (self.in_hand or self.unopened)

    @property
    def adds_up(self) -> bool:
        return self.due == sum(self.ended.values()) + self.in_hand + self.unopened


def census(day: dt.date, *, now: dt.datetime) -> Census:
    """Of the subscribers' local day."""
    briefs = Brief.objects.filter(day=day)
    rows = briefs.order_by().values_list("state", "reason").annotate(Count("pk"))
    return add_up(
        day,
        due=briefs.count(),
        counted=[Counted(*row) for row in rows],
        unopened=sum(_day_of(user) == day for user in _unopened(now)),
    )


def add_up(day: dt.date, *, due: int, counted: Sequence[Counted], unopened: int = 0) -> Census:
    """`due` counts rows on a way of its own, `unopened` promises that came and have none."""
    by_state: Counter[str] = Counter()
    for one in counted:
        by_state[one.state] += one.number
    ended = {state.value: by_state[state] for state in ENDS}
    return Census(
        day=day,
        due=due + unopened,
        ended=ended,
        in_hand=by_state.total() - sum(ended.values()),
        unopened=unopened,
        reasons=[reason for state in ENDS for reason in _reasons(state, counted)],
    )


def _reasons(state: str, counted: Sequence[Counted]) -> list[Counted]:
    """The commonest by name, the others, each in a server's own words, together."""
    of_state = [one for one in counted if one.state == state and one.reason]
    most = sorted(of_state, key=lambda one: (-one.number, one.reason))
    others = sum(one.number for one in most[_NAMED:])
    return [*most[:_NAMED], *([Counted(state, OTHERS, others)] if others else [])]


def _unopened(now: dt.datetime) -> Iterable[User]:
    """Set aside for a reason of their own are those whose clock cannot be reckoned with."""
    return User.objects.get_queryset().due(now).filter(schedule_error="")


def _day_of(user: User) -> dt.date | None:
    return clock_of(user).local_day(user.next_brief_at) if user.next_brief_at else None

"""One tick of the whole machine: who is due, what they get, and its delivery. Running it twice changes nothing."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Coalesce

from accounts.models import User, UserQuerySet
from briefs.edition.compose import SHOWN, compose_due, skip_late
from briefs.edition.deliver import Delivered, deliver_due
from briefs.edition.next_brief import clock_of
from briefs.edition.sample import deliver_tests
from briefs.edition.schedule import keeps_gap, latest_slot, next_slot
from briefs.models import Brief

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Ticked:
    scheduled: int = 0
    opened: int = 0
    composed: Counter[str] = field(default_factory=Counter)
    delivered: Delivered = field(default_factory=Delivered)
    tests_sent: int = 0


def tick(*, now: dt.datetime) -> Ticked:
    """Schedule, open, compose and deliver all that is due, and the tests that subscribers asked for."""
    return Ticked(
        scheduled=schedule_unscheduled(now=now),
        opened=open_due(now=now),
        composed=compose_due(now=now),
        delivered=deliver_due(now=now),
        tests_sent=deliver_tests(now=now).sent,
    )


def schedule_unscheduled(*, now: dt.datetime) -> int:
    """Compute the next instant of those whose clock changed, or who are new."""
    done = 0
    for ids in _batches(User.objects.get_queryset().unscheduled()):
        with transaction.atomic():
            users = _locked(User.objects.get_queryset().unscheduled(), ids)
            last = _last(user.pk for user in users)
            due = {user.pk: _next_at(user, last.get(user.pk, _NEVER), now) for user in users}
            done += _move_on({pk: at for pk, at in due.items() if at})
    return done


def open_due(*, now: dt.datetime) -> int:
    """Give everyone who is due a brief for their local day, and their next instant, in one transaction."""
    skip_late(now=now)
    opened = 0
    for ids in _batches(User.objects.get_queryset().due(now)):
        with transaction.atomic():
            opened += len(_open(_locked(User.objects.get_queryset().due(now), ids), now))
    return opened


@dataclass(frozen=True, slots=True)
class _Last:
    """The last brief of a subscriber: its day, and when it reached them."""

    day: dt.date | None = None
    at: dt.datetime | None = None


_NEVER = _Last()


def _batches(users: UserQuerySet) -> Iterable[list[int]]:
    ids = list(users.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _locked(users: UserQuerySet, ids: list[int]) -> list[User]:
    """Those of whom it still holds, and whose clock nobody can change before this transaction ends."""
    return list(users.filter(pk__in=ids).select_for_update(skip_locked=True))


def _open(users: list[User], now: dt.datetime) -> list[Brief]:
    last = _last(user.pk for user in users)
    briefs = [brief for user in users if (brief := _brief(user, last.get(user.pk, _NEVER), now))]
    opened = {brief.user_id: _Last(brief.day, brief.due_at) for brief in briefs}
    Brief.objects.bulk_create(briefs, ignore_conflicts=True)
    _move_on({user.pk: _next_at(user, opened.get(user.pk, last.get(user.pk, _NEVER)), now) for user in users})
    return briefs


def _brief(user: User, last: _Last, now: dt.datetime) -> Brief | None:
    """After an outage the latest slot alone; none where the day has its brief, or the one before is too near."""
    assert user.next_brief_at  # noqa: S101  # that is how they were selected
    slot = latest_slot(clock_of(user), now=now, since=user.next_brief_at)
    if slot is None or (last.day and slot.day <= last.day) or not keeps_gap(slot.at, last_at=last.at):
        return None
    kind = Brief.Kind.WEEKLY if user.cadence == User.Cadence.WEEKLY else Brief.Kind.DAILY
    return Brief(user=user, day=slot.day, kind=kind, due_at=slot.at, next_attempt_at=slot.at)


def _next_at(user: User, last: _Last, now: dt.datetime) -> dt.datetime | None:
    slot = next_slot(clock_of(user), now=now, last_day=last.day, last_at=last.at)
    return slot.at if slot else None


def _last(user_ids: Iterable[int]) -> dict[int, _Last]:
    briefs = Brief.objects.filter(user__in=list(user_ids)).order_by()
    days = dict(briefs.values_list("user_id").annotate(Max("day")))
    shown = briefs.filter(state__in=SHOWN)
    reached = dict(shown.values_list("user_id").annotate(at=Max(Coalesce("sent_at", "due_at"))))
    return {user_id: _Last(day, reached.get(user_id)) for user_id, day in days.items()}


def _move_on(moves: Mapping[int, dt.datetime | None]) -> int:
    """Set next_brief_at of these subscribers, whose rows are locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE accounts_user SET next_brief_at = new.next
            FROM unnest(%s::bigint[], %s::timestamptz[]) AS new(id, next)
            WHERE accounts_user.id = new.id
            """,
            [list(moves), list(moves.values())],
        )
        return int(cursor.rowcount)

"""One tick of the whole machine: who is due, what they get, and its delivery. Running it twice changes nothing."""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection, transaction

from accounts.models import Instance, User, UserQuerySet
from accounts.time_zones import DATABASE_VERSION
from briefs.edition.compose import compose_due, skip_late
from briefs.edition.deliver import Delivered, deliver_due
from briefs.edition.last_brief import NEVER, Last, last_briefs
from briefs.edition.next_brief import clock_of
from briefs.edition.printing.sample import deliver_tests
from briefs.edition.schedule import TOO_LATE, TOO_NEAR, Slot, is_too_late, may_come_at, next_slot, slots_between
from briefs.models import Brief

logger = logging.getLogger(__name__)

BATCH = 2000
LOOKED_AT_AGAIN_AFTER = dt.timedelta(hours=1)


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
    heed_zone_database(DATABASE_VERSION, now=now)
    done = 0
    for ids in _batches(User.objects.get_queryset().unscheduled()):
        with transaction.atomic():
            users = _locked(User.objects.get_queryset().unscheduled(), ids)
            last = last_briefs(user.pk for user in users)
            due = {user.pk: _next(user, last.get(user.pk, NEVER).day, now) for user in users}
            done += _move_on({pk: coming for pk, coming in due.items() if coming.at})
    return done


def heed_zone_database(version: str, *, now: dt.datetime) -> bool:
    """With a newer one, what is promised is reckoned anew; a host that is behind the others changes nothing."""
    with transaction.atomic():
        Instance.objects.filter(zone_database="").update(zone_database=version)
        is_newer = Instance.objects.filter(zone_database__lt=version).update(zone_database=version) > 0
        if is_newer:
            logger.info("the zone database is %s now: the next briefs are scheduled anew", version)
            User.objects.filter(next_brief_at__gt=now).update(next_brief_at=None)
    return is_newer


def open_due(*, now: dt.datetime) -> int:
    """Give everyone who is due a brief for each day that was promised, and their next instant, in one transaction."""
    skip_late(now=now)
    opened = 0
    for ids in _batches(User.objects.get_queryset().due(now)):
        with transaction.atomic():
            opened += len(_open(_locked(User.objects.get_queryset().due(now), ids), now))
    return opened


def _batches(users: UserQuerySet) -> Iterable[list[int]]:
    ids = list(users.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _locked(users: UserQuerySet, ids: list[int]) -> list[User]:
    """Those of whom it still holds, and whose clock nobody can change before this transaction ends."""
    return list(users.filter(pk__in=ids).select_for_update(skip_locked=True))


@dataclass(frozen=True, slots=True)
class _Next:
    """When a subscriber is looked at again; `error` says why no brief can be promised for then."""

    at: dt.datetime | None
    error: str = ""


def _open(users: list[User], now: dt.datetime) -> list[Brief]:
    last = last_briefs(user.pk for user in users)
    briefs: list[Brief] = []
    coming: dict[int, _Next] = {}
    for user in users:
        before = last.get(user.pk, NEVER)
        try:
            opened = _briefs(user, before, now)
        except Exception as error:
            coming[user.pk] = _set_aside(user, error, now)
        else:
            briefs += opened
            coming[user.pk] = _next(user, opened[-1].day if opened else before.day, now)
    Brief.objects.bulk_create(briefs, ignore_conflicts=True)
    _move_on(coming)
    return briefs


def _briefs(user: User, last: Last, now: dt.datetime) -> list[Brief]:
    """One for every slot that was promised and has come, since the last day that had its brief.

    After an outage the latest alone can be in time. The others are rows as well, with the reason why nothing came.
    """
    assert user.next_brief_at  # noqa: S101  # that is how they were selected
    slots = slots_between(clock_of(user), since=user.next_brief_at, now=now)
    kind = Brief.Kind.WEEKLY if user.cadence == User.Cadence.WEEKLY else Brief.Kind.DAILY
    wanted = [slot for slot in slots if last.day is None or slot.day > last.day]
    return [_brief(user, slot, kind, last_at=last.at, now=now) for slot in wanted]


def _brief(user: User, slot: Slot, kind: Brief.Kind, *, last_at: dt.datetime | None, now: dt.datetime) -> Brief:
    at = may_come_at(slot.at, last_at=last_at)
    reason = TOO_LATE if is_too_late(slot.at, now=now) else "" if at else TOO_NEAR
    state = Brief.State.SKIPPED if reason else Brief.State.DUE
    begins = at or slot.at
    return Brief(user=user, day=slot.day, kind=kind, state=state, reason=reason, due_at=slot.at, next_attempt_at=begins)


def _next(user: User, last_day: dt.date | None, now: dt.datetime) -> _Next:
    try:
        slot = next_slot(clock_of(user), now=now, last_day=last_day)
    except Exception as error:
        return _set_aside(user, error, now)
    return _Next(slot.at if slot else None)


def _set_aside(user: User, error: Exception, now: dt.datetime) -> _Next:
    """One row that cannot be reckoned with, such as one whose zone left the zone database, must not stop the others."""
    logger.exception("subscriber %s cannot be scheduled", user.pk)
    reason = f"{user.time_zone}, {user.brief_hour}:00: {type(error).__name__}: {error}"
    return _Next(now + LOOKED_AT_AGAIN_AFTER, reason[:300])


def _move_on(moves: Mapping[int, _Next]) -> int:
    """Set next_brief_at of these subscribers, whose rows are locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE accounts_user SET next_brief_at = new.next, schedule_error = new.error
            FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS new(id, next, error)
            WHERE accounts_user.id = new.id
            """,
            [list(moves), [move.at for move in moves.values()], [move.error for move in moves.values()]],
        )
        return int(cursor.rowcount)

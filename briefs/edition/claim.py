"""Take a composed brief for sending, and record what came of it.

The statements are written by hand and prepared: planning one takes PostgreSQL longer than doing it, and building
it anew for each mail takes Django longer still.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from accounts.keyed_hashes import address_hashes
from accounts.models import User
from briefs.edition.last_brief import LEASE, REACHED_AT
from briefs.edition.schedule import TOO_LATE, TOO_NEAR, is_too_late, keeps_gap
from briefs.models import Brief


@dataclass(frozen=True, slots=True)
class Claim:
    """A brief in our hands, its subscriber as they were when we took it, and the number that says so."""

    brief: Brief
    user: User
    address: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides about a brief, read under the lock."""

    user: User
    due_at: dt.datetime
    is_suppressed: bool
    last_at: dt.datetime | None


def claim(brief: Brief, *, address_of: Callable[[User], str], now: dt.datetime) -> Claim | Brief.State | None:
    """Take the brief; else the state it came to where it must not be sent, or None where another sender has it.

    Both rows are locked: who unsubscribes before this commits gets no mail. Where the address changed since the
    brief was listed, it waits for the next run, whose look at the suppression list is about the new one.
    """
    address = address_of(brief.user)
    with transaction.atomic():
        found = _lock(brief, address, now)
        if found is None or address_of(found.user) != address:
            return None
        state, reason = decide(brief.day, found, now=now)
        taken = _run(_TAKE, brief=brief.pk, state=state, reason=reason, until=now + LEASE)
    if state != Brief.State.SENDING:
        return state
    assert taken  # noqa: S101  # the row is locked
    return Claim(brief, found.user, address, attempt=taken[0])


def decide(day: dt.date, found: Circumstances, *, now: dt.datetime) -> tuple[Brief.State, str]:
    user = found.user
    if not user.is_receiving or found.is_suppressed:
        return Brief.State.SUPPRESSED, "unsubscribed or stopped before it was sent"
    if user.paused_until and day < user.paused_until:
        return Brief.State.SKIPPED, "paused"
    if is_too_late(found.due_at, now=now):
        return Brief.State.SKIPPED, TOO_LATE
    if not keeps_gap(now, last_at=found.last_at):
        return Brief.State.SKIPPED, TOO_NEAR
    return Brief.State.SENDING, ""


def record(
    claim: Claim,
    state: Brief.State,
    *,
    reason: str = "",
    subject: str | None = None,
    sent_at: dt.datetime | None = None,
    next_attempt_at: dt.datetime | None = None,
) -> Brief.State:
    """Only the claim that holds the number may say what came of it; also when its lease ran out meanwhile.

    The disk need not be waited for: the commit of the next claim takes this one along, so a power cut can put one
    brief of each sender in doubt, as the death of the sender does.
    """
    _run(
        _RECORD,
        brief=claim.brief.pk,
        attempt=claim.attempt,
        state=state,
        reason=reason,
        subject=subject,
        sent_at=sent_at,
        next_attempt_at=next_attempt_at,
    )
    return state


def give_back(brief: Brief, *, now: dt.datetime) -> Brief.State:
    """Where the connection broke while it was being claimed at `now`: nobody else can know that nothing was sent."""
    _run(_GIVE_BACK, brief=brief.pk, until=now + LEASE, now=now)
    return Brief.State.COMPOSED


def _lock(brief: Brief, address: str, now: dt.datetime) -> Circumstances | None:
    row = _run(_LOCK, brief=brief.pk, now=now, hashes=address_hashes(address))
    if row is None:
        return None
    due_at, is_suppressed, last_at, *columns = row
    return Circumstances(User.from_db(connection.alias, _FIELDS, columns), due_at, is_suppressed, last_at)


def _run(statement: bytes, **values: object) -> tuple[Any, ...] | None:
    """Execute it prepared, which Django's own cursors never do; the first row, where there is one."""
    connection.ensure_connection()
    connection.connection.prepare_threshold = 0
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None


_FIELDS = [field.attname for field in User._meta.concrete_fields]
_COLUMNS = SQL(", ").join([Identifier("subscriber", name) for name in _FIELDS])

_LOCK = (
    SQL("""
    SELECT brief.due_at,
           EXISTS (SELECT FROM accounts_suppression WHERE address_hash = ANY(%(hashes)s)),
           -- when another brief reached them last, or may have
           (SELECT max({reached_at}) FROM briefs_brief AS other
            WHERE other.user_id = brief.user_id AND other.id <> brief.id),
           {subscriber}
    FROM briefs_brief AS brief JOIN accounts_user AS subscriber ON subscriber.id = brief.user_id
    WHERE brief.id = %(brief)s AND brief.state = 'composed' AND brief.next_attempt_at <= %(now)s
    FOR NO KEY UPDATE OF brief, subscriber SKIP LOCKED
    """)
    .format(subscriber=_COLUMNS, reached_at=REACHED_AT)
    .as_bytes()
)
_TAKE = b"""
    UPDATE briefs_brief
    SET state = %(state)s, reason = %(reason)s, attempts = attempts + 1, next_attempt_at = %(until)s
    WHERE id = %(brief)s
    RETURNING attempts
    """
_RECORD = b"""
    UPDATE briefs_brief
    SET state = %(state)s, reason = %(reason)s,
        subject = coalesce(%(subject)s, subject),
        sent_at = coalesce(%(sent_at)s, sent_at),
        next_attempt_at = coalesce(%(next_attempt_at)s, next_attempt_at)
    WHERE id = %(brief)s AND attempts = %(attempt)s AND state IN ('sending', 'unknown')
      AND set_config('synchronous_commit', 'off', true) = 'off'
    """
# Of nobody else's claim: another sender's ends at another microsecond.
_GIVE_BACK = b"""
    UPDATE briefs_brief SET state = 'composed', reason = '', next_attempt_at = %(now)s
    WHERE id = %(brief)s AND next_attempt_at = %(until)s AND state IN ('sending', 'unknown')
    """

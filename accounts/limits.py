"""How much mail the sign-up box may cause: a decision without side effects, and the counting it rests on.

The counts are rows in PostgreSQL, so they hold for every process and survive a restart. A known and an unknown
address are counted alike; whether a limit holds therefore tells nobody which one it is. All addresses of one mailbox
count as one.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.conf import settings
from django.db import connection

from accounts.keyed_hashes import address_hashes, mailbox_hash
from accounts.models import SignupAttempt

ADDRESS_REST = dt.timedelta(hours=24)
UNANSWERED_LETTERS = 3
NETWORK_LETTERS_PER_HOUR = 5
_HOUR = dt.timedelta(hours=1)
# The key of an advisory lock: counting and recording are one step, also for a thousand requests at once.
_LOCK = 0x5_1699


@dataclasses.dataclass(frozen=True)
class Counts:
    """Letters that sign-ups caused so far."""

    last_to_address_at: dt.datetime | None
    unanswered_by_address: int
    from_network_in_an_hour: int
    by_everybody_in_an_hour: int


def may_mail(counts: Counts, *, now: dt.datetime, per_hour: int) -> bool:
    rested = counts.last_to_address_at is None or now - counts.last_to_address_at >= ADDRESS_REST
    return (
        rested
        and counts.unanswered_by_address < UNANSWERED_LETTERS
        and counts.from_network_in_an_hour < NETWORK_LETTERS_PER_HOUR
        and counts.by_everybody_in_an_hour < per_hour
    )


def admit(address: str, *, network: str, now: dt.datetime) -> bool:
    """Count this sign-up, from the network with that hash, if it may cause a letter.

    Call it inside a transaction: the lock lasts as long as that.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if not may_mail(_counts(address, network, now), now=now, per_hour=settings.SIGNUP_LETTERS_PER_HOUR):
        return False
    SignupAttempt.objects.create(address_hash=mailbox_hash(address), network_hash=network, created_at=now)
    return True


def forget_address(address: str) -> None:
    """The owner of the address has answered: earlier letters no longer count against it."""
    SignupAttempt.objects.filter(address_hash__in=address_hashes(address)).delete()


def forget_networks(*, now: dt.datetime) -> int:
    """Blank what no limit looks back to any more; the hashes of unanswered addresses stay."""
    old = SignupAttempt.objects.filter(created_at__lte=now - ADDRESS_REST).exclude(network_hash="")
    return old.update(network_hash="")


def _counts(address: str, network: str, now: dt.datetime) -> Counts:
    """Plain SQL: under attack this is the statement that runs, and building it from objects took twice its time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT max(created_at) FILTER (WHERE of_address),
                   count(*) FILTER (WHERE of_address),
                   count(*) FILTER (WHERE network_hash = %(network)s AND is_recent),
                   count(*) FILTER (WHERE is_recent)
            FROM (
                SELECT *, address_hash = ANY(%(addresses)s) AS of_address, created_at > %(hour_ago)s AS is_recent
                FROM accounts_signupattempt
                WHERE address_hash = ANY(%(addresses)s) OR created_at > %(hour_ago)s
            ) AS attempts
            """,
            {"addresses": address_hashes(address), "network": network, "hour_ago": now - _HOUR},
        )
        return Counts(*cursor.fetchone())

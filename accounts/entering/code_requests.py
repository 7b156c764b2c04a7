"""Who may ask for a code, and how often one may be tried: decisions, and the rows that they rest on.

A request is a row whether or not its address is a subscriber's, so that limits and answers are the same for both.
Those of a stranger and those of somebody who is known to read the mailbox are counted apart: the one cannot use up
the other's.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db import connection, transaction

from accounts.keyed_hashes import address_hashes, mailbox_hash
from accounts.models import CodeRequest, Letter

KEPT = dt.timedelta(days=1)
TRIES = 3
_HOUR = dt.timedelta(hours=1)
_ADDRESS_PER_HOUR = 5
_ADDRESS_PER_DAY = 10
_NETWORK_PER_HOUR = 20
# The key of an advisory lock: counting and recording are one step, also for a thousand requests at once.
_LOCK = 0xC0DE


@dataclasses.dataclass(frozen=True)
class Asked:
    """Requests so far: for the address, by those who are as well known as this one; from the network, by everybody."""

    for_address_in_an_hour: int
    for_address_in_a_day: int
    from_network_in_an_hour: int


def may_ask(asked: Asked, *, is_known: bool) -> bool:
    return (
        asked.for_address_in_an_hour < _ADDRESS_PER_HOUR
        and asked.for_address_in_a_day < _ADDRESS_PER_DAY
        and (is_known or asked.from_network_in_an_hour < _NETWORK_PER_HOUR)
    )


def admit(address: str, *, network: str, is_known: bool, now: dt.datetime) -> int | None:
    """Return the id of the request, or None past a limit. `is_known`: this one has shown to read the mailbox."""
    with transaction.atomic(), connection.cursor() as cursor:
        # A request lost in a power cut is made again; waiting for the disk would tell when a letter was written, too.
        cursor.execute("SET LOCAL synchronous_commit TO off")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if not may_ask(_asked(address, network, is_known=is_known, now=now), is_known=is_known):
            return None
        row = {"address_hash": mailbox_hash(address), "network_hash": network, "is_known": is_known}
        return CodeRequest.objects.create(**row, created_at=now).pk


def may_try(request_id: int) -> bool:
    """Count this try in the one statement that asks for it: of any number at once, three are judged.

    Only a code that went out is alive.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE accounts_coderequest AS asked SET tries = tries + 1
            WHERE id = %(request)s AND tries < %(most)s
            RETURNING EXISTS (SELECT FROM accounts_letter WHERE id = asked.letter_id AND state = ANY(%(out)s))
            """,
            {"request": request_id, "most": TRIES, "out": [Letter.State.SENDING, Letter.State.SENT]},
        )
        counted = cursor.fetchone()
    return bool(counted and counted[0])


def forget_requests(*, before: dt.datetime) -> None:
    CodeRequest.objects.filter(created_at__lt=before).delete()


def _asked(address: str, network: str, *, is_known: bool, now: dt.datetime) -> Asked:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE of_address AND is_recent),
                   count(*) FILTER (WHERE of_address),
                   count(*) FILTER (WHERE network_hash = %(network)s AND NOT is_known AND is_recent)
            FROM (
                SELECT *, address_hash = ANY(%(addresses)s) AND is_known = %(is_known)s AS of_address,
                       created_at > %(hour_ago)s AS is_recent
                FROM accounts_coderequest
                WHERE created_at > %(day_ago)s AND (address_hash = ANY(%(addresses)s) OR network_hash = %(network)s)
            ) AS requests
            """,
            {
                "addresses": address_hashes(address),
                "network": network,
                "is_known": is_known,
                "hour_ago": now - _HOUR,
                "day_ago": now - KEPT,
            },
        )
        return Asked(*cursor.fetchone())

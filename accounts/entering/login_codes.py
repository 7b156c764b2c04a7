"""A code by e-mail: asked for with the same work for a subscriber's address as for anybody's."""

from __future__ import annotations

import datetime as dt
import json

from django.db import connection, transaction

from accounts.addresses import InvalidAddress, canonical
from accounts.models import Letter

_PER_HOUR = 5
_HOUR = dt.timedelta(hours=1)


def request_code_letter(address: str, code: str, *, now: dt.datetime) -> None:
    """Add the letter if the address is a subscriber's who had fewer than five in an hour; `code` may be empty.

    One statement whoever is asked about, and a commit that waits for no disk: with a row to write or without, it
    takes the same time. A code lost in a power cut is asked for again.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
        cursor.execute(
            """
            INSERT INTO accounts_letter (user_id, kind, context, state, attempts, next_attempt_at, error, created_at)
            SELECT id, %(kind)s, %(context)s, %(state)s, 0, %(now)s, '', %(now)s
            FROM accounts_user AS subscriber
            WHERE email = %(address)s AND confirmed_at IS NOT NULL AND is_active AND %(code)s <> ''
              AND (SELECT count(*) FROM accounts_letter AS recent
                   WHERE recent.user_id = subscriber.id AND kind = %(kind)s AND created_at > %(hour_ago)s) < %(most)s
            """,
            {
                "kind": Letter.Kind.LOGIN_CODE,
                "context": json.dumps({"code": code}),
                "state": Letter.State.WAITING,
                "now": now,
                "hour_ago": now - _HOUR,
                "address": _comparable(address),
                "code": code,
                "most": _PER_HOUR,
            },
        )


def _comparable(address: str) -> str:
    try:
        return canonical(address)
    except InvalidAddress:
        return ""

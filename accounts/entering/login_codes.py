"""A code by e-mail: asked for with the same work for a subscriber's address as for anybody's."""

from __future__ import annotations

import datetime as dt
import json

from django.db import connection, transaction

from accounts.models import Letter


def request_code_letter(address: str, code: str, *, request_id: int, now: dt.datetime) -> None:
    """Add the letter to that admitted request, if the address is a subscriber's; `code` may be empty.

    One statement whoever is asked about, and a commit that waits for no disk: with a row to write or without, it
    takes the same time. A code lost in a power cut is asked for again.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
        cursor.execute(
            """
            WITH letter AS (
                INSERT INTO accounts_letter
                    (user_id, kind, context, state, attempts, next_attempt_at, error, created_at)
                SELECT id, %(kind)s, %(context)s, %(state)s, 0, %(now)s, '', %(now)s
                FROM accounts_user
                WHERE email = %(address)s AND confirmed_at IS NOT NULL AND is_active AND %(code)s <> ''
                RETURNING id
            )
            UPDATE accounts_coderequest SET letter_id = (SELECT id FROM letter) WHERE id = %(request)s
            """,
            {
                "kind": Letter.Kind.LOGIN_CODE,
                "context": json.dumps({"code": code}),
                "state": Letter.State.WAITING,
                "now": now,
                "address": address,
                "code": code,
                "request": request_id,
            },
        )

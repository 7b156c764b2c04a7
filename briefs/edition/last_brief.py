"""The last brief of a subscriber: which day had one, and when it reached them, or may have, or may yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from psycopg.sql import SQL, Literal

# What a sender has claimed is in doubt, or settled, when this is over.
LEASE = dt.timedelta(minutes=10)

# One that is being sent, or of which nobody knows, may have been handed over as soon as it was claimed.
REACHED_AT = SQL("""
    CASE WHEN other.state = 'sent' THEN coalesce(other.sent_at, other.due_at)
         WHEN other.state IN ('sending', 'unknown') THEN greatest(other.due_at, other.next_attempt_at - {lease})
    END""").format(lease=Literal(LEASE))

_LAST = (
    SQL("""
    SELECT other.user_id, max(other.day),
           max(coalesce({reached_at}, CASE WHEN other.state IN ('due', 'composed') THEN other.due_at END))
    FROM briefs_brief AS other WHERE other.user_id = ANY(%(users)s) GROUP BY other.user_id
    """)
    .format(reached_at=REACHED_AT)
    .as_bytes()
    .decode()
)


@dataclass(frozen=True, slots=True)
class Last:
    day: dt.date | None = None
    at: dt.datetime | None = None


NEVER = Last()


def last_briefs(user_ids: Iterable[int]) -> dict[int, Last]:
    """Of those who had one."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, {"users": list(user_ids)})
        return {user_id: Last(day, at) for user_id, day, at in cursor.fetchall()}

"""Whose episode is read next: shows take turns, and so do those who brought them.

Shows added within one minute came together, from one list, and have one turn between them: somebody's one new show
waits behind one episode of an import of five hundred, not behind all of it. What was read within the hour counts as
turns already taken.
"""

import datetime as dt

from django.db import connection

_REMEMBERED = dt.timedelta(hours=1)


def next_to_read(*, now: dt.datetime, limit: int) -> list[int]:
    """The ids of episodes that wait, whose turn it is first; the newest of a show leads."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"now": now, "since": now - _REMEMBERED, "limit": limit})
        return [pk for (pk,) in cursor.fetchall()]


_NEXT = """
    WITH read AS (
        SELECT feed_id, count(*) AS turns FROM feeds_episode WHERE processed_at > %(since)s GROUP BY feed_id
    ), read_together AS (
        SELECT date_trunc('minute', feed.created_at) AS brought, sum(turns) AS turns
        FROM read JOIN feeds_feed AS feed ON feed.id = read.feed_id GROUP BY brought
    ), by_show AS (
        SELECT episode.id, published_at, date_trunc('minute', feed.created_at) AS brought,
               coalesce(read.turns, 0)
               + row_number() OVER (PARTITION BY feed.id ORDER BY published_at DESC, episode.id) AS turn
        FROM feeds_episode AS episode JOIN feeds_feed AS feed ON feed.id = episode.feed_id
        LEFT JOIN read ON read.feed_id = feed.id
        WHERE episode.state = 'waiting' AND next_attempt_at <= %(now)s AND taken_down_at IS NULL
    ), by_whoever_brought_it AS (
        SELECT id, published_at,
               coalesce(read_together.turns, 0)
               + row_number() OVER (PARTITION BY brought ORDER BY turn, published_at DESC, id) AS turn
        FROM by_show LEFT JOIN read_together USING (brought)
    )
    SELECT id FROM by_whoever_brought_it ORDER BY turn, published_at DESC, id LIMIT %(limit)s
    """

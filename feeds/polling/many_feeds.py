"""What is said about hundreds of feeds in one statement."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef

from feeds.models import Episode, Feed
from feeds.polling import schedule

# By conditional UPDATE: another process may have polled a feed since this one looked.
_CLAIM = """
    UPDATE feeds_feed AS feed SET next_check_at = %s
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS seen (id, due, url)
    WHERE feed.id = seen.id AND feed.url = seen.url AND feed.next_check_at IS NOT DISTINCT FROM seen.due
    RETURNING feed.id
"""
_CHECKED = """
    UPDATE feeds_feed AS feed
    SET failures = 0, error = '', last_checked_at = %s, next_check_at = found.due, overdue_at = found.overdue
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS found (id, due, overdue)
    WHERE feed.id = found.id
"""


def claim(feeds: Sequence[Feed], *, until: dt.datetime) -> dict[int, Feed]:
    """Return those that are ours now, by their ids."""
    seen = [(feed.pk, feed.next_check_at, feed.url) for feed in feeds]
    columns = [[row[place] for row in seen] for place in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [until, *columns])
        ours = {pk for (pk,) in cursor.fetchall()}
    return {feed.pk: feed for feed in feeds if feed.pk in ours}


def newest_dates(ids: Collection[int]) -> Mapping[int, list[dt.datetime]]:
    """Of the episodes of each, as many as the schedule looks at."""
    episodes = Episode.objects.filter(feed=OuterRef("pk")).order_by("-published_at")
    dates = ArraySubquery(episodes.values("published_at")[: schedule.RECENT])
    return dict(Feed.objects.filter(pk__in=ids).annotate(dates=dates).values_list("pk", "dates"))


def record_unchanged(feeds: Sequence[Feed], *, now: dt.datetime) -> None:
    """The times of their next checks."""
    columns = [feed.pk for feed in feeds], [feed.next_check_at for feed in feeds], [feed.overdue_at for feed in feeds]
    with connection.cursor() as cursor:
        cursor.execute(_CHECKED, [now, *columns])

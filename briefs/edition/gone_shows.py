"""A followed show whose feed is gone for good: its followers hear of it once, in their next brief."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Max

from briefs.choosing.candidates import LOOK_BACK
from briefs.models import Brief, Follow
from feeds.models import Feed

MOST_NAMED = 5
LONGEST_TITLE = 60


def tell_of_gone_shows(brief_of: Mapping[int, int], *, now: dt.datetime, told: Iterable[str]) -> None:
    """Write them on the composed briefs, by subscriber; `told` are the states of briefs that were, or may be, read."""
    gone = Follow.objects.filter(user__in=brief_of, is_muted=False, feed__state=Feed.State.GONE, feed__gone_at__lte=now)
    rows = list(gone.order_by("feed__gone_at", "feed").values_list("user_id", "feed__title", "feed__gone_at"))
    if not rows:
        return
    earlier = Brief.objects.filter(user__in={user_id for user_id, _, _ in rows}, state__in=told)
    earlier = earlier.exclude(pk__in=brief_of.values()).exclude(kind=Brief.Kind.WIDEN).order_by()
    until = dict(earlier.values_list("user_id").annotate(Max("considered_until")))
    titles: dict[int, list[str]] = defaultdict(list)
    for user_id, title, gone_at in rows:
        if gone_at and gone_at > (until.get(user_id) or now - LOOK_BACK):
            titles[user_id].append(title[:LONGEST_TITLE])
    Brief.objects.bulk_update(
        [Brief(pk=brief_of[user_id], gone_shows=named) for user_id, named in titles.items()], ["gone_shows"]
    )


def in_words(titles: Sequence[str]) -> str:
    """Nothing where none is gone."""
    if not titles:
        return ""
    named = ", ".join(f"“{title}”" for title in titles[:MOST_NAMED])
    others = f" and {len(titles) - MOST_NAMED} more" if len(titles) > MOST_NAMED else ""
    which = "a show" if len(titles) == 1 else "shows"
    return f"No longer read: {named}{others}, {which} you follow. The publisher has taken the feed down for good."

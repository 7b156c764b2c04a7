"""Who else made an item's point: members of its story from other shows, as far as its reader may hear them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from briefs.choosing.candidates import Candidates
from briefs.choosing.ranking import MUTED, Floats
from feeds.models import Insight

AT_MOST = 3

# Columns of each story that has several, the best first.
Tellers = Mapping[int, tuple[int, ...]]


def tellers(candidates: Candidates) -> Tellers:
    found: dict[int, list[int]] = defaultdict(list)
    for column in np.argsort(-candidates.pool.merit, kind="stable"):
        found[int(candidates.stories[column])].append(int(column))
    return {story: tuple(columns) for story, columns in found.items() if len(columns) > 1}


def voices(column: int, candidates: Candidates, told_by: Tellers, *, groups: Floats) -> tuple[int, ...]:
    """Ids of insights, one a show. `groups` is the subscriber's row of the audience: what they muted is not named."""
    pool = candidates.pool
    heard, found = {int(pool.shows[column])}, []
    for other in told_by.get(int(candidates.stories[column]), ()):
        show = int(pool.shows[other])
        if show not in heard and groups[pool.groups[other]] > MUTED:
            heard.add(show)
            found.append(int(pool.ids[other]))
    return tuple(found[:AT_MOST])


def on_the_same_point(who: Iterable[str]) -> str:
    """In words, for a mail; "" where nobody else said it."""
    names = "; ".join(who)
    return f"On the same point: {names}" if names else ""


def shown_voices(ids: Iterable[int]) -> dict[int, Insight]:
    """Those of the insights that still may be shown, with their episode and show."""
    shown = Insight.objects.public().ready().select_related("episode__feed").defer("embedding", "search")
    return shown.in_bulk(list(ids))

"""The five that a visitor sees first: the best of the newest episodes, from as many shows as possible."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from feeds.library.quality import quality_expression
from feeds.models import Insight

# A quiet weekend still shows five: the window before the newest episode widens until it holds them.
_WINDOWS = (dt.timedelta(hours=36), dt.timedelta(days=7), dt.timedelta(days=60))
# At this cosine two insights say the same thing in other words.
_SAME_CLAIM = 0.8
_CANDIDATES = 60


def best_five(*, now: dt.datetime) -> list[Insight]:
    """At most five public insights that are ready, those of the highest quality first; [] where none is."""
    public = Insight.objects.public().ready().with_source().filter(episode__published_at__lte=now)
    newest = public.order_by("-episode__published_at").values_list("episode__published_at", flat=True).first()
    if newest is None:
        return []
    chosen: list[Insight] = []
    for window in _WINDOWS:
        candidates = public.filter(episode__published_at__gte=newest - window).order_by(
            quality_expression().desc(), "-id"
        )
        chosen = choose(candidates[:_CANDIDATES], limit=5)
        if len(chosen) == 5:
            break
    return chosen


def choose(candidates: Iterable[Insight], *, limit: int) -> list[Insight]:
    """The first `limit` that repeat no claim: one from each show before a second from any, and no third."""
    pool = list(candidates)
    chosen: list[Insight] = []
    for per_show in (1, 2):
        for insight in pool:
            if len(chosen) < limit and insight not in chosen and _fits(insight, chosen, per_show=per_show):
                chosen.append(insight)
    return sorted(chosen, key=pool.index)


def _fits(insight: Insight, chosen: Sequence[Insight], *, per_show: int) -> bool:
    shows = Counter(one.episode.feed_id for one in chosen)
    if shows[insight.episode.feed_id] >= per_show:
        return False
    return all(np.dot(insight.embedding, one.embedding) < _SAME_CLAIM for one in chosen)

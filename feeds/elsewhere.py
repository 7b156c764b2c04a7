"""What else was said elsewhere: the related insights of a page, ranked once an hour, shown while they are public."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from feeds.models import Insight, Stance
from feeds.related.retrieve import related_ids
from feeds.related.stance import stances_beside
from feeds.search import in_order

_KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """`also_on` are insights of further shows that say it in much the same words; `stance` may be "" (not judged)."""

    insight: Insight
    also_on: tuple[Insight, ...]
    stance: str


def also_said_elsewhere(insight: Insight) -> list[Elsewhere]:
    """At most ten, best first, without those that were judged to make another point. Only their ids are kept: what was
    taken down meanwhile is not shown."""
    groups = cache.get_or_set(f"elsewhere-{insight.pk}", lambda: _ranked(insight), _KEPT_SECONDS) or []
    public = {one.pk: one for one in in_order([pk for group in groups for pk in group])}
    stances = stances_beside(insight)
    shown = ([public[pk] for pk in group if pk in public] for group in groups)
    return [
        Elsewhere(first, tuple(others), stances[first.pk].label if first.pk in stances else "")
        for first, *others in filter(None, shown)
        if stances.get(first.pk) is not Stance.APART
    ]


def _ranked(insight: Insight) -> list[list[int]]:
    return [[one.id, *one.also] for one in related_ids(insight, limit=10)]

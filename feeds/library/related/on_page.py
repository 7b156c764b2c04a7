"""What else was said elsewhere: the related insights of a page, ranked once an hour, shown while they are public."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from feeds.library.related.retrieve import related_ids
from feeds.library.related.stance import stances_beside
from feeds.library.search import in_order
from feeds.models import Insight, Stance

_KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """`also_on` are insights of further shows that say it in much the same words; `stance` may be "" (not judged)."""

    insight: Insight
    also_on: tuple[Insight, ...]
    stance: str


@dataclass(frozen=True, slots=True)
class _Place:
    """What is kept of an entry: the ids of its insights, the first one shown."""

    ids: tuple[int, ...]
    stance: str


def also_said_elsewhere(insight: Insight) -> list[Elsewhere]:
    """At most ten, best first, without those that were judged to make another point. Only their ids are kept: what was
    taken down meanwhile is not shown."""
    places = cache.get_or_set(f"elsewhere-{insight.pk}", lambda: _ranked(insight), _KEPT_SECONDS) or []
    public = {one.pk: one for one in in_order([pk for place in places for pk in place.ids])}
    shown = (([public[pk] for pk in place.ids if pk in public], place.stance) for place in places)
    return [Elsewhere(found[0], tuple(found[1:]), stance) for found, stance in shown if found]


def _ranked(insight: Insight) -> list[_Place]:
    stances = stances_beside(insight)
    related = (one for one in related_ids(insight, limit=10) if stances.get(one.id) is not Stance.APART)
    return [_Place((one.id, *one.also), stances[one.id].label if one.id in stances else "") for one in related]

"""The ways on from an insight's page: what other shows say on its very point, then more on its topics.

Both are worked out by the readers, and again every week, for others may have said it since; only their ids are kept, so
that what was taken down or withheld meanwhile is not shown.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.core.cache import cache
from django.db.models import F, Q

from feeds.library.neighbours import nearest
from feeds.library.quality import quality_expression
from feeds.library.related.judged import stances_beside
from feeds.library.related.retrieve import related_ids
from feeds.library.search import fuse, in_order
from feeds.models import Insight, InsightQuerySet, KeptWays, Stance, Topic
from feeds.reading.related.rank import RelatedScore, Share, fit_for_page

WAYS_ON = 10
# How many of the ranking are looked at for those that belong, and of a topic for those near and worth it.
_RANKED, _OF_A_TOPIC = 30, 60
_REMEMBERED_SECONDS = 3600
_WORKED_OUT_AGAIN = dt.timedelta(days=7)
_A_LOOK = 50


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """`also_on` are insights of further shows that say it in much the same words; `stance` may be "" (not judged)."""

    insight: Insight
    also_on: tuple[Insight, ...]
    stance: str


@dataclass(frozen=True, slots=True)
class MoreOn:
    topic: Topic
    insights: Sequence[Insight]


@dataclass(frozen=True, slots=True)
class WaysOn:
    elsewhere: Sequence[Elsewhere]
    more: Sequence[MoreOn]


@dataclass(frozen=True, slots=True)
class _Place:
    """What is kept of an entry: the ids of its insights, the first one shown."""

    ids: tuple[int, ...]
    stance: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """`more` names topics and the insights under each."""

    elsewhere: tuple[_Place, ...]
    more: tuple[tuple[int, tuple[int, ...]], ...]


def ways_on(insight: Insight) -> WaysOn:
    """At most ten: those that belong beside it, best first, then others of its topics by worth and nearness."""
    kept = _kept(insight)
    ids = [pk for place in kept.elsewhere for pk in place.ids] + [pk for _, under in kept.more for pk in under]
    public = {one.pk: one for one in in_order(ids) if one.is_ready}
    topics = {topic.pk: topic for topic in insight.topics.all()}
    more = [
        MoreOn(topics[pk], [public[one] for one in under if one in public]) for pk, under in kept.more if pk in topics
    ]
    return WaysOn(_elsewhere(kept.elsewhere, public), [one for one in more if one.insights])


def work_out_waiting(*, now: dt.datetime, seconds: float) -> int:
    """Work out for those that nobody has looked at, the newest first, then for those looked at long ago."""
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until and (some := list(waiting(now)[:_A_LOOK])):
        for insight in some:
            work_out(insight, now=now)
        done += len(some)
    return done


def waiting(now: dt.datetime) -> InsightQuerySet:
    long_ago = Q(kept_ways=None) | Q(kept_ways__worked_out_at__lt=now - _WORKED_OUT_AGAIN)
    ready = Insight.objects.public().ready().filter(long_ago).select_related("episode__feed")
    return ready.order_by(F("kept_ways__worked_out_at").asc(nulls_first=True), "-pk")


def work_out(insight: Insight, *, now: dt.datetime) -> None:
    found = _worked_out(insight)
    KeptWays.objects.update_or_create(
        insight=insight,
        defaults={
            "elsewhere": [[place.ids, place.stance] for place in found.elsewhere],
            "more": found.more,
            "worked_out_at": now,
        },
    )


def _kept(insight: Insight) -> _Kept:
    """Of an insight that no reader has come to yet they are worked out here, and remembered for an hour."""
    if row := KeptWays.objects.filter(pk=insight.pk).first():
        places = (_Place(tuple(ids), stance) for ids, stance in row.elsewhere)
        return _Kept(tuple(places), tuple((topic, tuple(under)) for topic, under in row.more))
    found = cache.get_or_set(f"ways-on-{insight.pk}", lambda: _worked_out(insight), _REMEMBERED_SECONDS)
    return found or _Kept((), ())


def _elsewhere(places: Sequence[_Place], public: dict[int, Insight]) -> list[Elsewhere]:
    shown = (([public[pk] for pk in place.ids if pk in public], place.stance) for place in places)
    return [Elsewhere(found[0], tuple(found[1:]), stance) for found, stance in shown if found]


def _worked_out(insight: Insight) -> _Kept:
    stances = stances_beside(insight)
    ranked = [one for one in related_ids(insight, limit=_RANKED) if stances.get(one.id) is not Stance.APART]
    belonging = fit_for_page(ranked, limit=WAYS_ON, judged=stances.keys())
    places = (_Place((one.id, *one.also), stances[one.id].label if one.id in stances else "") for one in belonging)
    return _Kept(tuple(places), tuple(_more(insight, belonging)))


def _more(insight: Insight, belonging: Sequence[RelatedScore]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Topics, the surest first, and what each adds until there are ten ways on."""
    share = Share()
    for one in belonging:
        share.takes(one.podcast, one.episode)
    shown = {insight.pk, *(pk for one in belonging for pk in (one.id, *one.also))}
    wanted = WAYS_ON - len(belonging)
    for topic in insight.insight_topics.values_list("topic", flat=True):
        under = tuple(islice(_of_topic(insight, topic, shown=shown, share=share), wanted))
        wanted -= len(under)
        shown.update(under)
        if under:
            yield topic, under


def _of_topic(insight: Insight, topic: int, *, shown: set[int], share: Share) -> Iterator[int]:
    others = Insight.objects.public().ready().filter(topics=topic, embedding_model=insight.embedding_model)
    others = others.exclude(episode=insight.episode_id)
    near = nearest(others, insight.embedding, _OF_A_TOPIC)
    rows = Insight.objects.filter(pk__in=near).order_by(quality_expression().desc(), "-pk")
    sources = {pk: (show, episode) for pk, show, episode in rows.values_list("pk", "episode__feed__title", "episode")}
    return (pk for pk in fuse([near, list(sources)]) if pk not in shown and share.takes(*sources[pk]))

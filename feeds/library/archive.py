"""What the public pages list: topics, shows, people and days, each with what may be shown of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q

from feeds.library.figures import figure
from feeds.models import Episode, Feed, Insight, InsightQuerySet, Topic

_READY = ~Q(headline="")


@dataclass(frozen=True, slots=True)
class TopicEntry:
    topic: Topic
    insights: int


@dataclass(frozen=True, slots=True)
class ShowEntry:
    """`insights` may be 0: all that was found may be passages."""

    feed: Feed
    insights: int
    latest: dt.datetime


@dataclass(frozen=True, slots=True)
class EpisodeEntry:
    """`insights` may be 0: all that was found may be passages."""

    episode: Episode
    insights: int


@dataclass(frozen=True, slots=True)
class PersonEntry:
    name: str
    slug: str
    insights: int


@dataclass(frozen=True, slots=True)
class NearbyDays:
    earlier: dt.date | None
    later: dt.date | None


def newest_first() -> InsightQuerySet:
    """All public insights that are ready, with their sources, in the order in which every list shows them."""
    return _in_order(Insight.objects.public().ready())


def passages_newest_first() -> InsightQuerySet:
    """The same of what is kept as passages."""
    return _in_order(Insight.objects.public().passages())


def _in_order(insights: InsightQuerySet) -> InsightQuerySet:
    return insights.with_source().order_by("-episode__published_at", "-salience", "-id")


def topic_index() -> list[TopicEntry]:
    """Every topic in its fixed order, also those without an insight yet."""
    counts = figure("insights of topics", _insights_of_topics)
    return [TopicEntry(topic, counts.get(topic.pk, 0)) for topic in Topic.objects.all()]


def insights_of(topic: Topic) -> int:
    return figure("insights of topics", _insights_of_topics).get(topic.pk, 0)


def _insights_of_topics() -> dict[int, int]:
    ready = Insight.objects.public().ready().filter(topics__isnull=False)
    return dict(ready.values_list("topics").annotate(n=Count("id")).order_by())


def show_index(*, title: str = "") -> list[ShowEntry]:
    """Every public show of which something was kept, by title; of these, those with `title` in theirs."""
    found = figure("shows", _read_shows)
    feeds = Feed.objects.public().filter(pk__in=found, title__icontains=title)
    return [ShowEntry(feed, *found[feed.pk]) for feed in feeds]


def _read_shows() -> dict[int, tuple[int, dt.datetime]]:
    """Of each show of which something was kept: how many insights are ready, and when its latest episode came."""
    rows = Insight.objects.public().order_by().values_list("episode__feed")
    counted = rows.annotate(n=Count("id", filter=_READY), latest=Max("episode__published_at"))
    return {feed: (count, latest) for feed, count, latest in counted}


def people_of(insights: InsightQuerySet, *, limit: int = 12) -> list[PersonEntry]:
    """Who is quoted most often in these insights."""
    rows = (
        insights.exclude(speaker_slug="").order_by().values("speaker_slug").annotate(n=Count("id"), name=Min("speaker"))
    )
    return [PersonEntry(row["name"], row["speaker_slug"], row["n"]) for row in rows.order_by("-n", "name")[:limit]]


def episodes_of(feed: Feed) -> Sequence[EpisodeEntry]:
    """A show's episodes of which something was kept, newest first."""
    kept = Insight.objects.public().filter(episode__feed=feed).order_by()
    counts = dict(kept.values_list("episode").annotate(n=Count("id", filter=_READY)))
    episodes = feed.episodes.filter(pk__in=counts).order_by("-published_at")
    return [EpisodeEntry(episode, counts[episode.pk]) for episode in episodes]


def of_day(day: dt.date) -> InsightQuerySet:
    """Insights of the episodes published on that day, UTC; the most salient first."""
    return newest_first().filter(episode__published_at__range=moments_of(day)).order_by("-salience", "-id")


def days_beside(day: dt.date) -> NearbyDays:
    """The nearest days before and after that have insights."""
    days = Insight.objects.public().ready().order_by()
    first, last = moments_of(day)
    # In the order of the index on times, where the least and the greatest would look at all of them.
    moments = days.values_list("episode__published_at", flat=True)
    earlier = moments.filter(episode__published_at__lt=first).order_by("-episode__published_at").first()
    later = moments.filter(episode__published_at__gt=last).order_by("episode__published_at").first()
    return NearbyDays(earlier and earlier.date(), later and later.date())


def moments_of(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Its first and last moment in UTC: an index on times knows no dates."""
    return dt.datetime.combine(day, dt.time.min, dt.UTC), dt.datetime.combine(day, dt.time.max, dt.UTC)

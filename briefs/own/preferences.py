"""A subscriber's preferences: read for the page, and stored so that the next brief obeys them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count

from accounts.models import User
from accounts.retention import seen
from briefs.models import Follow, Interest
from feeds.models import Feed, Insight, Topic

# Whoever changes one of these is rescheduled.
CLOCK = ("time_zone", "brief_hour", "brief_days", "cadence", "paused_until")
_OTHER_COLUMNS = ("brief_format", "languages", "surprises", "quotes")
_THIN = 5
_RECENT = dt.timedelta(days=30)


def thin_topics(topics: Iterable[Topic], *, now: dt.datetime) -> list[Topic]:
    """Those of which too little was said in a month to fill a brief now and then."""
    recent = Insight.objects.public().ready().filter(episode__published_at__gt=now - _RECENT)
    chosen = list(topics)
    counts = dict(
        recent.filter(topics__in=chosen).order_by().values_list("topics").annotate(Count("id", distinct=True))
    )
    return [topic for topic in chosen if counts.get(topic.pk, 0) < _THIN]


def languages_spoken(user: User) -> list[str]:
    """The languages of the shows we read and those the subscriber already chose, as two-letter codes."""
    found = (
        Insight.objects.public().ready().exclude(language="").order_by().values_list("language", flat=True).distinct()
    )
    return sorted({code.split("-")[0].lower() for code in found} | set(user.languages))


def welcome(user: User, chosen: Mapping[str, Any], *, now: dt.datetime) -> None:
    """Store the first choices: topics, interests in words, time zone, hour."""
    with transaction.atomic():
        user.interests.filter(is_muted=False, topic__isnull=False).exclude(topic__in=chosen["topics"]).delete()
        _set_topics(user, chosen["topics"], is_muted=False)
        user.interests.filter(is_muted=False, topic=None).exclude(text__in=chosen["interests"]).delete()
        _set_texts(user, chosen["interests"], is_muted=False)
        _set_columns(user, {name: chosen[name] for name in ("time_zone", "brief_hour")})
        seen(user.pk, now=now)


def follow_topic(user: User, topic: Topic, *, now: dt.datetime) -> None:
    """Also where it was muted before: the last word counts."""
    _set_topics(user, [topic], is_muted=False)
    seen(user.pk, now=now)


def follow_show(user: User, show: Feed, *, now: dt.datetime) -> None:
    """Also where it was muted before: the last word counts."""
    Follow.objects.update_or_create(user=user, feed=show, defaults={"is_muted": False})
    seen(user.pk, now=now)


def save(user: User, chosen: Mapping[str, Any], *, now: dt.datetime) -> bool:
    """Store everything of the preferences page. True if the clock changed, so that the next brief moves."""
    with transaction.atomic():
        Interest.objects.filter(user=user, topic__isnull=False).exclude(
            topic__in=[*chosen["topics"], *chosen["muted_topics"]]
        ).delete()
        _set_topics(user, chosen["topics"], is_muted=False)
        _set_topics(user, chosen["muted_topics"], is_muted=True)
        kept = {*chosen["interests"], *chosen["refused"]}
        Interest.objects.filter(user=user, topic=None).exclude(text__in=kept).delete()
        _set_texts(user, chosen["interests"], is_muted=False)
        _set_texts(user, chosen["refused"], is_muted=True)
        _set_shows(user, chosen)
        clock_changed = _set_columns(user, {name: chosen[name] for name in (*CLOCK, *_OTHER_COLUMNS)})
        seen(user.pk, now=now)
    return clock_changed


def _set_columns(user: User, columns: Mapping[str, Any]) -> bool:
    changed = {name: value for name, value in columns.items() if getattr(user, name) != value}
    clock_changed = any(name in CLOCK for name in changed)
    if clock_changed:
        changed["next_brief_at"] = None
    if changed:
        User.objects.filter(pk=user.pk).update(**changed)
        user.refresh_from_db()
    return clock_changed


def _set_topics(user: User, topics: Iterable[Topic], *, is_muted: bool) -> None:
    Interest.objects.bulk_create(
        [Interest(user=user, topic=topic, is_muted=is_muted) for topic in topics],
        update_conflicts=True,
        unique_fields=["user", "topic"],
        update_fields=["is_muted"],
    )


def _set_texts(user: User, texts: Sequence[str], *, is_muted: bool) -> None:
    for text in texts:
        Interest.objects.update_or_create(user=user, topic=None, text=text, defaults={"is_muted": is_muted})


def _set_shows(user: User, chosen: Mapping[str, Any]) -> None:
    muted = {show.pk: False for show in chosen["followed_shows"]} | {show.pk: True for show in chosen["muted_shows"]}
    new_show: Feed | None = chosen["new_show"]
    if new_show:
        muted[new_show.pk] = chosen["new_show_is"] == "muted"
    # What was followed since the page was drawn, or has no place on it, it cannot have offered to drop.
    Follow.objects.filter(user=user, feed__in=chosen["offered_shows"]).exclude(feed__in=muted).delete()
    Follow.objects.bulk_create(
        [Follow(user=user, feed_id=feed_id, is_muted=is_muted) for feed_id, is_muted in muted.items()],
        update_conflicts=True,
        unique_fields=["user", "feed"],
        update_fields=["is_muted"],
    )

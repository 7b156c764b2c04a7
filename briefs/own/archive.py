"""The briefs a subscriber got, as they were sent: for pages, for the private feed, as JSON."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.links import brief_url
from accounts.models import User
from briefs.choosing.voices import shown_voices
from briefs.edition.printing.feedback_links import act_url
from briefs.models import Brief, BriefItem, PrivateFeed, new_key
from feeds.library.where_to_read import read_url
from feeds.models import Insight
from feeds.reading.timeline import audio_at

# What reached the subscriber, or may have.
_REACHED = (Brief.State.SENDING, Brief.State.SENT, Brief.State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the five with what its reader thinks of it; `insight` is None once it was taken down."""

    position: int
    insight: Insight | None
    reason: str
    voices: tuple[Insight, ...] = ()
    vote: int | None = None
    saved: bool = False
    act_url: str = ""


def received(user: User) -> QuerySet[Brief]:
    """Newest first, with their items and all that is shown of them."""
    items = BriefItem.objects.select_related("insight__episode__feed").defer("insight__embedding", "insight__search")
    items = items.prefetch_related("insight__earlier_wordings")
    reached = Brief.objects.filter(user=user, state__in=_REACHED).exclude(kind=Brief.Kind.WIDEN)
    return reached.order_by("-day").prefetch_related(Prefetch("items", queryset=items))


def brief_with(insight_id: int, *, user_id: int) -> str:
    """The address of the last brief that held it; empty where there was none, as after a test."""
    last = Brief.objects.select_related("user").filter(user=user_id, items__insight=insight_id, state__in=_REACHED)
    return brief_url(found.user, found.day) if (found := last.order_by("-day").first()) else ""


def shown(brief: Brief, user: User) -> list[Shown]:
    insights = [item.insight_id for item in brief.items.all()]
    others = shown_voices(pk for item in brief.items.all() for pk in item.voices)
    votes = dict(user.votes.filter(insight__in=insights).values_list("insight_id", "value"))
    saved = set(user.saved_insights.filter(insight__in=insights).values_list("insight_id", flat=True))
    return [
        Shown(
            position=item.position,
            insight=_unless_taken_down(item.insight),
            reason=item.reason_in_words,
            voices=tuple(others[pk] for pk in item.voices if pk in others),
            vote=votes.get(item.insight_id),
            saved=item.insight_id in saved,
            act_url=act_url(user, item.insight_id),
        )
        for item in _as_sent(brief)
    ]


def standing(brief: Brief) -> list[BriefItem]:
    """Its items but for what was taken down since, each with the words that were sent."""
    return [item for item in _as_sent(brief) if _unless_taken_down(item.insight)]


def as_json(brief: Brief) -> dict[str, Any]:
    return {
        "day": brief.day.isoformat(),
        "kind": brief.kind,
        "subject": brief.subject,
        "sent_at": brief.sent_at.isoformat() if brief.sent_at else None,
        "items": [_item(item) for item in standing(brief)],
    }


def as_json_feed(briefs: Iterable[Brief], *, address: str) -> dict[str, Any]:
    """https://jsonfeed.org/version/1.1, one item a brief, the insights in its extension `_overheard`."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Overheard: my brief",
        "home_page_url": f"{settings.SITE_URL}/brief/",
        "feed_url": address,
        "items": [
            {
                "id": f"{settings.SITE_URL}/brief/{brief.day.isoformat()}/",
                "url": f"{settings.SITE_URL}/brief/{brief.day.isoformat()}/",
                "title": brief.subject,
                "date_published": (brief.sent_at or brief.due_at).isoformat(),
                "content_text": _as_text(brief),
                "_overheard": as_json(brief),
            }
            for brief in briefs
        ],
    }


def new_private_feed(user: User) -> PrivateFeed:
    """A feed under a new address; the old one, if any, is gone from this moment on."""
    opened = {"key": new_key(), "created_at": timezone.now()}
    return PrivateFeed.objects.update_or_create(opened, user=user)[0]


def close_private_feed(user: User) -> None:
    PrivateFeed.objects.filter(user=user).delete()


def _item(item: BriefItem) -> dict[str, Any]:
    insight, episode = item.insight, item.insight.episode
    audio = episode.audio_address
    return {
        "position": item.position,
        "title": insight.title,
        "headline": insight.headline or None,
        "text": insight.text or None,
        "quote": insight.quote,
        "speaker": insight.speaker or None,
        "show": episode.feed.title,
        "episode": episode.title,
        "published_at": _utc(episode.published_at),
        "start": insight.start,
        "start_is_approximate": insight.start_is_approximate,
        "url": read_url(insight, settings.SITE_URL),
        "listen_url": audio_at(audio, insight.start) if audio else None,
        "reason": item.reason_in_words,
    }


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()


def _as_text(brief: Brief) -> str:
    found = [(item.position, item.insight) for item in standing(brief)]
    return "\n\n".join(
        f"{position}. {insight.title}\n{insight.text or f'“{insight.quote_for_show}”'}" for position, insight in found
    )


def _as_sent(brief: Brief) -> list[BriefItem]:
    """What the mail held, in the words that it had then; what was withheld before it left was not in it."""
    items = list(brief.items.all())
    for item in items:
        item.insight = item.insight.as_it_read(brief.sent_at or brief.composed_at or brief.due_at)
    return [item for item in items if item.insight.is_ready or item.is_quote]


def _unless_taken_down(insight: Insight) -> Insight | None:
    gone = insight.hidden_at or insight.episode.feed.taken_down_at
    return None if gone else insight

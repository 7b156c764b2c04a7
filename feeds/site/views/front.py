"""The front page, and how it all works."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from feeds.library.archive import topic_index
from feeds.library.best import best_five
from feeds.models import Feed, Insight
from feeds.site.views.page import page, public_page

# Today's five are from last night's episodes, and from yesterday evening's.
_LAST_NIGHT = dt.timedelta(hours=36)


@public_page
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    five = best_five(now=now)
    newest = max((one.episode.published_at for one in five), default=None)
    context = {
        "today": now.date(),
        "five": five,
        "pictured": next(iter(five), None),
        "newest": newest,
        "is_todays": newest is not None and newest > now - _LAST_NIGHT,
        "topic_index": topic_index(),
        "has_passages": not five and Insight.objects.public().passages().exists(),
    }
    return page(request, "feeds/home.html", context, path=reverse("feeds:home"))


@public_page
def about(request: HttpRequest) -> HttpResponse:
    context = {
        "shows": Feed.objects.public().count(),
        "extracted_at_first_sight": settings.EXTRACT_NEWEST,
        "insights_per_episode": settings.INSIGHTS_PER_EPISODE,
        "sender": settings.SENDER_IDENTITY,
        "reply_to": settings.REPLY_TO,
        "user_agent": settings.USER_AGENT,
    }
    return page(request, "feeds/about.html", context, path=reverse("feeds:about"))

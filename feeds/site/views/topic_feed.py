"""A topic's newest insights as RSS, for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed

from feeds.library import archive
from feeds.models import Insight, Topic
from feeds.site.views.page import absolute, public_page

_IN_FEED = 30


@public_page
def topic_feed(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    topic = get_object_or_404(Topic, slug=slug)
    feed = Rss201rev2Feed(
        title=f"Overheard: {topic.name}",
        link=absolute(topic.get_absolute_url()),
        description=topic.description,
        feed_url=absolute(reverse("feeds:topic_feed", args=[slug])),
        language="en",
    )
    for insight in archive.newest_first().filter(topics=topic)[:_IN_FEED]:
        _add(feed, insight)
    return HttpResponse(str(feed.writeString("utf-8")), content_type="application/rss+xml; charset=utf-8")


def _add(feed: Rss201rev2Feed, insight: Insight) -> None:
    address = absolute(insight.get_absolute_url())
    feed.add_item(
        title=insight.headline,
        link=address,
        description=render_to_string("feeds/_feed_item.html", {"insight": insight}),
        pubdate=insight.episode.published_at,
        unique_id=address,
    )

"""The site map for search engines, in sections; without private shows, passages, and what was taken down."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from feeds.library.archive import ShowEntry, TopicEntry, show_index, topic_index
from feeds.models import Insight, InsightQuerySet


class _OnThisSite(Sitemap):  # type: ignore[type-arg]  # generic in its stubs alone
    limit = 10_000

    def get_protocol(self, _: str | None = None) -> str:
        return str(urlsplit(settings.SITE_URL).scheme)

    def get_domain(self, _: object = None) -> str:
        return str(urlsplit(settings.SITE_URL).netloc)


class InsightMap(_OnThisSite):
    def items(self) -> InsightQuerySet:
        return Insight.objects.public().ready().order_by("pk").only("pk", "created_at")

    def lastmod(self, insight: Insight) -> dt.datetime:
        return insight.created_at


class ShowMap(_OnThisSite):
    def items(self) -> list[ShowEntry]:
        return [entry for entry in show_index() if entry.insights]

    def location(self, entry: ShowEntry) -> str:
        return entry.feed.get_absolute_url()

    def lastmod(self, entry: ShowEntry) -> dt.datetime:
        return entry.latest


class TopicMap(_OnThisSite):
    def items(self) -> list[TopicEntry]:
        return [entry for entry in topic_index() if entry.insights]

    def location(self, entry: TopicEntry) -> str:
        return entry.topic.get_absolute_url()


class PageMap(_OnThisSite):
    def items(self) -> list[str]:
        return ["feeds:home", "feeds:topics", "feeds:shows", "feeds:about"]

    def location(self, name: str) -> str:
        return reverse(name)


SECTIONS: dict[str, type[_OnThisSite]] = {
    "pages": PageMap,
    "topics": TopicMap,
    "shows": ShowMap,
    "insights": InsightMap,
}

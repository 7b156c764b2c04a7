"""A small site with everything on it, and the addresses of all its public pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from feeds.models import Episode, Feed, Insight, Topic
from tests.factories import make_episode, make_feed, make_insight, make_topic


@dataclass(frozen=True)
class Site:
    topic: Topic
    feed: Feed
    episode: Episode
    insights: list[Insight]

    @property
    def insight(self) -> Insight:
        return self.insights[0]

    def pages(self) -> list[str]:
        """One address for every kind of public page."""
        insight = [reverse(f"feeds:{name}", args=[self.insight.pk]) for name in ("insight", "report", "reported")]
        lists = ["feeds:home", "feeds:about", "feeds:topics", "feeds:shows", "feeds:search"]
        return [
            *(reverse(name) for name in lists),
            *insight,
            self.topic.get_absolute_url(),
            self.feed.get_absolute_url(),
            reverse("feeds:episode", args=[self.episode.pk]),
            reverse("feeds:day", args=[self.episode.published_at.date()]),
            *(reverse("feeds:person", args=[one.speaker_slug]) for one in self.insights[:1] if one.speaker_slug),
            reverse("feeds:search") + "?q=tariffs+and+trade",
            reverse("feeds:shows") + "?q=choke",
            reverse("feeds:shows") + "?q=elsewhere",
            reverse("feeds:search") + "?since=2020-02-02&until=nonsense",
        ]

    def machine_pages(self) -> list[str]:
        sections = [f"/sitemap-{section}.xml" for section in ("pages", "topics", "shows", "insights")]
        picture = reverse("feeds:share_image", args=[self.insight.pk])
        return ["/robots.txt", "/sitemap.xml", *sections, picture, f"{self.topic.get_absolute_url()}rss.xml"]


def make_site(*, insights: int = 4) -> Site:
    topic = make_topic("Economics")
    feed = make_feed(
        "Chokepoint", author="Helene Duquette", description="Narrow places.", site_url="https://c.example/"
    )
    episode = make_episode(
        "What the Denied Do Next",
        feed=feed,
        published_at=timezone.now() - dt.timedelta(minutes=5),
        duration_seconds=3482,
    )
    made = [make_insight(episode=episode, topics=[topic]) for _ in range(insights)]
    for one in made:
        one.refresh_from_db()
    return Site(topic, feed, episode, made)

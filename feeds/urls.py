"""The public pages. An insight's address holds its id and never changes."""

from __future__ import annotations

from django.contrib.sitemaps.views import index as sitemap_index
from django.contrib.sitemaps.views import sitemap as sitemap_section
from django.urls import path

from config.web import day_in_path  # noqa: F401  # registers <day:…>
from feeds.site.sitemaps import SECTIONS
from feeds.site.views import browse, finding, front, insight, robots, security_txt, topic_feed
from feeds.site.views.page import public_page

_sitemap = {"sitemaps": SECTIONS}

app_name = "feeds"
urlpatterns = [
    path("", front.home, name="home"),
    path("about/", front.about, name="about"),
    path("insights/<int:pk>/", insight.insight, name="insight"),
    path("insights/<int:pk>/share.png", insight.picture, name="share_image"),
    path("insights/<int:pk>/report/", insight.report_page, name="report"),
    path("insights/<int:pk>/reported/", insight.reported, name="reported"),
    path("topics/", browse.topics, name="topics"),
    path("topics/<slug:slug>/", browse.topic, name="topic"),
    path("topics/<slug:slug>/rss.xml", topic_feed.topic_feed, name="topic_feed"),
    path("shows/", browse.shows, name="shows"),
    path("shows/<slug:slug>/", browse.show, name="show"),
    path("episodes/<int:pk>/", browse.episode, name="episode"),
    path("days/<day:date>/", browse.day, name="day"),
    path("people/<str:slug>/", browse.person, name="person"),
    path("search/", finding.search_page, name="search"),
    path("robots.txt", robots.robots, name="robots"),
    path(".well-known/security.txt", security_txt.security_txt, name="security_txt"),
    path(
        "sitemap.xml",
        public_page(sitemap_index),
        _sitemap | {"sitemap_url_name": "feeds:sitemap_section"},
        name="sitemap",
    ),
    path("sitemap-<slug:section>.xml", public_page(sitemap_section), _sitemap, name="sitemap_section"),
]

"""The archive by topic, show, episode, day and person."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from feeds.library import archive
from feeds.library.figures import figure
from feeds.models import Episode, Feed, Insight, InsightQuerySet, Topic
from feeds.reading.timeline import episode_line
from feeds.site.forms import ShowsForm
from feeds.site.structured_data import podcast_episode
from feeds.site.views.page import absolute, page, page_of, path_of_page, public_page, refuse_hidden_show

# A list shorter than this says nothing to somebody who comes from a search engine.
_THIN_LIST = 3


@public_page
def topics(request: HttpRequest) -> HttpResponse:
    return page(request, "feeds/topics.html", {"topic_index": archive.topic_index()}, path=reverse("feeds:topics"))


@public_page
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Topic, slug=slug)
    insights = archive.newest_first().filter(topics=found)
    context = {
        "topic": found,
        "topics": [found],
        "topic_index": [entry for entry in archive.topic_index() if entry.insights],
        "people": figure(("people of a topic", found.pk), lambda: archive.people_of(insights)),
    }
    count = archive.insights_of(found)
    return _list(request, "feeds/topic.html", context, insights=insights, path=found.get_absolute_url(), count=count)


@public_page
def shows(request: HttpRequest) -> HttpResponse:
    form = ShowsForm(request.GET, label_suffix="")
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "wanted": wanted, "show_index": archive.show_index(title=wanted)}
    return page(request, "feeds/shows.html", context, path=reverse("feeds:shows"), index=not wanted)


@public_page
def show(request: HttpRequest, slug: str) -> HttpResponse:
    feed = get_object_or_404(Feed, slug=slug)
    refuse_hidden_show(feed)
    insights = archive.newest_first().filter(episode__feed=feed)
    context = {
        "feed": feed,
        "episodes": archive.episodes_of(feed)[:12],
        "people": archive.people_of(insights, limit=8),
    }
    return _list(request, "feeds/show.html", context, insights=insights, path=feed.get_absolute_url())


@public_page
def episode(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Episode.objects.select_related("feed"), pk=pk)
    refuse_hidden_show(found.feed)
    insights = list(archive.newest_first().filter(episode=found).order_by("start", "-salience"))
    passages = archive.passages_newest_first().filter(episode=found).order_by("start", "-salience")
    lines = [
        episode_line(one.start, found.duration_seconds, is_approximate=one.start_is_approximate) for one in insights
    ]
    path = reverse("feeds:episode", args=[pk])
    context = {
        "episode": found,
        "feed": found.feed,
        "insights": insights,
        "passages": passages,
        "lines": [line for line in lines if line],
        "pictured": next(iter(insights), None),
        "structured": podcast_episode(found, url=absolute(path)),
    }
    return page(request, "feeds/episode.html", context, path=path, index=len(insights) >= _THIN_LIST)


@public_page
def day(request: HttpRequest, date: dt.date) -> HttpResponse:
    context = {"day": date, "beside": archive.days_beside(date)}
    path = reverse("feeds:day", args=[date])
    return _list(request, "feeds/day.html", context, insights=archive.of_day(date), path=path)


@public_page
def person(request: HttpRequest, slug: str) -> HttpResponse:
    insights = archive.newest_first().filter(speaker_slug=slug)
    said = Insight.objects.public().filter(speaker_slug=slug).order_by("pk")
    name = said.values_list("speaker", flat=True).first()
    if name is None:
        raise Http404("Nobody of that name is quoted here.")
    path = reverse("feeds:person", args=[slug])
    return _list(request, "feeds/person.html", {"name": name}, insights=insights, path=path)


def _list(
    request: HttpRequest,
    template: str,
    context: dict[str, object],
    *,
    insights: InsightQuerySet,
    path: str,
    count: int | None = None,
) -> HttpResponse:
    found = page_of(request, insights, count=count)
    worth_finding = found.paginator.count >= _THIN_LIST
    path = path_of_page(path, found)
    context |= {"insights": found, "pictured": next(iter(found), None)}
    return page(request, template, context, path=path, index=worth_finding)

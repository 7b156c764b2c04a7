"""Saved insights, and what was learned from them and from votes."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from briefs.choosing import learned
from briefs.models import SavedInsight
from briefs.own import feedback
from briefs.own.saved_export import FORMATS, Saved
from briefs.own.views.subscriber import by_session
from feeds.library.where_to_read import read_url
from feeds.models import Insight
from feeds.reading.timeline import audio_at, moment

_ON_PAGE = 50


@require_safe
@by_session
def saved(request: HttpRequest, user: User) -> HttpResponse:
    page = Paginator(_saved(user), _ON_PAGE).get_page(request.GET.get("page"))
    return render(request, "briefs/saved.html", {"saved": page})


@require_http_methods(["GET", "HEAD", "POST"])
@by_session
def save(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Where “Save” on a public page leads: that page may come out of a cache, so whose list it is, is asked here."""
    insight = get_object_or_404(Insight.objects.public().with_source(), pk=pk)
    if request.method == "POST":
        feedback.act("save", user_id=user.pk, insight_id=insight.pk, now=timezone.now())
        return redirect("briefs:saved")
    is_saved = user.saved_insights.filter(insight=insight).exists()
    return render(request, "briefs/save.html", {"insight": insight, "is_saved": is_saved})


@require_POST
@by_session
def unsave(request: HttpRequest, user: User, pk: int) -> HttpResponse:  # noqa: ARG001
    feedback.act("unsave", user_id=user.pk, insight_id=pk, now=timezone.now())
    return redirect("briefs:saved")


@require_safe
@by_session
def export_saved(request: HttpRequest, user: User, form: str) -> HttpResponse:  # noqa: ARG001
    if form not in FORMATS:
        raise Http404("There is no such format.")
    name, content_type, write = FORMATS[form]
    response = HttpResponse(write([_exported(one) for one in _saved(user)]), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@by_session
def profile(request: HttpRequest, user: User) -> HttpResponse:
    if request.method == "POST":
        _forget(request, user)
        return HttpResponseRedirect(f"{reverse('briefs:profile')}?forgotten=yes", status=HTTPStatus.SEE_OTHER)
    now = timezone.now()
    votes, saves = learned.votes_that_count(user, now=now), learned.saves_that_count(user, now=now)
    context = {"votes": votes, "saves": saves, "lessons": learned.lessons(votes, saves)}
    return render(request, "briefs/profile.html", context)


def _forget(request: HttpRequest, user: User) -> None:
    if (vote := request.POST.get("vote", "")).isdecimal():
        learned.forget_vote(user, int(vote))
    elif (save := request.POST.get("save", "")).isdecimal():
        learned.forget_save(user, int(save))
    elif (topic := request.POST.get("topic", "")).isdecimal():
        learned.forget_topic(user, int(topic))
    elif "all" in request.POST:
        learned.forget_all(user)


def _saved(user: User) -> QuerySet[SavedInsight]:
    """What was taken down since is not handed out again."""
    standing = user.saved_insights.filter(insight__in=Insight.objects.standing())
    return learned.with_insights(standing).order_by("-created_at", "-id")


def _exported(saved: SavedInsight) -> Saved:
    insight, episode = saved.insight, saved.insight.episode
    audio = episode.audio_address
    return Saved(
        headline=insight.title,
        text=insight.text,
        quote=insight.quote,
        speaker=insight.speaker,
        show=episode.feed.title,
        episode=episode.title,
        published_at=episode.published_at,
        start=moment(insight.start, is_approximate=insight.start_is_approximate),
        url=read_url(insight, settings.SITE_URL),
        listen_url=audio and audio_at(audio, insight.start),
        topics=tuple(topic.name for topic in insight.topics.all()),
        saved_at=saved.created_at,
    )

"""One press on a public page: from now on, this topic or this show."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from briefs.own import preferences
from briefs.own.views.subscriber import by_session
from config.web.own_pages import own_page
from feeds.models import Feed, Topic


@require_POST
@by_session
def follow_topic(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    preferences.follow_topic(user, get_object_or_404(Topic, slug=slug), now=timezone.now())
    return _back_to_the_box(request)


@require_POST
@by_session
def follow_show(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    preferences.follow_show(user, get_object_or_404(Feed.objects.public(), slug=slug), now=timezone.now())
    return _back_to_the_box(request)


def _back_to_the_box(request: HttpRequest) -> HttpResponse:
    page = own_page(request.POST.get("next", ""), otherwise=reverse("briefs:preferences"))
    return redirect(f"{page}#your-brief")

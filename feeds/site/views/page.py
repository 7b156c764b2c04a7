"""What all public pages share: how they are rendered, cached, and refused."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

from feeds.models import Feed, Insight, InsightQuerySet

P = ParamSpec("P")
T = TypeVar("T")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

_CACHED_SECONDS = 300
# The moment at which the sign-up box was drawn: a page that differs in nothing else is the same page.
_STAMP = re.compile(rb'name="stamp" value="[^"]*"')
_A_PAGE = 20


class Gone(Exception):
    """It was on the site and was taken down: the page answers 410."""


def answers_gone(view: View[P]) -> View[P]:
    """Turn Gone into a page with status 410."""

    @functools.wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Gone:
            return render(request, "410.html", status=410)

    return answered


def public_page(view: View[P]) -> View[P]:
    """GET and HEAD only, with an ETag; anyone on the way may keep the answer for a few minutes."""

    @require_safe
    @conditional_page
    @functools.wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = answers_gone(view)(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=_CACHED_SECONDS)
        return response

    return answered


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, path: str, index: bool = True, status: int = 200
) -> HttpResponse:
    """Render a public page whose canonical address is `path`; `index=False` asks search engines to leave it out.

    Whoever brings a session gets a page of their own, whose sign-up box knows them; to all others a template that
    asks who is signed in hears "nobody", and no session is opened. Where the page is shared, the picture of the insight
    that `context` names as `pictured` stands for it.
    """
    is_personal = settings.SESSION_COOKIE_NAME in request.COOKIES
    shared = {
        "canonical": absolute(path),
        "index": index,
        "site": settings.SITE_URL,
        "user": request.user if is_personal else None,
    }
    response = render(request, template, shared | context, status=status)
    patch_vary_headers(response, ["Cookie"])
    if is_personal:
        patch_cache_control(response, private=True, no_cache=True)
    if status == HTTPStatus.OK:
        response["ETag"] = f'"{hashlib.sha256(_STAMP.sub(b"", response.content)).hexdigest()[:32]}"'
    return response


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def page_of(request: HttpRequest, items: Sequence[T] | InsightQuerySet, *, count: int | None = None) -> Page[Any]:
    """The page of a long list that `?page=` names; 404 past its end. `count` spares counting what was counted."""
    number = request.GET.get("page", "1")
    pages = Paginator(items, _A_PAGE)
    if count is not None:
        pages.count = count
    if not (number.isascii() and number.isdigit() and len(number) < 7 and int(number) in pages.page_range):
        raise Http404("There is no such page.")
    return pages.page(int(number))


def path_of_page(path: str, found: Page[Any]) -> str:
    return path if found.number == 1 else f"{path}?page={found.number}"


def refuse_hidden_show(feed: Feed) -> None:
    """Raise Http404 for a show whose existence is nobody else's business, and Gone for one that left the site."""
    if feed.is_private or not feed.is_listed:
        raise Http404("There is no such show.")
    if feed.taken_down_at or feed.is_blocked:
        raise Gone


def public_insight(pk: int) -> Insight:
    """The insight with its source. Raises Http404 or Gone."""
    insight = Insight.objects.with_source().filter(pk=pk).first()
    if insight is None:
        raise Http404("There is no such insight.")
    refuse_hidden_show(insight.episode.feed)
    if insight.hidden_at:
        raise Gone
    return insight

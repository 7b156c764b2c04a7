"""Whose page it is: the session's, or that of a link in an e-mail, which allows harmless changes only."""

from __future__ import annotations

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts import links
from accounts.models import User
from accounts.tokens import BadToken, unsign
from accounts.views.token_pages import token_page
from config.web.same_origin import same_origin_required

P = ParamSpec("P")


def by_session_or_link(
    view: Callable[Concatenate[HttpRequest, User, str | None, P], HttpResponse],
) -> Callable[..., HttpResponseBase]:
    """Call `view(request, subscriber, token)`; `token` is None for the session's own page."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, token: str | None = None, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if token is None:
            return login_required(lambda request: view(request, subscriber(request), None, *args, **kwargs))(request)
        try:
            (user_id,) = unsign(links.PREFERENCES, token)
        except BadToken:
            return render(request, "accounts/link_bad.html", status=HTTPStatus.NOT_FOUND)
        return view(request, User.objects.get(pk=user_id), token, *args, **kwargs)

    return same_origin_required(token_page(guarded))


def by_session(view: Callable[Concatenate[HttpRequest, User, P], HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Call `view(request, subscriber)`; everybody else is asked to sign in."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, subscriber(request), *args, **kwargs)

    return same_origin_required(never_cache(login_required(guarded)))


def subscriber(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # login_required has seen to it
    return request.user

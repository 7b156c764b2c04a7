"""Forms on cacheable pages: no cookie, hence no CSRF token; the browser's own word on where a request began instead."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def same_origin_required(view: View[P]) -> View[P]:
    """Answer 403 to unsafe requests from other sites; stands in for the CSRF token, so the view is exempt from it."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD", "OPTIONS") and not is_same_origin(request):
            raise PermissionDenied("This form was sent from another site.")
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says that the request began on this site.

    Sec-Fetch-Site decides where it is sent; over plain HTTP browsers leave it out, and Origin, which every browser
    sends with a POST, must name this host or SITE_URL. A request with neither is refused.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = urlsplit(request.headers.get("Origin", ""))
    own = urlsplit(settings.SITE_URL)
    return (origin.scheme, origin.netloc) in {(request.scheme, request.get_host()), (own.scheme, own.netloc)}

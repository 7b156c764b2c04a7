"""What every page with a token in its address has in common."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]


def token_page(view: Page[P]) -> Page[P]:
    """Keep the address out of caches, out of search engines and out of the Referer header of other sites.

    Under `no-referrer` a browser sends the page's own forms with `Origin: null`. That is enough for the same-origin
    check only where the browser says `Sec-Fetch-Site` as well; those too old for it get `same-origin`, which tells
    nobody but ourselves.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer" if "Sec-Fetch-Site" in request.headers else "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(guarded)

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

    `same-origin` rather than `no-referrer`: under the latter browsers send the page's own forms with `Origin: null`,
    which the same-origin check would have to refuse.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(guarded)

"""Pages that cost much: so many at once in a process, and the rest is told to come back, so that other pages go on."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def few_at_once(most: int, *, wait_seconds: float) -> Callable[[View[P]], View[P]]:
    """Whoever finds no place within the time is answered 503."""

    def decorate(view: View[P]) -> View[P]:
        places = threading.BoundedSemaphore(most)

        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not places.acquire(timeout=wait_seconds):
                return _busy(request)
            try:
                return view(request, *args, **kwargs)
            finally:
                places.release()

        return guarded

    return decorate


def _busy(request: HttpRequest) -> HttpResponse:
    response = render(request, "503.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"], response["Cache-Control"] = "5", "no-store"
    return response

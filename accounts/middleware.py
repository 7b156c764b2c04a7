from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.entering.known_browser import remember


def remember_browser(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """On pages that belong to a session; the public ones set no cookie."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and response.get("Cache-Control", "").find("private") >= 0:
            remember(request, response)
        return response

    return answered

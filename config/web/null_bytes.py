"""An address with a NUL in it, which PostgreSQL takes in no text: the visitor's mistake, not ours."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.defaults import bad_request


class BadRequestForNull:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        holds_one = "\0" in request.path or "%00" in request.META["QUERY_STRING"]
        return bad_request(request, error) if holds_one and isinstance(error, DataError) else None

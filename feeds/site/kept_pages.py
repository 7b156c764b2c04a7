"""Public pages, kept by each web process as they were sent, until something that they show changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeGuard

from cachetools import TTLCache
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from feeds.library.changes import Version, current_version

Respond = Callable[[HttpRequest], HttpResponseBase]
Address = tuple[str, str, str, bool]

# As long as anybody on the way may keep one: what follows from the time of day is never older.
_KEPT_SECONDS = 300
_MAY_VARY_BY = {"cookie", "accept-encoding"}
# How often a process asks whether something has changed: so long may what was taken down still be read.
_CHECKED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class KeptPage:
    version: Version
    content: bytes
    headers: dict[str, str]

    @property
    def size(self) -> int:
        return len(self.content) + 1000

    def as_response(self, request: HttpRequest) -> HttpResponseBase:
        response = HttpResponse(self.content, headers=self.headers)
        etag = self.headers.get("ETag")
        answered = get_conditional_response(request, etag=etag, response=response) if etag else response
        return answered or response


@dataclass(slots=True)
class KeptPages:
    """At most `megabytes`; those that nobody asked for the longest go first."""

    megabytes: float
    _pages: TTLCache[Address, KeptPage] = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _version: Version | None = None
    _checked_at: float = float("-inf")

    def __post_init__(self) -> None:
        self._pages = TTLCache(self.megabytes * 1e6, _KEPT_SECONDS, getsizeof=lambda page: page.size)

    def version(self) -> Version:
        """Raises DatabaseError where nobody can tell."""
        now = time.time()
        # Whichever way the clock was set.
        if self._version is None or abs(now - self._checked_at) >= _CHECKED_SECONDS:
            self._version, self._checked_at = current_version(), now
        return self._version

    def get(self, address: Address, version: Version) -> KeptPage | None:
        with self._lock:
            page = self._pages.get(address)
        return page if page and page.version == version else None

    def keep(self, address: Address, page: KeptPage) -> None:
        with self._lock:
            if page.size <= self._pages.maxsize:
                self._pages[address] = page


def kept(get_response: Respond) -> Respond:
    if not settings.KEPT_PAGES_MB:
        return get_response
    pages = KeptPages(settings.KEPT_PAGES_MB)

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET" or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return get_response(request)
        try:
            version = pages.version()
        except DatabaseError:
            return get_response(request)
        address = _address(request)
        if page := pages.get(address, version):
            return page.as_response(request)
        response = get_response(request)
        if _is_for_everybody(response):
            pages.keep(address, KeptPage(version, response.content, dict(response.items())))
        return response

    return answer


def _address(request: HttpRequest) -> Address:
    """All that an answer to everybody may depend on."""
    return (
        request.scheme or "",
        request.META.get("HTTP_HOST", ""),
        request.get_full_path(),
        "gzip" in request.headers.get("Accept-Encoding", ""),
    )


def _is_for_everybody(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    varies = {name.strip().lower() for name in response.headers.get("Vary", "").split(",") if name.strip()}
    return (
        isinstance(response, HttpResponse)
        and response.status_code == HTTPStatus.OK
        and "public" in response.headers.get("Cache-Control", "")
        and varies <= _MAY_VARY_BY
        and not response.cookies
    )

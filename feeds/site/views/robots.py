"""What search engines read first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from feeds.site.views.page import absolute, public_page

# Pages about one reader, or made of a question.
_NOT_FOR_INDEXING = (
    "/account/", "/admin/", "/brief/", "/confirm/", "/follow/", "/preferences/", "/profile/", "/saved/", "/search/",
    "/u/", "/v/",
)  # fmt: skip


@public_page
def robots(_: HttpRequest) -> HttpResponse:
    rules = [f"Disallow: {path}" for path in _NOT_FOR_INDEXING]
    lines = ["User-agent: *", *rules, "", f"Sitemap: {absolute(reverse('feeds:sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

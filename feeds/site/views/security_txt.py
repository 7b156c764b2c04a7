"""Whom to tell of a hole, where RFC 9116 says that people look."""

from __future__ import annotations

import datetime as dt
from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from feeds.site.views.page import absolute, public_page

# Less than a year, as the RFC asks; who reads it later asks again.
_GOOD_FOR = dt.timedelta(days=180)


@public_page
def security_txt(_: HttpRequest) -> HttpResponse:
    mailbox = parseaddr(settings.REPLY_TO or settings.DEFAULT_FROM_EMAIL)[1]
    lines = [
        f"Contact: mailto:{mailbox}",
        f"Expires: {timezone.now() + _GOOD_FOR:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        f"Canonical: {absolute(reverse('feeds:security_txt'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

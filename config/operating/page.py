"""What the operator's page shows, and the metrics as a page of their own."""

from __future__ import annotations

import datetime as dt
import hmac
import ipaddress
from dataclasses import fields
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.operating.charts import Chart, chart
from config.operating.counting import figures
from config.operating.figures import Figures, Night, Trouble, in_words, standing_still, went_wrong
from config.operating.metrics import exposition
from config.operating.nights import last_nights

# What is to be seen to, in its order: heading, name in Troubles, the list that has them all.
_LISTS = (
    ("Unknown briefs to decide", "unknown_briefs", "admin:briefs_brief_changelist", "?state__exact=unknown"),
    ("Briefs that were refused", "refused_briefs", "admin:briefs_brief_changelist", "?state__exact=failed"),
    ("Reports and wishes for a takedown", "open_reports", "admin:feeds_insightreport_changelist",
     "?resolved_at__isempty=1"),
    ("Shows that fail", "failing_shows", "admin:feeds_feed_changelist", "?error__isempty=0"),
    ("Episodes that failed", "failed_episodes", "admin:feeds_episode_changelist", "?state__exact=failed"),
    ("Insights least certain", "uncertain_insights", "admin:feeds_insight_changelist", "?o=5"),
)  # fmt: skip


def overview(*, now: dt.datetime) -> dict[str, Any]:
    found = figures(now=now)
    return {
        "figures": found,
        "wrong": went_wrong(found),
        "charts": _charts(found),
        "backlog": _backlog(found),
        "refusals": found.refusals,
        "lists": _lists(found),
    }


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For those who show METRICS_TOKEN; where there is none, for programs on this machine."""
    if not _may_read(request):
        return HttpResponseForbidden("Metrics need the token of METRICS_TOKEN.\n", content_type="text/plain")
    text = exposition(figures(now=timezone.now()))
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "")
        return hmac.compare_digest(shown.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # Whoever came through a proxy is a stranger, wherever the proxy stands.
    return "X-Forwarded-For" not in request.headers and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return not address  # a Unix socket


def _charts(found: Figures) -> list[Chart]:
    nights = last_nights(current=found.night, now=found.now)
    names = [one.name for one in fields(Night)]
    return [chart(name, [(when, float(getattr(night, name))) for when, night in nights]) for name in names]


def _backlog(found: Figures) -> list[dict[str, Any]]:
    still = standing_still(found.backlog, now=found.now)
    return [
        {"name": name, "waiting": one.waiting, "age": in_words(one.age(found.now)), "stands": name in still}
        for name, one in found.backlog.items()
    ]


def _lists(found: Figures) -> list[dict[str, Any]]:
    return [
        {"heading": heading, "rows": rows, "count": found.counts[name], "all": f"{reverse(page)}{query}"}
        for heading, name, page, query in _LISTS
        if (rows := _rows(found, name))
    ]


def _rows(found: Figures, name: str) -> list[Trouble]:
    return list(getattr(found.troubles, name))

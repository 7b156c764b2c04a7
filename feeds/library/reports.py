"""Reports that something is wrong with an insight: how many one network may send, and how long its reader is known.

The counts are rows in PostgreSQL, as those of the sign-up box are: they hold for every process and survive a restart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import Q

from feeds.models import Insight, InsightReport

REPORTS_PER_HOUR = 5
_HOUR = dt.timedelta(hours=1)
_NETWORK_KNOWN = dt.timedelta(days=1)
# To be asked once more after it was resolved; a year is long enough to wait for an answer.
_CONTACT_KEPT_RESOLVED = dt.timedelta(days=30)
_CONTACT_KEPT = dt.timedelta(days=365)


def report(insight: Insight, said: Mapping[str, str], *, network: str, now: dt.datetime) -> bool:
    """Keep `reason`, `message` and `contact`; False where the network with that hash has sent enough for this hour."""
    recent = InsightReport.objects.filter(network_hash=network, created_at__gt=now - _HOUR)
    if recent.count() >= REPORTS_PER_HOUR:
        return False
    kept = {name: said[name] for name in ("reason", "message", "contact")}
    insight.reports.create(**kept, network_hash=network, created_at=now)
    return True


def forget_networks(*, now: dt.datetime) -> int:
    """Blank what the limit does not look back to any more."""
    old = InsightReport.objects.filter(created_at__lte=now - _NETWORK_KNOWN).exclude(network_hash="")
    return old.update(network_hash="")


def forget_contacts(*, now: dt.datetime) -> int:
    """Blank the addresses of readers who have their answer, or will hardly get one any more."""
    over = Q(resolved_at__lte=now - _CONTACT_KEPT_RESOLVED) | Q(created_at__lte=now - _CONTACT_KEPT)
    return InsightReport.objects.filter(over).exclude(contact="").update(contact="")

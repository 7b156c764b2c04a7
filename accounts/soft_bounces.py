"""Refusals that may be over tomorrow: a full mailbox, one that is not said to be gone. Enough of them, and it is."""

from __future__ import annotations

import datetime as dt

from accounts.keyed_hashes import address_hash
from accounts.models import SoftBounce, Suppression, User
from accounts.subscription import stop_address

MOST_DAYS = 5
WITHIN = dt.timedelta(days=30)


def note_soft_bounce(address: str, user: User, *, words: str, now: dt.datetime) -> None:
    """Once a day; on the fifth day within thirty no more mail goes there."""
    known = {"user": user, "address_hash": address_hash(address)}
    SoftBounce.objects.get_or_create({"reason": words[:300]}, day=now.date(), **known)
    if SoftBounce.objects.filter(day__gt=(now - WITHIN).date(), **known).count() >= MOST_DAYS:
        told = f"refused on {MOST_DAYS} days within {WITHIN.days}: {words}"
        stop_address(address, user, Suppression.Reason.BOUNCE, words=told, now=now)

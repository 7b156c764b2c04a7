"""Signing up with an address alone: one letter at most, and the same answer for everybody."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import limits, time_zones
from accounts.letters.deliver import request_letter
from accounts.models import AccountEvent, Letter, User

_SLUG = re.compile(r"[a-z0-9-]{1,40}")
_MOST_TOPICS = 5


def sign_up(
    address: str, *, network: str, topics: Sequence[str] = (), time_zone: str = "", now: dt.datetime
) -> int | None:
    """Return the id of the letter to deliver: to confirm, or to sign in where the address is a subscriber's.

    None where a limit holds. Known and unknown addresses take the same queries. `address` is canonical; `network` is a
    hash of the one that asks; `topics` are
    slugs of the page they came from; a `time_zone` that is none is ignored.
    """
    with transaction.atomic():
        if not limits.admit(address, network=network, now=now):
            return None
        user = _subscriber_or_new(address, now=now)
        kind = Letter.Kind.SIGN_IN if user.confirmed_at else Letter.Kind.CONFIRM
        zone = time_zone if time_zone in time_zones.names() else ""
        return request_letter(user, kind, topics=_slugs(topics), time_zone=zone).pk


def confirm(user: User, *, time_zone: str = "", how: str = "by the button in the letter", now: dt.datetime) -> bool:
    """Make the address a subscriber's. False if it was already: a link is good for one confirmation."""
    clock = {"time_zone": time_zone} if time_zone else {}
    with transaction.atomic():
        fresh = User.objects.filter(pk=user.pk, confirmed_at=None)
        if not fresh.update(confirmed_at=now, is_active=True, active_at=now, next_brief_at=None, **clock):
            return False
        limits.forget_address(user.email)
        AccountEvent.objects.create(user=user, kind="confirmed", detail=how, created_at=now)
    user.refresh_from_db()
    return True


def _subscriber_or_new(address: str, *, now: dt.datetime) -> User:
    # The insert comes first and does nothing for a known address: the same two statements either way.
    new = User(email=address, password=make_password(None), is_active=False, joined_at=now, active_at=now)
    User.objects.bulk_create([new], ignore_conflicts=True)
    return User.objects.get(email=address)


def _slugs(topics: Sequence[str]) -> list[str]:
    return [slug for slug in topics if _SLUG.fullmatch(slug)][:_MOST_TOPICS]

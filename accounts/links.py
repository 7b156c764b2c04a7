"""The addresses of pages that a letter or a brief leads to, each with its token."""

from __future__ import annotations

import datetime as dt
from functools import cache

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.tokens import sign, sign_row, unsubscribe_token

CONFIRM = "confirm"
SIGN_IN = "sign-in"
CONFIRM_ADDRESS = "confirm-address"
OBJECT = "object"
ERASE = "erase"
STILL_READING = "still-reading"
PREFERENCES = "preferences"
READ_BRIEF = "read-brief"
_PLACE = "PLACE"

CONFIRM_LIFETIME = dt.timedelta(days=3)
SIGN_IN_LIFETIME = dt.timedelta(minutes=10)
ADDRESS_LIFETIME = dt.timedelta(days=3)


def confirm_url(user: User, *, topics: list[str], time_zone: str) -> str:
    """What the page they came from knew travels in the link, so that any device can go on from there."""
    return _page("accounts:confirm", _sign(CONFIRM, user, ",".join(topics), time_zone))


def sign_in_url(user: User) -> str:
    return _page("accounts:sign_in", _sign(SIGN_IN, user, sign_in_stamp(user)))


def sign_in_stamp(user: User) -> str:
    """What the next sign-in changes: a link that carries it works once."""
    return user.last_login.isoformat() if user.last_login else "never"


def confirm_address_url(user: User, new_address: str) -> str:
    return _page("accounts:confirm_address", _sign(CONFIRM_ADDRESS, user, user.email, new_address))


def objection_url(change_id: int) -> str:
    return _page("accounts:restore_address", sign_row(OBJECT, change_id))


def erasure_url(change_id: int) -> str:
    return _page("accounts:erase_by_link", sign_row(ERASE, change_id))


def still_reading_url(user: User) -> str:
    return _page("accounts:still_reading", _sign(STILL_READING, user))


def preferences_url(user: User) -> str:
    return _page("briefs:preferences", _sign(PREFERENCES, user))


def brief_url(user: User, day: dt.date) -> str:
    return _page("briefs:brief_by_link", _sign(READ_BRIEF, user, day.isoformat()))


def unsubscribe_url(user: User) -> str:
    """At most 58 characters where SITE_URL has at most 31: a longer header is folded, which can break DKIM."""
    return _page("accounts:unsubscribe", unsubscribe_token(user))


def _sign(purpose: str, user: User, *subject: str) -> str:
    return sign(purpose, user.pk, *subject, version=user.link_version)


def _page(name: str, token: str) -> str:
    return f"{settings.SITE_URL}{_path(name).replace(_PLACE, token)}"


@cache
def _path(name: str) -> str:
    """Every brief holds four of these, and looking an address up takes longer than signing its token."""
    return reverse(name, args=[_PLACE])

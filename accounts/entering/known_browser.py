"""A browser in which a subscriber signed in before. It opens nothing; strangers only cannot use up its codes."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare

from accounts.models import User

_KEPT = dt.timedelta(days=365)


def is_known(request: HttpRequest, address: str) -> bool:
    """One query, whoever has that address."""
    user = User.objects.filter(email=address).first()
    return user is not None and _names(request, user)


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Revoked by a change of address, as the links are."""
    if isinstance(request.user, User) and not _names(request, request.user):
        response.set_cookie(
            settings.KNOWN_BROWSER_COOKIE,
            _mark(request.user),
            max_age=_KEPT,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _names(request: HttpRequest, user: User) -> bool:
    return constant_time_compare(request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE, ""), _mark(user))


def _mark(user: User) -> str:
    return signing.Signer(salt="overheard.known-browser").sign(f"{user.pk}.{user.link_version}")

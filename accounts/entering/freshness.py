"""A sign-in just now: asked for before anything that cannot be undone."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts import limits
from accounts.models import AccountEvent, User
from accounts.retention import seen

FRESH = dt.timedelta(minutes=15)
_KEY = "signed_in_at"
_PROVIDERS = {"google": "Google", "github": "GitHub", "apple": "Apple"}
_BY_TYPE = {
    "totp": "with the code of an app",
    "webauthn": "with a passkey",
    "recovery_codes": "with a recovery code",
}

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def fresh_sign_in_required(view: View[P]) -> View[P]:
    """Send everybody else to a page that asks for a code, and back afterwards."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if is_fresh(request, now=timezone.now()):
            return view(request, *args, **kwargs)
        back = request.path if request.method == "GET" else reverse("accounts:my_data")
        return redirect(f"{reverse('accounts:sign_in_again')}?{urlencode({'next': back})}")

    return login_required(guarded)


def is_fresh(request: HttpRequest, *, now: dt.datetime) -> bool:
    signed_in_at: float = request.session.get(_KEY, 0)
    return now.timestamp() - signed_in_at < FRESH.total_seconds()


@receiver(user_logged_in)
def note_sign_in(sender: object, *, request: HttpRequest, user: User, **_: Any) -> None:  # noqa: ARG001
    now = timezone.now()
    request.session[_KEY] = now.timestamp()
    AccountEvent.objects.create(user=user, kind="signed in", detail=_by_what(request), created_at=now)
    limits.forget_address(user.email)
    seen(user.pk, now=now)


def _by_what(request: HttpRequest) -> str:
    """The last proof that allauth noted in this session; our own links leave none."""
    last: dict[str, str] = next(reversed(request.session.get("account_authentication_methods", [])), {})
    match last.get("method"):
        case "code":
            return "with a code by e-mail"
        case "socialaccount":
            return f"with {_PROVIDERS[last['provider']]}"
        case "mfa":
            return _BY_TYPE[last["type"]]
    return "by the link in a letter"

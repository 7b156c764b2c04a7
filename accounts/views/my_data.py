"""What we keep about you: take it with you, move it to another address, or have it erased."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import links, privacy
from accounts.addresses import InvalidAddress, canonical, in_unicode
from accounts.entering.address_change import (
    Change,
    change_address,
    known_change,
    object_to,
    open_change,
    request_change,
)
from accounts.entering.freshness import fresh_sign_in_required
from accounts.models import AccountEvent, User
from accounts.tasks import deliver_letters
from accounts.tokens import BadToken, unsign, unsign_row
from accounts.views.token_pages import token_page
from config.web.doorbell import ring
from config.web.same_origin import same_origin_required

_EVENTS_SHOWN = 50
_NOT_NOW = {
    Change.TOO_MANY: "Three letters in a day are enough; please try again tomorrow.",
    Change.TOO_SOON: "The address changed within the last fourteen days, in which the old one may object.",
}


@require_safe
def privacy_page(request: HttpRequest) -> HttpResponse:
    about = {"sender": settings.SENDER_IDENTITY, "reply_to": settings.REPLY_TO}
    return render(request, "accounts/privacy.html", about)


@require_safe
@never_cache
@login_required
def my_data(request: HttpRequest) -> HttpResponse:
    return _my_data(request)


@require_POST
@fresh_sign_in_required
def export(request: HttpRequest) -> HttpResponse:
    user, now = _user(request), timezone.now()
    AccountEvent.objects.create(user=user, kind="data exported", created_at=now)
    response = HttpResponse(privacy.export(user, now=now), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="overheard-{now:%Y-%m-%d}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@fresh_sign_in_required
def change(request: HttpRequest) -> HttpResponse:
    user, typed = _user(request), request.POST.get("email", "")
    try:
        address = canonical(typed)
    except InvalidAddress as error:
        return _my_data(request, address_error=str(error), typed=typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    outcome = request_change(user, address, now=timezone.now())
    if outcome is not Change.DONE:
        words = _NOT_NOW[outcome]
        return _my_data(request, address_error=words, typed=typed, status=HTTPStatus.TOO_MANY_REQUESTS)
    ring(deliver_letters)
    return _my_data(request, asked_address=in_unicode(address))


@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
@token_page
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    try:
        user_id, old_address, new_address = unsign(links.CONFIRM_ADDRESS, token, max_age=links.ADDRESS_LIFETIME)
    except BadToken:
        return render(request, "accounts/link_bad.html", status=HTTPStatus.NOT_FOUND)
    user = User.objects.get(pk=user_id)
    if user.email != old_address:
        return render(request, "accounts/link_bad.html", status=HTTPStatus.NOT_FOUND)
    outcome = change_address(user, new_address, now=timezone.now()) if request.method == "POST" else None
    if outcome is Change.DONE:
        ring(deliver_letters)
    return render(request, "accounts/confirm_address.html", _moved(outcome, new_address))


@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
@token_page
def take_back_address(request: HttpRequest, token: str) -> HttpResponse:
    try:
        change_id = unsign_row(links.OBJECT, token)
    except BadToken:
        return render(request, "accounts/link_bad.html", status=HTTPStatus.NOT_FOUND)
    change = known_change(change_id, now=timezone.now())
    if change is None:
        return render(request, "accounts/link_bad.html", status=HTTPStatus.NOT_FOUND)
    if request.method == "POST":
        object_to(change_id, now=timezone.now())
    done = request.method == "POST" or change.objected_at is not None
    return render(request, "accounts/restore_address.html", {"done": done, "address": in_unicode(change.old_address)})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fresh_sign_in_required
def erase(request: HttpRequest) -> HttpResponse:
    user, now = _user(request), timezone.now()
    change = open_change(user, now=now)
    if request.method != "POST":
        return render(request, "accounts/erase.html", {"change": change})
    if change:
        privacy.ask_old_address(change, now=now)
        ring(deliver_letters)
        return render(request, "accounts/erase.html", {"change": change, "asked": True})
    logout(request)
    privacy.erase(user, now=now)
    return redirect("accounts:erased")


@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
@token_page
def erase_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The old mailbox agrees to an erasure that was asked for within the objection period."""
    try:
        change_id = unsign_row(links.ERASE, token)
    except BadToken:
        return render(request, "accounts/link_bad.html", status=HTTPStatus.NOT_FOUND)
    change = known_change(change_id, now=timezone.now())
    if change is None or change.objected_at:
        return render(request, "accounts/link_bad.html", status=HTTPStatus.NOT_FOUND)
    if request.method != "POST":
        return render(request, "accounts/erase_by_link.html", {"subscriber": change.user})
    privacy.erase(change.user, now=timezone.now())
    return redirect("accounts:erased")


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/erased.html")


def _my_data(request: HttpRequest, status: int = HTTPStatus.OK, **context: str) -> HttpResponse:
    events = _user(request).events.all()[:_EVENTS_SHOWN]
    return render(request, "accounts/my_data.html", {"events": events, **context}, status=status)


def _moved(outcome: Change | None, address: str) -> dict[str, object]:
    return {
        "done": outcome is Change.DONE,
        "taken": outcome is Change.TAKEN,
        "too_soon": outcome is Change.TOO_SOON,
        "address": in_unicode(address),
    }


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # login_required has seen to it
    return request.user

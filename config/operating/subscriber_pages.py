"""The pages on one subscriber in the admin: found by address, and what an operator may do for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.addresses import InvalidAddress, canonical
from accounts.entering.signup import confirm
from accounts.models import User
from accounts.privacy import erase
from accounts.subscription import allow_mail, why_not_mailed
from config.operating.story import story_of


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """By POST, so that no log of requests holds the address."""
    _require(request, "accounts.view_user")
    typed = request.POST.get("address", "")
    context: dict[str, Any] = {**admin.site.each_context(request), "title": "A subscriber’s story", "typed": typed}
    if request.method == "POST":
        try:
            address = canonical(typed)
        except InvalidAddress as error:
            return render(request, "admin/subscriber_find.html", context | {"error": str(error)}, status=400)
        if user := User.objects.filter(email=address).first():
            return redirect("admin:subscriber", pk=user.pk)
        context |= {"address": address, "against_mail": why_not_mailed(address, None)}
    return render(request, "admin/subscriber_find.html", context)


@require_safe
def subscriber(request: HttpRequest, pk: int) -> HttpResponse:
    _require(request, "accounts.view_user")
    user = get_object_or_404(User, pk=pk)
    context = {**admin.site.each_context(request), "title": user.address, "story": story_of(user, now=timezone.now())}
    return render(request, "admin/subscriber.html", context)


@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    permission, do = _ACTIONS[action]
    _require(request, permission)
    do(request, user)
    return redirect("admin:subscriber", pk=pk) if User.objects.filter(pk=pk).exists() else redirect("admin:index")


@require_POST
def unsuppress(request: HttpRequest) -> HttpResponse:
    """For an address without an account; one with an account is allowed mail on its own page."""
    _require(request, "accounts.delete_suppression")
    try:
        address = canonical(request.POST.get("address", ""))
    except InvalidAddress as error:
        return HttpResponseBadRequest(str(error), content_type="text/plain")
    if reason := _reason(request):
        allow_mail(address, User.objects.filter(email=address).first(), reason=reason, now=timezone.now())
        messages.success(request, f"{address} may be mailed again.")
    return redirect("admin:find_subscriber")


def _confirm(request: HttpRequest, user: User) -> None:
    if against := why_not_mailed(user.email, user):
        messages.error(request, f"Not confirmed: the address is {against}. Allow mail first, if its owner wants it.")
    elif confirm(user, how="by an operator", now=timezone.now()):
        messages.success(request, "Confirmed: the next brief is scheduled within a minute.")
    else:
        messages.warning(request, "It was confirmed already.")


def _allow_mail(request: HttpRequest, user: User) -> None:
    if reason := _reason(request):
        allow_mail(user.email, user, reason=reason, now=timezone.now())
        messages.success(request, "They may be mailed again.")


def _erase(request: HttpRequest, user: User) -> None:
    if request.POST.get("address", "").strip() not in (user.email, user.address):
        messages.error(request, "Nothing was erased: type the address to confirm it.")
        return
    erase(user, now=timezone.now())
    messages.success(request, "The subscriber is erased.")


def _reason(request: HttpRequest) -> str:
    words = " ".join(request.POST.get("reason", "").split())
    if not words:
        messages.error(request, "Say how you know that the owner wants mail.")
    return words


def _require(request: HttpRequest, permission: str) -> None:
    if not (isinstance(request.user, User) and request.user.has_perm(permission)):
        raise PermissionDenied


_ACTIONS: dict[str, tuple[str, Callable[[HttpRequest, User], None]]] = {
    "confirm": ("accounts.change_user", _confirm),
    "allow-mail": ("accounts.delete_suppression", _allow_mail),
    "erase": ("accounts.delete_user", _erase),
}

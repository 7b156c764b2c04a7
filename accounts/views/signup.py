"""The box, the letter, the button: how an address becomes a subscriber's."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import links
from accounts.entering.signup import confirm, sign_up
from accounts.entering.signup_form import Verdict, read
from accounts.models import User
from accounts.tasks import deliver_letters
from accounts.tokens import BadToken, ExpiredToken, unsign
from accounts.views.token_pages import token_page
from config.web.doorbell import ring
from config.web.networks import client_network
from config.web.same_origin import same_origin_required


@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
def signup(request: HttpRequest) -> HttpResponse:
    """The answer depends on what was typed, never on who is known here."""
    if request.method != "POST":  # the address of a form that came back, opened anew
        return redirect("/")
    asked = read(request.POST)
    if asked.verdict in (Verdict.INVALID, Verdict.MISTYPED, Verdict.HASTY):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if asked.verdict is Verdict.INVALID else HTTPStatus.OK
        return render(request, "accounts/signup_again.html", {"asked": asked}, status=status)
    if asked.verdict is Verdict.GO:
        _send(request, asked.address, topics=asked.topics, time_zone=asked.time_zone)
    return _sent()


@require_safe
def signup_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/signup_sent.html")


@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
@token_page
def confirm_signup(request: HttpRequest, token: str) -> HttpResponse:
    try:
        user_id, topics, time_zone = unsign(links.CONFIRM, token, max_age=links.CONFIRM_LIFETIME)
    except ExpiredToken as expired:
        return _expired(request, *expired.subject)
    except BadToken:
        return render(request, "accounts/confirm_bad.html", status=HTTPStatus.NOT_FOUND)
    user = User.objects.get(pk=user_id)
    if user.confirmed_at:
        return render(request, "accounts/confirm_again.html", {"subscriber": user})
    if request.method != "POST":
        return render(request, "accounts/confirm.html", {"subscriber": user})
    confirm(user, time_zone=time_zone, now=timezone.now())
    response: HttpResponse = perform_login(request, user, redirect_url=_welcome(topics))
    return response


def _expired(request: HttpRequest, user_id: str, topics: str, time_zone: str) -> HttpResponse:
    user = User.objects.get(pk=user_id)
    if user.confirmed_at:
        return render(request, "accounts/confirm_again.html", {"subscriber": user})
    if request.method != "POST":
        return render(request, "accounts/confirm_expired.html", {"subscriber": user}, status=HTTPStatus.GONE)
    _send(request, user.email, topics=tuple(topics.split(",")), time_zone=time_zone)
    return _sent()


def _send(request: HttpRequest, address: str, *, topics: tuple[str, ...], time_zone: str) -> None:
    if sign_up(address, network=client_network(request), topics=topics, time_zone=time_zone, now=timezone.now()):
        ring(deliver_letters)


def _sent() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("accounts:signup_sent"), status=HTTPStatus.SEE_OTHER)


def _welcome(topics: str) -> str:
    page = reverse("briefs:welcome")
    return f"{page}?{urlencode({'topic': topics.split(',')}, doseq=True)}" if topics else page

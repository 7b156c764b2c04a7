"""Signing in by the link of a letter, and signing in afresh before something that cannot be undone."""

from __future__ import annotations

from http import HTTPStatus

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from accounts import links
from accounts.entering.login_forms import REQUEST, LoginCodeForm
from accounts.models import User
from accounts.retention import seen
from accounts.subscription import may_start_by_link, resume
from accounts.tokens import BadToken, unsign
from accounts.views.token_pages import token_page
from config.web.own_pages import own_page
from config.web.same_origin import same_origin_required


@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
@token_page
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    user = _user_of(token)
    if user is None:
        return render(request, "accounts/sign_in_bad.html", status=HTTPStatus.GONE)
    if request.method != "POST":
        return render(request, "accounts/sign_in.html", {"subscriber": user})
    if "resume" in request.POST:
        resume(user, now=timezone.now())
    response: HttpResponse = perform_login(request, user, redirect_url=reverse("briefs:preferences"))
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Ask for a fresh code. The session ends here: what follows starts from a proven address."""
    following = own_page(request.POST.get("next") or request.GET.get("next", ""), otherwise=reverse("accounts:my_data"))
    if request.method != "POST":
        return render(request, "accounts/sign_in_again.html", {"next": following})
    assert isinstance(request.user, User)  # noqa: S101  # login_required has seen to it
    if errors := _send_code(request, request.user):
        context = {"next": following, "errors": errors}
        return render(request, "accounts/sign_in_again.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    return redirect(f"{reverse('account_confirm_login_code')}?{urlencode({'next': following})}")


@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
@token_page
def code_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a brief signs nobody in; it shows that who asks for the code reads the mailbox."""
    try:
        (user_id,) = unsign(links.PREFERENCES, token)
    except BadToken:
        return render(request, "accounts/link_bad.html", status=HTTPStatus.NOT_FOUND)
    user = User.objects.get(pk=user_id)
    if request.method != "POST":
        return render(request, "accounts/code_by_link.html", {"subscriber": user})
    if errors := _send_code(request, user):
        context = {"subscriber": user, "errors": errors}
        return render(request, "accounts/code_by_link.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    return redirect("account_confirm_login_code")


@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
@token_page
def still_reading(request: HttpRequest, token: str) -> HttpResponse:
    try:
        (user_id,) = unsign(links.STILL_READING, token)
    except BadToken:
        return render(request, "accounts/link_bad.html", status=HTTPStatus.NOT_FOUND)
    user = User.objects.get(pk=user_id)
    if not may_start_by_link(user, now=timezone.now()):
        return render(request, "accounts/link_bad.html", status=HTTPStatus.NOT_FOUND)
    if request.method == "POST":
        seen(user.pk, now=timezone.now())
        resume(user, now=timezone.now())
    return render(request, "accounts/still_reading.html", {"subscriber": user, "answered": request.method == "POST"})


def _send_code(request: HttpRequest, user: User) -> list[str]:
    """End the session there is and begin the sign-in of this subscriber; return what stands against it."""
    form = LoginCodeForm({"email": user.email}, is_known=True)
    if not form.is_valid():
        return [str(error) for error in form.errors["email"]]
    asked = request.session[REQUEST]
    logout(request)
    request.session[REQUEST] = asked
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=user.email)
    return []


def _user_of(token: str) -> User | None:
    """The subscriber, if nobody has signed in since the link was written: it works once."""
    try:
        user_id, stamp = unsign(links.SIGN_IN, token, max_age=links.SIGN_IN_LIFETIME)
    except BadToken:
        return None
    user = User.objects.confirmed().filter(pk=user_id).first()
    return user if user and links.sign_in_stamp(user) == stamp else None

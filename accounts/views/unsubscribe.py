"""/u/TOKEN/: the one click of RFC 8058, and the page behind the link in the footer."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import subscription
from accounts.models import User
from accounts.tokens import BadToken, user_id_of_unsubscribe_token
from accounts.views.token_pages import token_page

_PAUSE = dt.timedelta(days=30)


@csrf_exempt  # a mail program posts without cookies, without Origin; the token is the authority
@require_http_methods(["GET", "HEAD", "POST"])
@token_page
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """No redirect and no cookie, whatever is posted; no change by any other method."""
    try:
        user_id = user_id_of_unsubscribe_token(token)
    except BadToken:
        return render(request, "accounts/unsubscribe_bad.html", status=HTTPStatus.NOT_FOUND)
    user = User.objects.filter(pk=user_id).first()
    if request.method != "POST":
        may_undo = user is not None and subscription.may_start_by_link(user, now=timezone.now())
        return render(request, "accounts/unsubscribe.html", {"subscriber": user, "may_undo": may_undo})
    done = _act(request.POST.get("action", "unsubscribe"), user) if user else "unsubscribe"
    return render(request, "accounts/unsubscribe_done.html", {"subscriber": user, "done": done})


def _act(action: str, user: User) -> str:
    """Everything that is not one of the page's other buttons means: stop."""
    now = timezone.now()
    if action in ("undo", "pause", "weekly") and not subscription.may_start_by_link(user, now=now):
        return "too_late"
    match action:
        case "undo":
            subscription.resume(user, now=now)
        case "pause":
            subscription.pause(user, until=now.astimezone(user.zone).date() + _PAUSE, now=now)
        case "weekly":
            subscription.go_weekly(user, now=now)
        case _:
            subscription.unsubscribe(user.pk, now=now)
            return "unsubscribe"
    return action

"""The brief in the browser: today's, and every one before as it was sent; and the private feed of them."""

import datetime as dt
from http import HTTPStatus

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.views.decorators.http import require_POST, require_safe

from accounts.links import READ_BRIEF
from accounts.models import User
from accounts.tokens import BadToken, unsign
from accounts.views.token_pages import token_page
from briefs.edition.next_brief import next_in_words
from briefs.edition.printing.shortness import fewer_in_words
from briefs.models import Brief, PrivateFeed
from briefs.own import archive
from briefs.own.views.subscriber import by_session

_IN_FEED = 30
_ON_PAGE = 60


@require_safe
@by_session
def today(request: HttpRequest, user: User) -> HttpResponse:
    """Today's brief, or the last one there was, and when the next one comes."""
    return _page(request, user, archive.received(user).first(), is_latest=True)


@require_safe
@by_session
def brief(request: HttpRequest, user: User, day: dt.date) -> HttpResponse:
    return _page(request, user, get_object_or_404(archive.received(user), day=day), is_latest=False)


@require_safe
@token_page
def brief_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The brief of an e-mail, for whoever has that e-mail."""
    try:
        user_id, day = unsign(READ_BRIEF, token)
    except BadToken:
        return render(request, "accounts/link_bad.html", status=HTTPStatus.NOT_FOUND)
    user = User.objects.get(pk=user_id)
    found = get_object_or_404(archive.received(user), day=dt.date.fromisoformat(day))
    return _page(request, user, found, is_latest=False, is_own=False)


@require_safe
@by_session
def brief_json(request: HttpRequest, user: User, day: dt.date) -> HttpResponse:  # noqa: ARG001
    return JsonResponse(archive.as_json(get_object_or_404(archive.received(user), day=day)))


@require_safe
@by_session
def past(request: HttpRequest, user: User) -> HttpResponse:
    briefs = archive.received(user).prefetch_related(None)
    page = Paginator(briefs, _ON_PAGE).get_page(request.GET.get("page"))
    own = PrivateFeed.objects.filter(user=user).first()
    context = {"briefs": page, "feed_url": own and _address(own), "json_url": own and _json_address(own)}
    return render(request, "briefs/archive.html", context)


@require_POST
@by_session
def private_feed(request: HttpRequest, user: User) -> HttpResponse:
    """Open the private feed, give it a new address, or close it."""
    if request.POST.get("action") == "close":
        archive.close_private_feed(user)
    else:
        archive.new_private_feed(user)
    return redirect(reverse("briefs:archive") + "#feed")


@require_safe
@token_page
def private_rss(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001
    own = _open_feed(key)
    feed = Rss201rev2Feed(
        title="Overheard: my brief",
        link=f"{settings.SITE_URL}/brief/",
        description="Five things worth hearing, every morning.",
        feed_url=_address(own),
        language="en",
    )
    for one in archive.received(own.user)[:_IN_FEED]:
        feed.add_item(
            title=one.subject,
            link=f"{settings.SITE_URL}{reverse('briefs:brief', args=[one.day])}",
            description=render_to_string(
                "briefs/_feed_item.html", {"items": archive.standing(one), "site": settings.SITE_URL}
            ),
            pubdate=one.sent_at or one.due_at,
            unique_id=f"{settings.SITE_URL}{reverse('briefs:brief', args=[one.day])}",
        )
    return HttpResponse(str(feed.writeString("utf-8")), content_type="application/rss+xml; charset=utf-8")


@require_safe
@token_page
def private_json(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001
    own = _open_feed(key)
    return JsonResponse(archive.as_json_feed(archive.received(own.user)[:_IN_FEED], address=_json_address(own)))


def _page(
    request: HttpRequest, user: User, found: Brief | None, *, is_latest: bool, is_own: bool = True
) -> HttpResponse:
    now = timezone.now()
    items = archive.shown(found, user) if found else []
    quotes = sum(item.insight is not None and not item.insight.is_ready for item in items)
    context = {
        "brief": found,
        "items": items,
        "fewer": fewer_in_words(len(items), quotes=quotes) if items else "",
        "is_todays": found is not None and found.day == now.astimezone(user.zone).date(),
        "is_latest": is_latest,
        "is_own": is_own,
        "next": next_in_words(user, now=now),
    }
    return render(request, "briefs/brief.html", context)


def _open_feed(key: str) -> PrivateFeed:
    return get_object_or_404(PrivateFeed.objects.select_related("user"), key=key, user__is_active=True)


def _address(own: PrivateFeed) -> str:
    return str(settings.SITE_URL) + reverse("briefs:private_rss", args=[own.key])


def _json_address(own: PrivateFeed) -> str:
    return str(settings.SITE_URL) + reverse("briefs:private_json", args=[own.key])

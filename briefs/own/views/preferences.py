"""The welcome page and the preferences page."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import subscription, time_zones
from accounts.models import PAUSED_FOR_GOOD, User
from briefs.edition.next_brief import last_in_words, next_in_words
from briefs.edition.printing.sample import may_send_test, request_test, sample
from briefs.own import preferences
from briefs.own.language_names import language_name
from briefs.own.preference_forms import DAYS, HOURS, PreferencesForm, WelcomeForm
from briefs.own.views.subscriber import by_session, by_session_or_link
from briefs.tasks import deliver_tests
from config.web.doorbell import ring
from feeds.library.archive import topic_index
from feeds.models import Feed, Topic

_SHOWS_SUGGESTED = 500
# More than these, as after an import, are left to the page of the subscriber's shows.
_SHOWS_LISTED = 50
_MULTIPLE = ("topics", "muted_topics", "followed_shows", "muted_shows", "languages", "brief_days")


@require_http_methods(["GET", "HEAD", "POST"])
@by_session
def welcome(request: HttpRequest, user: User) -> HttpResponse:
    form = WelcomeForm(request.POST if request.method == "POST" else None, initial=_first_guess(request, user))
    if form.is_bound and form.is_valid():
        preferences.welcome(user, form.cleaned_data, now=timezone.now())
        return redirect("briefs:sample")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = _offered() | {"form": form, "ticked": _ticked(form, "topics")}
    return render(request, "briefs/welcome.html", context, status=status)


@require_safe
@by_session
def sample_brief(request: HttpRequest, user: User) -> HttpResponse:
    """Today's brief for these choices, at once, and when the first real one comes."""
    now = timezone.now()
    followed = Topic.objects.filter(interests__user=user, interests__is_muted=False)
    context = {
        "sample": sample(user, now=now),
        "next": next_in_words(user, now=now),
        "thin": preferences.thin_topics(followed, now=now),
        "is_first": not user.briefs.exists(),
    }
    return render(request, "briefs/sample.html", context)


@require_POST
@by_session
def test_brief(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001
    now = timezone.now()
    outcome = "limited"
    if may_send_test(user, now=now):
        outcome = "sent" if request_test(user, now=now) else "empty"
        ring(deliver_tests)
    return HttpResponseRedirect(f"{reverse('briefs:preferences')}?test={outcome}", status=HTTPStatus.SEE_OTHER)


@require_http_methods(["GET", "HEAD", "POST"])
@by_session_or_link
def preferences_page(request: HttpRequest, user: User, token: str | None) -> HttpResponse:
    now = timezone.now()
    today = now.astimezone(user.zone).date()
    languages = [(code, language_name(code)) for code in preferences.languages_spoken(user)]
    posted = request.POST if request.method == "POST" else None
    form = PreferencesForm(posted, initial=_present(user, today), languages=languages, today=today)
    if posted is not None and form.is_valid():
        until = user.paused_until
        moved = preferences.save(user, form.cleaned_data, now=now)
        is_paused = user.paused_until is not None and user.paused_until != until
        return _see(token, f"saved={'pause' if is_paused else 'clock' if moved else 'yes'}")
    user.refresh_from_db()
    shows = _shows(user)
    listed = shows if len(shows) <= _SHOWS_LISTED else []
    context = _offered() | {
        "form": form,
        "ticked": _ticked(form, *_MULTIPLE),
        "subscriber": user,
        "token": token,
        "days": DAYS,
        "languages": languages,
        "shows": listed,
        "shows_elsewhere": len(shows) - len(listed),
        "offered_shows": ",".join(str(show.pk) for show in listed),
        "show_titles": Feed.objects.public().values_list("title", flat=True)[:_SHOWS_SUGGESTED],
        "next": next_in_words(user, now=now),
        "last": last_in_words(user),
        "tomorrow": today + dt.timedelta(days=1),
        "is_paused_for_good": user.paused_until == PAUSED_FOR_GOOD,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "briefs/preferences.html", context, status=status)


@require_POST
@by_session_or_link
def start_again(request: HttpRequest, user: User, token: str | None) -> HttpResponse:  # noqa: ARG001
    """End a pause, an unsubscription, or the stop after a bounce or a complaint.

    After a bounce by a link, too: who is no longer mailed gets no code to sign in with. After a complaint they do.
    """
    now = timezone.now()
    if token and not subscription.may_start_by_link(user, now=now):
        return redirect_to_login(reverse("briefs:preferences"))
    if user.stopped_at:
        subscription.mail_again(user, now=now)
    subscription.resume(user, now=now)
    return _see(token, "saved=resumed")


def _see(token: str | None, query: str) -> HttpResponse:
    page = reverse("briefs:preferences", args=[token] if token else [])
    return HttpResponseRedirect(f"{page}?{query}", status=HTTPStatus.SEE_OTHER)


def _ticked(form: WelcomeForm, *names: str) -> dict[str, set[str]]:
    """What is ticked for each of these fields, as strings: posted values are, stored ones are not."""
    return {name: {str(value) for value in form[name].value() or []} for name in names}


def _offered() -> dict[str, Any]:
    by_name = sorted(topic_index(), key=lambda entry: entry.topic.name)
    return {"topic_index": by_name, "places": time_zones.places(), "hours": HOURS}


def _first_guess(request: HttpRequest, user: User) -> dict[str, Any]:
    """What they chose before, else the topics of the page they came from."""
    chosen = list(user.interests.filter(is_muted=False))
    topics = [interest.topic_id for interest in chosen if interest.topic_id]
    came_from = Topic.objects.filter(slug__in=request.GET.getlist("topic"))
    return {
        "topics": topics or [topic.pk for topic in came_from],
        "interests": "\n".join(interest.text for interest in chosen if interest.text),
        "time_zone": user.time_zone,
        "brief_hour": user.brief_hour,
    }


def _present(user: User, today: dt.date) -> dict[str, Any]:
    interests, follows = list(user.interests.all()), list(user.follows.all())
    return {
        "topics": [one.topic_id for one in interests if one.topic_id and not one.is_muted],
        "muted_topics": [one.topic_id for one in interests if one.topic_id and one.is_muted],
        "interests": "\n".join(one.text for one in interests if one.text and not one.is_muted),
        "refused": "\n".join(one.text for one in interests if one.text and one.is_muted),
        "followed_shows": [one.feed_id for one in follows if not one.is_muted],
        "muted_shows": [one.feed_id for one in follows if one.is_muted],
        "languages": user.languages,
        "brief_days": user.brief_days,
        "brief_hour": user.brief_hour,
        "time_zone": user.time_zone,
        "cadence": user.cadence,
        "brief_format": user.brief_format,
        "surprises": user.surprises,
        "quotes": user.quotes,
        **_pause(user, today),
    }


def _pause(user: User, today: dt.date) -> dict[str, Any]:
    if user.paused_until is None or user.paused_until <= today:
        return {"pause": "no"}
    if user.paused_until == PAUSED_FOR_GOOD:
        return {"pause": "open"}
    return {"pause": "date", "pause_date": user.paused_until}


def _shows(user: User) -> list[Feed]:
    return list(Feed.objects.public().filter(follows__user=user))

"""One insight: its page, the picture that is shown where it is shared, and reports that something is wrong."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.web.networks import client_network
from config.web.same_origin import same_origin_required
from feeds.library.archive import newest_first
from feeds.library.related.on_page import ways_on
from feeds.library.reports import report
from feeds.models import Insight, Transcript
from feeds.site.forms import ReportForm
from feeds.site.share_image import share_image
from feeds.site.structured_data import quotation
from feeds.site.views.page import absolute, answers_gone, page, public_insight, public_page

_THIN_WORDS = 20


@public_page
def insight(request: HttpRequest, pk: int) -> HttpResponse:
    found = public_insight(pk)
    path = found.get_absolute_url()
    onward = ways_on(found)
    context = {
        "insight": found,
        "topics": found.topics.all(),
        "checked_against": _checked_against(found),
        "citation": citation(found, url=absolute(path)),
        "elsewhere": onward.elsewhere,
        "more_on": onward.more,
        "stances_judged": any(one.stance for one in onward.elsewhere),
        "same_episode": newest_first().filter(episode=found.episode).exclude(pk=pk)[:6],
        "structured": quotation(found, url=absolute(path)),
        "pictured": found if found.is_ready else None,
    }
    return page(request, "feeds/insight.html", context, path=path, index=found.is_ready and not _is_thin(found))


@public_page
def picture(_: HttpRequest, pk: int) -> HttpResponse:
    """For every site that shows a preview of a link."""
    drawn = share_image(public_insight(pk))
    return HttpResponse(drawn, content_type="image/png", headers={"Cross-Origin-Resource-Policy": "cross-origin"})


@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
@answers_gone
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = public_insight(pk)
    form = ReportForm(request.POST if request.method == "POST" else None, label_suffix="")
    status = HTTPStatus.OK
    if form.is_bound and form.is_valid():
        said, network = form.cleaned_data, client_network(request)
        if said["website"] or report(found, said, network=network, now=timezone.now()):
            return redirect("feeds:reported", pk=pk)
        status = HTTPStatus.TOO_MANY_REQUESTS
    elif form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"insight": found, "report": form, "too_many": status == HTTPStatus.TOO_MANY_REQUESTS}
    path = reverse("feeds:report", args=[pk])
    return page(request, "feeds/report.html", context, path=path, index=False, status=status)


@public_page
def reported(request: HttpRequest, pk: int) -> HttpResponse:
    found = public_insight(pk)
    path = reverse("feeds:reported", args=[pk])
    return page(request, "feeds/reported.html", {"insight": found}, path=path, index=False)


def citation(insight: Insight, *, url: str) -> str:
    """The quote with all that a reader needs to find it again, as one paragraph; "" where there is no quote."""
    if not insight.quote:
        return ""
    episode = insight.episode
    said_by = f" ({insight.speaker})" if insight.speaker else ""
    return (
        f"“{insight.quote}”{said_by}. “{episode.title}”, {episode.feed.title}, {episode.published_at:%Y-%m-%d}. {url}"
    )


def _checked_against(insight: Insight) -> str:
    """What the transcript is called in which the quote was found word for word; "" where it was not looked up."""
    if not insight.quote_verified:
        return ""
    source = Transcript.objects.filter(episode=insight.episode_id).values_list("source", flat=True).first()
    return source or ""


def _is_thin(insight: Insight) -> bool:
    return not insight.quote and len(insight.text.split()) < _THIN_WORDS

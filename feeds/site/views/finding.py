"""Search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as written

from config.web.few_at_once import few_at_once
from feeds.library.archive import topic_index
from feeds.library.finding.highlights import highlighted
from feeds.library.finding.names import names_among
from feeds.library.finding.narrowing import Narrowing, narrowings
from feeds.library.finding.question import parse_question
from feeds.library.search import Findings, Query, in_order, search, search_passages
from feeds.site.forms import SearchForm
from feeds.site.views.page import page, page_of, public_page

# Enough to find the place again; whoever wants to read on opens the episode.
_PASSAGES = 8


@dataclass(frozen=True, slots=True)
class _Link:
    name: str
    count: int
    query: str


@dataclass(frozen=True, slots=True)
class _Filter:
    title: str
    links: Sequence[_Link]


@few_at_once(2, wait_seconds=1)
@public_page
def search_page(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET, label_suffix="")
    sought = form.query() if form.is_valid() else Query()
    is_empty = sought.is_empty()
    findings = Findings() if is_empty else search(sought)
    found = page_of(request, findings.ids)
    passages = Findings() if is_empty or found.number > 1 else search_passages(sought)
    looked_for = findings.read_as or parse_question(sought.words).wanted
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "sought": sought,
        "asked": not is_empty,
        "narrowed_to": _filters_in_words(sought),
        "read_as": findings.read_as,
        "named": names_among([*findings.said, *passages.said], looked_for),
        "filters": [_filter(one, request) for one in narrowings(findings.ids, today=timezone.now().date())],
        "found": found,
        "insights": highlighted(in_order(list(found.object_list)), looked_for.split()),
        "passages": in_order(passages.ids[:_PASSAGES]),
        "query": query.urlencode(),
        "topic_index": [] if found.object_list else [entry for entry in topic_index() if entry.insights],
    }
    return page(request, "feeds/search.html", context, path=reverse("feeds:search"), index=False)


def _filter(narrowing: Narrowing, request: HttpRequest) -> _Filter:
    """Its choices as links that ask the same question within each."""
    links = []
    for choice in narrowing.choices:
        query = request.GET.copy()
        query.pop("page", None)
        query[narrowing.field] = choice.value
        links.append(_Link(choice.name, choice.count, query.urlencode()))
    return _Filter(narrowing.title, links)


def _filters_in_words(sought: Query) -> str:
    filters = (
        sought.topic.name if sought.topic else "",
        f"shows with “{sought.show}” in their title" if sought.show else "",
        f"said by {sought.speaker}" if sought.speaker else "",
        f"in the language “{sought.language}”" if sought.language else "",
        f"since {written(sought.since, 'j M Y')}" if sought.since else "",
        f"until {written(sought.until, 'j M Y')}" if sought.until else "",
    )
    return ", ".join(filter(None, filters))

"""Search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateformat import format as written

from feeds.library.archive import topic_index
from feeds.library.search import Query, in_order, search, search_passages
from feeds.site.forms import SearchForm
from feeds.site.views.page import page, page_of, public_page

# Enough to find the place again; whoever wants to read on opens the episode.
_PASSAGES = 8


@public_page
def search_page(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET, label_suffix="")
    sought = form.query() if form.is_valid() else Query()
    found = page_of(request, [] if sought.is_empty() else search(sought))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "sought": sought,
        "asked": not sought.is_empty(),
        "narrowed_to": _filters_in_words(sought),
        "found": found,
        "insights": in_order(list(found.object_list)),
        "passages": in_order(search_passages(sought)[:_PASSAGES])
        if found.number == 1 and not sought.is_empty()
        else [],
        "query": query.urlencode(),
        "topic_index": [] if found.object_list else [entry for entry in topic_index() if entry.insights],
    }
    return page(request, "feeds/search.html", context, path=reverse("feeds:search"), index=False)


def _filters_in_words(sought: Query) -> str:
    filters = (
        sought.topic.name if sought.topic else "",
        sought.show.title if sought.show else "",
        f"said by {sought.speaker}" if sought.speaker else "",
        f"since {written(sought.since, 'j M Y')}" if sought.since else "",
        f"until {written(sought.until, 'j M Y')}" if sought.until else "",
    )
    return ", ".join(filter(None, filters))

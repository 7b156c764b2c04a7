"""Search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateformat import format as written

from feeds.library.archive import topic_index
from feeds.library.search import Wish, in_order, search
from feeds.site.forms import SearchForm
from feeds.site.views.page import page, page_of, public_page


@public_page
def search_page(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET, label_suffix="")
    wish = form.wish() if form.is_valid() else Wish()
    found = page_of(request, [] if wish.is_empty() else search(wish))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "wish": wish,
        "asked": not wish.is_empty(),
        "narrowed_to": _filters_in_words(wish),
        "found": found,
        "insights": in_order(list(found.object_list)),
        "query": query.urlencode(),
        "topic_index": [] if found.object_list else [entry for entry in topic_index() if entry.insights],
    }
    return page(request, "feeds/search.html", context, path=reverse("feeds:search"), index=False)


def _filters_in_words(wish: Wish) -> str:
    filters = (
        wish.topic.name if wish.topic else "",
        wish.show.title if wish.show else "",
        f"said by {wish.speaker}" if wish.speaker else "",
        f"since {written(wish.since, 'j M Y')}" if wish.since else "",
        f"until {written(wish.until, 'j M Y')}" if wish.until else "",
    )
    return ", ".join(filter(None, filters))

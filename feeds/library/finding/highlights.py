"""Where the words asked for stand in what was found."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence

from django.contrib.postgres.search import SearchHeadline, SearchQuery

from feeds.models import Insight
from feeds.reading.typography import MARK_END, MARK_START


def highlighted(insights: Sequence[Insight], words: Sequence[str]) -> Sequence[Insight]:
    """The insights with signs around the words in headline and text: to be shown, never saved."""
    if not words:
        return insights
    query = functools.reduce(operator.or_, (SearchQuery(word, config="english") for word in words))
    rows = Insight.objects.filter(pk__in=[insight.pk for insight in insights]).annotate(
        marked_headline=_marked("headline", query),
        marked_text=_marked("text", query),
    )
    marked = {pk: parts for pk, *parts in rows.values_list("pk", "marked_headline", "marked_text")}
    for insight in insights:
        insight.headline, insight.text = marked.get(insight.pk, (insight.headline, insight.text))
    return insights


def _marked(field: str, query: SearchQuery) -> SearchHeadline:
    return SearchHeadline(field, query, start_sel=MARK_START, stop_sel=MARK_END, highlight_all=True, config="english")

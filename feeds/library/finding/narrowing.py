"""What narrows a search down: topics, shows, people, languages and days, each with how many of the found it keeps."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feeds.models import Insight, InsightTopic

_AT_MOST = 6
_WITHIN = {"the last 7 days": 7, "the last 30 days": 30, "the last year": 365}


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is what the filter's field takes."""

    name: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """`field` is the filter's name in the form."""

    field: str
    title: str
    choices: Sequence[Choice]


def narrowings(ids: Sequence[int], *, today: dt.date) -> list[Narrowing]:
    """Those by which these insights differ, the commonest choices first."""
    rows = list(
        Insight.objects.filter(pk__in=ids).values_list(
            "episode__feed__title", "episode__feed__slug", "speaker", "language", "episode__published_at"
        )
    )
    found = [
        Narrowing("topic", "Topic", _topics(ids)),
        Narrowing("show", "Show", _commonest((show, slug) for show, slug, *_ in rows)),
        Narrowing("speaker", "Said by", _commonest((name, name) for _, _, name, *_ in rows if name)),
        Narrowing("language", "Language", _commonest(_language(code) for _, _, _, code, _ in rows if code)),
        Narrowing("since", "Published within", _recent([row[-1].date() for row in rows], today)),
    ]
    return [one for one in found if _divides(one, len(rows))]


def _divides(narrowing: Narrowing, found: int) -> bool:
    return any(choice.count < found for choice in narrowing.choices)


def _topics(ids: Sequence[int]) -> list[Choice]:
    rows = InsightTopic.objects.filter(insight__in=ids).order_by("topic__position")
    return _commonest(rows.values_list("topic__name", "topic__slug"))


def _commonest(values: Iterable[tuple[str, str]]) -> list[Choice]:
    return [Choice(name, value, count) for (name, value), count in Counter(values).most_common(_AT_MOST)]


def _language(code: str) -> tuple[str, str]:
    primary = code.lower().partition("-")[0]
    return primary, primary


def _recent(days: Sequence[dt.date], today: dt.date) -> list[Choice]:
    starts = {name: today - dt.timedelta(days=count) for name, count in _WITHIN.items()}
    counted = [Choice(name, start.isoformat(), sum(day >= start for day in days)) for name, start in starts.items()]
    return [one for one in counted if one.count]

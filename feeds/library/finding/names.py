"""The people, shows and episodes that a question names, among the insights that say its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from feeds.models import Insight

_AT_MOST_OF_A_KIND = 3


@dataclass(frozen=True, slots=True)
class Named:
    """`kind` is "Person", "Show" or "Episode"."""

    kind: str
    name: str
    url: str


def names_among(ids: Sequence[int], words: str) -> list[Named]:
    """Whatever has all the words in its name, the people first; at most three of a kind."""
    wanted = _words(words)
    if not wanted:
        return []
    found = Insight.objects.with_source().in_bulk(ids)
    named = dict.fromkeys(one for pk in ids if pk in found for one in _names(found[pk]) if _is_meant(one, wanted))
    return [one for kind in ("Person", "Show", "Episode") for one in _of_kind(named, kind)]


def _of_kind(named: dict[Named, None], kind: str) -> list[Named]:
    return [one for one in named if one.kind == kind][:_AT_MOST_OF_A_KIND]


def _names(insight: Insight) -> Iterator[Named]:
    episode = insight.episode
    if insight.speaker_slug:
        yield Named("Person", insight.speaker, reverse("feeds:person", args=[insight.speaker_slug]))
    yield Named("Show", episode.feed.title, episode.feed.get_absolute_url())
    yield Named("Episode", episode.title, reverse("feeds:episode", args=[episode.pk]))


def _is_meant(named: Named, wanted: set[str]) -> bool:
    """A single word seldom means an episode, in whose title many stand."""
    return wanted <= _words(named.name) and (named.kind != "Episode" or len(wanted) > 1)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))

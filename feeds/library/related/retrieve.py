"""Related insights from the database: a wide search by meaning and by telling words, then the ranking."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

from feeds.library.neighbours import nearest
from feeds.library.related.judged import stances_beside
from feeds.library.related.stored import readings
from feeds.models import Insight, InsightQuerySet, Stance
from feeds.reading.embeddings import Vectors, embedder, embedding_text, searches_by_learned_vectors
from feeds.reading.related.rank import CandidateInsight, QueryInsight, RelatedScore, rank_related
from feeds.reading.related.reading import Reading, read, telling_words

# How far the ranking looks.
_BY_MEANING = 60
_BY_WORDS = 20
_TELLING_WORDS = 6
# Of a text that is an insight of ours, that insight is hardly ever not the nearest.
_FEW = 3


@dataclass(frozen=True, slots=True)
class RelatedInsight:
    """`also_on` are insights of further shows that say it in much the same words; `stance` is None unless judged."""

    insight: Insight
    score: float
    also_on: tuple[Insight, ...]
    stance: Stance | None


def related_to(insight: Insight, *, limit: int = 10) -> list[RelatedInsight]:
    """Public insights of other shows, the likeliest to belong beside this one first; which of them a page shows,
    `on_page` decides. Nothing belongs beside a passage: what it says was never put in words that can be compared."""
    return _loaded(related_ids(insight, limit=limit), stances_beside(insight))


def related_ids(insight: Insight, *, limit: int = 10) -> list[RelatedScore]:
    """The same as ids alone, for whoever keeps them."""
    return _ranked(_asked(insight), _beside(insight), limit=limit) if insight.is_ready else []


def related_to_text(text: str, *, podcast: str | None = None, limit: int = 10) -> list[RelatedInsight]:
    """The same for a text that need not be an insight of ours; nothing of the show named `podcast` is shown."""
    if not text.strip():
        return []
    (reading,) = read([text])
    asked, others = _Asked(text, _vector(text, reading), reading, podcast), Insight.objects.public().ready()
    stances: Mapping[int, Stance] = {}
    if itself := _held(asked):
        asked, others, stances = _asked(itself), _beside(itself), stances_beside(itself)
    if podcast is not None:
        others = others.exclude(episode__feed__title=podcast)
    return _loaded(_ranked(asked, others, limit=limit), stances)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What others are looked for; `vector` is the configured embedder's."""

    text: str
    vector: Vectors
    reading: Reading
    podcast: str | None


def _asked(insight: Insight) -> _Asked:
    text = embedding_text(insight.headline, insight.text)
    reading = readings([insight.pk])[insight.pk]
    is_comparable = insight.embedding_model == embedder().model
    vector = insight.embedding if is_comparable else _vector(text, reading)
    return _Asked(text, vector, reading, insight.episode.feed.title)


def _beside(insight: Insight) -> InsightQuerySet:
    others = Insight.objects.public().ready().exclude(pk=insight.pk)
    return others.exclude(episode__feed_id=insight.episode.feed_id)


def _held(asked: _Asked) -> Insight | None:
    """The public insight that the text is, with or without its headline before it."""
    comparable = Insight.objects.public().ready().filter(embedding_model=embedder().model)
    nearest_few = comparable.select_related("episode__feed").in_bulk(nearest(comparable, asked.vector, _FEW))
    said = " ".join(asked.text.split())
    return next((insight for insight in nearest_few.values() if _says(insight, said)), None)


def _says(insight: Insight, said: str) -> bool:
    before, found, after = said.partition(insight.text)
    return bool(found) and not after and before.rstrip(" .:") in ("", insight.headline.rstrip(" .:"))


def _vector(text: str, reading: Reading) -> Vectors:
    return reading.vector if searches_by_learned_vectors() else embedder().embed([text])[0]


def _ranked(asked: _Asked, others: InsightQuerySet, *, limit: int) -> list[RelatedScore]:
    ids = _search(asked, others)
    rows = Insight.objects.filter(pk__in=ids).values_list("pk", "episode__feed__title", "episode")
    sources = {pk: (show, episode) for pk, show, episode in rows}
    found = readings(ids)
    candidates = [CandidateInsight(pk, *sources[pk], found[pk]) for pk in ids if pk in sources and pk in found]
    return rank_related(QueryInsight(asked.reading, asked.podcast), candidates, limit=limit)


def _search(asked: _Asked, others: InsightQuerySet) -> list[int]:
    ids = nearest(others.filter(embedding_model=embedder().model), asked.vector, _BY_MEANING)
    words = [SearchQuery(word, config="english") for word in telling_words(asked.text, _TELLING_WORDS)]
    # Two of them at least: one alone is said by too many to be ranked in time.
    pairs = [one & other for one, other in combinations(words, 2)]
    if not pairs:
        return ids
    wanted = functools.reduce(operator.or_, pairs)
    said = others.filter(search=wanted).exclude(pk__in=ids).annotate(rank=SearchRank(F("search"), wanted))
    return ids + list(said.order_by("-rank", "pk").values_list("pk", flat=True)[:_BY_WORDS])


def _loaded(ranked: Sequence[RelatedScore], stances: Mapping[int, Stance]) -> list[RelatedInsight]:
    wanted = [pk for one in ranked for pk in (one.id, *one.also)]
    found = Insight.objects.with_source().in_bulk(wanted)
    return [
        RelatedInsight(
            found[one.id], one.score, tuple(found[pk] for pk in one.also if pk in found), stances.get(one.id)
        )
        for one in ranked
        if one.id in found
    ]

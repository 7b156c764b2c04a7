"""Finding insights, or passages, by words, names and meaning together, as far as the filters let them through."""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q
from pgvector.django import CosineDistance

from feeds.library.archive import moments_of, newest_first, passages_newest_first
from feeds.library.finding.question import Question, parse_question
from feeds.library.finding.vocabulary import meant
from feeds.library.neighbours import nearest
from feeds.models import Feed, Insight, InsightQuerySet, Topic
from feeds.reading.embeddings import embedder

# How deep each of the two rankings is read. What neither holds in its first hundred, nobody pages to.
_DEPTH = 100
# Beyond this distance an insight merely shares a language with the query.
_FARTHEST = 0.68
# The usual constant of reciprocal rank fusion: one ranking's first place weighs about as much as two middling ones.
_RANK_OFFSET = 60


@dataclass(frozen=True, slots=True)
class Query:
    """What a visitor asked for; every part may be missing. `show` is a slug or part of a title.

    `since` and `until` are both included, in UTC.
    """

    words: str = ""
    topic: Topic | None = None
    show: str = ""
    speaker: str = ""
    language: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    def is_empty(self) -> bool:
        filters = (self.topic, self.show, self.speaker, self.language, self.since, self.until)
        return not (self.words or any(filters))


@dataclass(frozen=True, slots=True)
class Findings:
    """`ids`, best first; `said` are those of them that say the words, or are of such a name.

    `read_as` is the question as the vocabulary spells it, where that is another way than it was typed; else "".
    """

    ids: tuple[int, ...] = ()
    said: tuple[int, ...] = ()
    read_as: str = ""


def search(query: Query) -> Findings:
    """Public insights that are ready; without words, the newest that pass the filters."""
    return _found(query, _within(query, newest_first()))


def search_passages(query: Query) -> Findings:
    """The same of what is kept as passages."""
    return _found(query, _within(query, passages_newest_first()))


def _found(query: Query, insights: InsightQuerySet) -> Findings:
    if not query.words:
        return Findings(tuple(insights.values_list("pk", flat=True)[: 2 * _DEPTH]))
    question = parse_question(query.words)
    if not question.wanted:
        return Findings()
    words = " ".join(question.words)
    spelt = " ".join(meant(question.words))
    insights = _obeying(insights, question)
    said = _by_words(insights, _saying(question, spelt))
    near = _by_meaning(insights, " ".join([spelt, *question.phrases]).strip())
    return Findings(tuple(fuse([said, near])), tuple(said), spelt if spelt != words else "")


def fuse(rankings: Sequence[Sequence[int]]) -> list[int]:
    """Several rankings as one: an item scores 1 / (60 + rank) in each that holds it. Ties keep their first order."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / (_RANK_OFFSET + rank)
    return sorted(scores, key=lambda item: -scores[item])


def _within(query: Query, insights: InsightQuerySet) -> InsightQuerySet:
    if query.topic:
        insights = insights.filter(topics=query.topic)
    if query.show:
        named = Feed.objects.public().filter(Q(slug=query.show) | Q(title__icontains=query.show))
        insights = insights.filter(episode__feed__in=named)
    if query.speaker:
        insights = insights.filter(speaker__icontains=query.speaker)
    if query.language:
        insights = insights.filter(language__istartswith=query.language)
    if query.since:
        insights = insights.filter(episode__published_at__gte=moments_of(query.since)[0])
    if query.until:
        insights = insights.filter(episode__published_at__lte=moments_of(query.until)[1])
    return insights


def _obeying(insights: InsightQuerySet, question: Question) -> InsightQuerySet:
    """With every phrase, without anything unwanted: this holds for what meaning finds, too."""
    for phrase in question.phrases:
        insights = insights.filter(search=either_way(phrase, search_type="phrase"))
    for unwanted in question.unwanted:
        insights = insights.exclude(search=either_way(unwanted, search_type="phrase"))
    return insights


def _saying(question: Question, spelt: str) -> SearchQuery:
    parts = [either_way(spelt)] if spelt else []
    parts += [either_way(phrase, search_type="phrase") for phrase in question.phrases]
    return functools.reduce(operator.and_, parts)


def either_way(words: str, *, search_type: str = "plain") -> SearchQuery:
    """As English reads them, its little words left out and endings cut, or as they are written."""
    return SearchQuery(words, search_type=search_type, config="english") | SearchQuery(
        words, search_type=search_type, config="simple"
    )


def _by_words(insights: InsightQuerySet, query: SearchQuery) -> list[int]:
    ranked = insights.filter(search=query).annotate(rank=SearchRank(F("search"), query))
    return list(ranked.order_by("-rank", "-salience", "-pk").values_list("pk", flat=True)[:_DEPTH])


def _by_meaning(insights: InsightQuerySet, words: str) -> list[int]:
    (vector,) = embedder().embed([words])
    near = nearest(insights, vector, _DEPTH)
    by_distance = Insight.objects.filter(pk__in=near).alias(distance=CosineDistance("embedding", vector))
    close = set(by_distance.filter(distance__lte=_FARTHEST).values_list("pk", flat=True))
    return [pk for pk in near if pk in close]


def in_order(ids: Sequence[int]) -> list[Insight]:
    """The public insights and passages of these ids, in the order given."""
    found = {insight.pk: insight for insight in Insight.objects.public().with_source().filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]

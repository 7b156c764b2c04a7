"""Stored insights written anew, in place: their ids stay, and what a sent brief shows is as it was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Min

from feeds.library.episode_context import context_of
from feeds.library.filing import Classified, classified, file_anew
from feeds.models import EarlierWording, Episode, Insight, InsightQuerySet, KeptWays, RelatedStances
from feeds.reading.insights.candidates import Layout
from feeds.reading.insights.english import is_english
from feeds.reading.insights.grounding import Ground, Grounded
from feeds.reading.insights.writing import NOTHING, Printed, Writer, passage_at, printed
from feeds.reading.speakers import attributed

MADE_BY = "local"
_ALWAYS = ("ready", "speaker", "start", "end", "start_is_approximate")
_WITH_THE_WORDS = ("headline", "text", "embedding", "embedding_model")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What became of some insights; `withheld` were ready before and no longer are, `printed` the other way round."""

    looked_at: int = 0
    changed: int = 0
    printed: int = 0
    withheld: int = 0

    def __add__(self, other: Rewritten) -> Rewritten:
        return Rewritten(
            self.looked_at + other.looked_at,
            self.changed + other.changed,
            self.printed + other.printed,
            self.withheld + other.withheld,
        )


@dataclass(frozen=True, slots=True)
class _Revised:
    """An insight in memory with its new words, and the words and the moment that it had."""

    insight: Insight
    before: Printed
    written_at: dt.datetime

    @property
    def is_changed(self) -> bool:
        return (self.insight.headline, self.insight.text) != (self.before.headline or "", self.before.text or "")


def waiting(*, before: dt.datetime) -> InsightQuerySet:
    """Insights of this project's own making that no writer has looked at since then, and whose transcript is here."""
    own = Insight.objects.standing().filter(extractor=MADE_BY, quote_verified=True)
    return own.filter(written_at__lt=before, episode__transcript__isnull=False)


def episodes_waiting(*, before: dt.datetime) -> list[int]:
    """The episodes with such insights, those that waited longest first."""
    rows = waiting(before=before).order_by().values_list("episode").annotate(oldest=Min("written_at"))
    return [episode_id for episode_id, _ in rows.order_by("oldest", "episode")]


def rewrite_episode(episode_id: int, *, writer: Writer, before: dt.datetime, now: dt.datetime) -> Rewritten:
    """Ask the writer about each of its insights that waits; all of them are recorded together, or none."""
    episode = Episode.objects.select_related("feed", "transcript").get(pk=episode_id)
    insights = list(waiting(before=before).filter(episode=episode).order_by("pk"))
    for insight in insights:
        insight.episode = episode
    revised = _revised(insights, episode, writer)
    changed = [one.insight for one in revised if one.is_changed]
    found = classified(changed, transcript=episode.transcript.text)
    return _record(revised, found, now=now)


def _revised(insights: Sequence[Insight], episode: Episode, writer: Writer) -> list[_Revised]:
    context = context_of(episode)
    segments = attributed(episode.transcript.as_segments(), context)
    layout, ground = Layout.of(segments), Ground(segments)
    is_readable = is_english(layout.text, language=episode.transcript.language or episode.language)
    revised = []
    for insight in insights:
        revised.append(_Revised(insight, Printed(insight.headline, insight.text, insight.ready), insight.written_at))
        place = ground.find(insight.quote, near=insight.start)
        if place is None:
            continue  # the transcript was replaced since: what was checked against the old one stays as it is
        insight.speaker = place.speaker or insight.speaker
        passage = passage_at(layout, (place.begin, place.end), insight.speaker or None)
        _revise(insight, printed(writer, passage, context) if is_readable else NOTHING, place)
    return revised


def _revise(insight: Insight, fit: Printed, place: Grounded) -> None:
    insight.headline, insight.text = (fit.headline or "")[:200], fit.text or ""
    insight.ready = min(max(fit.ready, 0.0), 1.0)
    insight.start, insight.end = place.start_time, place.end_time
    insight.start_is_approximate = place.is_approximate


def _record(revised: Sequence[_Revised], found: Sequence[Classified], *, now: dt.datetime) -> Rewritten:
    """What somebody else rewrote meanwhile is left alone."""
    with transaction.atomic():
        ours = [one for one in revised if _update(one, now=now)]
        changed = [one for one in ours if one.is_changed]
        ids = {one.insight.pk for one in changed}
        EarlierWording.objects.bulk_create(
            EarlierWording(
                insight=one.insight, headline=one.before.headline or "", text=one.before.text or "", replaced_at=now
            )
            for one in changed
        )
        RelatedStances.objects.filter(insight__in=ids).delete()
        KeptWays.objects.filter(insight__in=ids).delete()
        file_anew([one for one in found if one.insight.pk in ids])
    return Rewritten(
        looked_at=len(ours),
        changed=len(changed),
        printed=sum(one.insight.is_ready and not one.before.headline for one in changed),
        withheld=sum(not one.insight.is_ready for one in changed),
    )


def _update(one: _Revised, *, now: dt.datetime) -> bool:
    insight = one.insight
    columns = _ALWAYS
    if one.is_changed:
        # Where another insight of the episode says the same, this one keeps the mark that it had.
        columns = (*_ALWAYS, *_WITH_THE_WORDS, *(() if _is_taken(insight) else ("fingerprint",)))
    values = {name: getattr(insight, name) for name in columns}
    return Insight.objects.filter(pk=insight.pk, written_at=one.written_at).update(written_at=now, **values) == 1


def _is_taken(insight: Insight) -> bool:
    others = Insight.objects.filter(episode=insight.episode_id).exclude(pk=insight.pk)
    return others.filter(fingerprint=insight.fingerprint).exists()

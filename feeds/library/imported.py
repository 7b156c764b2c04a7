"""Insights from elsewhere, one JSON object a line: in, each once, and out again in the same form."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction

from feeds.library.filing import classified, fingerprint, store
from feeds.models import Episode, Feed, Insight
from feeds.polling.adding import free_slug
from feeds.polling.parse.fields import clean
from feeds.reading.errors import SourceError
from feeds.reading.transcripts.formats.speakers import is_a_name
from feeds.reading.web_address import web_address

EXTRACTOR = "imported"
# Lines embedded and stored together.
BATCH = 64
LONGEST = 5000
_LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class ImportedInsight:
    """A line, read and bounded; `text`, `podcast` and `headline` are never empty."""

    headline: str
    text: str
    quote: str
    speaker: str
    podcast: str
    episode: str
    published_at: dt.datetime | None
    url: str
    start: float | None
    start_is_approximate: bool
    language: str


@dataclass(frozen=True, slots=True)
class Report:
    """`failed` holds (number of the line, reason)."""

    added: int
    known: int
    failed: tuple[tuple[int, str], ...]


def import_lines(lines: Iterable[str], *, now: dt.datetime) -> Report:
    """Take in what is new, embedded and classified; an insight is the same if show, episode and text are."""
    added = known = 0
    failed = list[tuple[int, str]]()
    readable = _readable(lines, failed)
    while batch := list(islice(readable, BATCH)):
        fresh = _take_in(batch, now=now)
        added, known = added + fresh, known + len(batch) - fresh
    return Report(added, known, tuple(failed))


def _readable(lines: Iterable[str], failed: list[tuple[int, str]]) -> Iterator[ImportedInsight]:
    """The lines that can be read; the others go to `failed`."""
    for number, raw in enumerate(lines, 1):
        try:
            if raw.strip():
                yield read_line(raw)
        except SourceError as error:
            failed.append((number, str(error)))


def read_line(raw: str) -> ImportedInsight:
    """Raise SourceError saying which key is wrong."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"not JSON: {error}") from error
    if not isinstance(told, dict):
        raise SourceError("not a JSON object")
    text = _text(told, "text")
    one = ImportedInsight(
        headline=_text(told, "headline")[:200] or text[:200],
        text=text,
        quote=_text(told, "quote"),
        speaker=_speaker(told),
        podcast=_text(told, "podcast")[:300],
        episode=_text(told, "episode")[:500],
        published_at=_date(told.get("published_at")),
        # Kept as it came: whoever imported it knows the insight by it. Pages link to web addresses only.
        url=_text(told, "url")[:2000],
        start=_seconds(told.get("start")),
        start_is_approximate=told.get("start_is_approximate") is True,
        language=_text(told, "language")[:16],
    )
    for key in ("text", "podcast"):
        if not getattr(one, key):
            raise SourceError(f"“{key}” is missing")
    return one


def exported(insights: Iterable[Insight]) -> Iterator[str]:
    """One line an insight; needs `episode__feed`. Only a start that may be a minute or two off is marked as such."""
    for insight in insights:
        episode = insight.episode
        marks = {"start_is_approximate": True} if insight.start_is_approximate else {}
        yield json.dumps(
            {
                "headline": insight.headline,
                "text": insight.text,
                "quote": insight.quote,
                "speaker": insight.speaker,
                "podcast": episode.feed.title,
                "episode": episode.title,
                "published_at": episode.published_at.isoformat() if episode.published_at > _LONG_AGO else None,
                "url": insight.source_url or episode.link,
                "start": insight.start,
                "language": insight.language,
                **marks,
            },
            ensure_ascii=False,
        )


def _take_in(batch: list[ImportedInsight], *, now: dt.datetime) -> int:
    """How many of them were new."""
    with transaction.atomic():
        episodes = _episodes(batch, now=now)
        pairs = [(one, episodes[one.podcast, one.episode]) for one in batch]
        known = set(Insight.objects.filter(episode__in=set(episodes.values())).values_list("episode_id", "fingerprint"))
        fresh = [pair for pair in pairs if (pair[1].pk, fingerprint(pair[0].text)) not in known]
        return len(store(classified([_insight(one, episode) for one, episode in fresh])))


def _insight(one: ImportedInsight, episode: Episode) -> Insight:
    return Insight(
        episode=episode,
        headline=one.headline,
        text=one.text,
        quote=one.quote,
        speaker=one.speaker,
        start=one.start,
        start_is_approximate=one.start_is_approximate and one.start is not None,
        language=one.language,
        extractor=EXTRACTOR,
        quote_verified=False,
        source_url=one.url,
    )


def _episodes(batch: list[ImportedInsight], *, now: dt.datetime) -> dict[tuple[str, str], Episode]:
    """The episode of each (podcast, episode) pair; a show that nobody has an address for is made for them."""
    found = dict[tuple[str, str], Episode]()
    for one in batch:
        key = (one.podcast, one.episode)
        if key not in found:
            found[key] = _episode(_show(one), one, now=now)
    return found


def _show(one: ImportedInsight) -> Feed:
    # A show of that name that is polled is the same show; of several, the first that came.
    known = Feed.objects.filter(title=one.podcast).order_by("id").first()
    return known or Feed.objects.create(title=one.podcast, slug=free_slug(one.podcast), language=one.language, url=None)


def _episode(show: Feed, one: ImportedInsight, *, now: dt.datetime) -> Episode:
    known = show.episodes.filter(title=one.episode).order_by("id").first()
    return known or show.episodes.create(
        guid=f"imported:{fingerprint(one.episode)}",
        title=one.episode,
        link=web_address(one.url),
        # A date in the future would keep an episode at the top until then.
        published_at=min(one.published_at or _LONG_AGO, now),
        dated_at=one.published_at,
        language=one.language,
        state=Episode.State.DONE,
        processed_at=now,
    )


def _text(told: dict[str, Any], key: str) -> str:
    value = told.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise SourceError(f"“{key}” is not a text")
    if len(value) > LONGEST:
        raise SourceError(f"“{key}” has more than {LONGEST} characters")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise SourceError(f"“{key}” holds half of a character")
    return " ".join(clean(value).split())


def _speaker(told: dict[str, Any]) -> str:
    speaker = _text(told, "speaker")[:200]
    return speaker if is_a_name(speaker) else ""


def _date(value: object) -> dt.datetime | None:
    if value in (None, ""):
        return None
    try:
        date = dt.datetime.fromisoformat(str(value))
    except ValueError as error:
        raise SourceError(f"“published_at” is “{str(value)[:40]}”, which is no ISO date") from error
    if not _LONG_AGO.year <= date.year < 2100:
        raise SourceError(f"“published_at” is {date.date()}, which is no podcast's date")
    return max(date if date.tzinfo else date.replace(tzinfo=dt.UTC), _LONG_AGO)


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e7:
        raise SourceError("“start” is not a number of seconds")
    return float(value)

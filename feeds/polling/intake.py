"""A parsed feed into rows: episodes are added or brought up to date, none is ever deleted."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from feeds.models import Episode, Feed
from feeds.polling.adding import slug_at_first_reading
from feeds.polling.parse import ParsedEpisode, ParsedFeed

# On the first sight of a show its undated episodes are old, however young the show's other dates are.
UNDATED = dt.timedelta(days=30)

_UPDATED = [
    "guid", "title", "link", "description", "duration_seconds", "audio_url", "audio_type", "image_url", "language",
    "people", "transcript_links",
]  # fmt: skip


def take_in(feed: Feed, parsed: ParsedFeed, *, now: dt.datetime) -> tuple[int, tuple[int, ...]]:
    """Store what the feed says; return how many episodes are new, and the ids of those that wait to be processed.

    Only the newest EXTRACT_NEWEST episodes of a show are ever processed: the rest is an archive.
    """
    known = {episode.guid: episode for episode in feed.episodes.all()}
    _update_show(feed, parsed, is_new=feed.last_changed_at is None and not known)
    # Backwards: of two items with one guid the first in the feed counts.
    found = {episode.guid: episode for episode in reversed(parsed.episodes) if not episode.is_blocked}
    undated = _undated(parsed, now - UNDATED if not known else now)
    strays = _Strays(episode for guid, episode in known.items() if guid not in found)
    new = list[Episode]()
    for item in found.values():
        episode = known.get(item.guid) or strays.claim(item)
        if episode is None:
            new.append(_new_episode(feed, item, published_at=item.published_at or undated[item.guid], now=now))
        elif _bring_up_to_date(episode, item, now=now):
            episode.save(update_fields=_UPDATED)
    _choose_waiting(new, list(known.values()), is_spoken=parsed.is_spoken)
    Episode.objects.bulk_create(new, batch_size=500)
    return len(new), tuple(episode.pk for episode in new if episode.state == Episode.State.WAITING)


def _update_show(feed: Feed, parsed: ParsedFeed, *, is_new: bool) -> None:
    fields = {
        "title": parsed.title or feed.title,
        "author": parsed.author,
        "description": parsed.description,
        "site_url": parsed.site_url,
        "image_url": parsed.image_url,
        "language": parsed.language,
        "is_blocked": parsed.is_blocked,
    }
    if is_new:
        fields["slug"] = slug_at_first_reading(feed.slug, parsed.title or feed.title)
    for name, value in fields.items():
        setattr(feed, name, value)
    feed.save(update_fields=list(fields))


class _Strays:
    """Known episodes whose guid left the feed: the same recording, or title and day, under a new guid is no new one."""

    def __init__(self, episodes: Iterable[Episode]) -> None:
        self._by_audio, self._by_title = dict[str, Episode](), dict[tuple[str, dt.date], Episode]()
        for episode in episodes:
            if episode.audio_url:
                self._by_audio[_without_query(episode.audio_url)] = episode
            self._by_title[episode.title, episode.published_at.date()] = episode

    def claim(self, item: ParsedEpisode) -> Episode | None:
        found = self._by_audio.pop(_without_query(item.audio_url), None) if item.audio_url else None
        if found is None and item.published_at is not None:
            found = self._by_title.get((item.title, item.published_at.date()))
        if found is not None:
            self._by_title.pop((found.title, found.published_at.date()), None)
            self._by_audio.pop(_without_query(found.audio_url), None)
        return found


def _without_query(url: str) -> str:
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _undated(parsed: ParsedFeed, newest: dt.datetime) -> dict[str, dt.datetime]:
    """A date for each item, by guid, for those that have none: feeds name the newest first."""
    guids = dict.fromkeys(item.guid for item in parsed.episodes)
    return {guid: newest - dt.timedelta(seconds=place) for place, guid in enumerate(guids)}


def _new_episode(feed: Feed, item: ParsedEpisode, *, published_at: dt.datetime, now: dt.datetime) -> Episode:
    return Episode(
        feed=feed,
        # A date in the future would keep an episode at the top until then.
        published_at=min(published_at, now),
        next_attempt_at=now,
        **_fields(feed, item),
    )


def _fields(feed: Feed, item: ParsedEpisode) -> dict[str, Any]:
    return {
        "guid": item.guid,
        "title": item.title,
        "link": item.link,
        "description": item.description,
        "duration_seconds": item.duration_seconds,
        "audio_url": item.audio_url,
        "audio_type": item.audio_type,
        "image_url": item.image_url,
        "language": item.language or feed.language,
        "people": [asdict(person) for person in item.people],
        "transcript_links": [asdict(link) for link in item.transcripts],
    }


def _bring_up_to_date(episode: Episode, item: ParsedEpisode, *, now: dt.datetime) -> bool:
    """Whether anything changed; the date never does, or an old episode would be announced again.

    A transcript that appears after the episode gives it another chance.
    """
    fields = _fields(episode.feed, item)
    links = fields["transcript_links"]
    if links and links != episode.transcript_links:
        _give_another_chance(episode, now=now)
    changed = [name for name, value in fields.items() if getattr(episode, name) != value]
    for name in changed:
        setattr(episode, name, fields[name])
    return bool(changed)


def _give_another_chance(episode: Episode, *, now: dt.datetime) -> None:
    """By conditional UPDATE: whoever processes the episode meanwhile has the word about its state."""
    hopeless = Episode.objects.filter(pk=episode.pk, state__in=(Episode.State.SILENT, Episode.State.FAILED))
    hopeless.update(state=Episode.State.WAITING, attempts=0, next_attempt_at=now, error="")


def _choose_waiting(new: list[Episode], known: list[Episode], *, is_spoken: bool) -> None:
    newest = sorted([*new, *known], key=lambda episode: episode.published_at, reverse=True)[: settings.EXTRACT_NEWEST]
    chosen = {id(episode) for episode in newest} if is_spoken else set()
    for episode in new:
        episode.state = Episode.State.WAITING if id(episode) in chosen else Episode.State.ARCHIVED

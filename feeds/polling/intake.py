"""A parsed feed into rows: episodes are added or brought up to date, none is ever deleted."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, F, Value, When

from feeds.models import Episode, Feed, Insight, Transcript
from feeds.models.episode import RECORDING
from feeds.polling.adding import slug_at_first_reading
from feeds.polling.identity import Marks, first_of_twins, identity_key, is_other_recording, marks, matched
from feeds.polling.left_out import left_out
from feeds.polling.parse import ParsedEpisode, ParsedFeed

# On the first sight of a show its undated episodes are old, however young the show's other dates are.
UNDATED = dt.timedelta(days=30)
# A publisher that names another recording at every poll has an episode read once in this time.
READ_ANEW_AFTER = dt.timedelta(days=1)
# By these an episode is known again; the rest of a row, which is long, is loaded where something changed.
_OF_MARKS = ("guid", "title", "dated_at", "audio_url", "duration_seconds", "next_recording")
_TO_COMPARE = (*_OF_MARKS, "pk", "identity", "fingerprint", "published_at")


@dataclass(frozen=True, slots=True)
class _Item:
    said: ParsedEpisode
    title: str
    marks: Marks
    # Its place in the feed: of undated items the first is the newest.
    place: int


@dataclass(frozen=True, slots=True)
class _Known:
    """An episode of the feed, as far as items are compared with it; `number` is its place among them."""

    number: int
    pk: int
    identity: str
    fingerprint: str
    title: str
    published_at: dt.datetime
    marks: Marks


def fingerprints(feed: Feed) -> frozenset[str]:
    """Of the items that need not be read again: an episode that waits for another recording is looked at each time."""
    unchanged = feed.episodes.filter(next_recording={}).exclude(fingerprint="")
    return frozenset(unchanged.values_list("fingerprint", flat=True))


def take_in(feed: Feed, parsed: ParsedFeed, *, now: dt.datetime) -> tuple[int, tuple[int, ...]]:
    """Store what the feed says; return how many episodes are new, and the ids of those that wait to be processed.

    Only the newest EXTRACT_NEWEST episodes of a show are ever processed: the rest is an archive.
    """
    known = _known(feed)
    items = _items(feed, parsed, known)
    _update_show(feed, parsed, is_new=feed.last_changed_at is None and not known)
    sure = {place: item.number for place, item in enumerate(items) if isinstance(item, _Known)}
    found = matched([episode.marks for episode in known], [item.marks for item in items], sure=sure)
    read = {place: item for place, item in enumerate(items) if isinstance(item, _Item)}
    _bring_all_up_to_date(
        {known[found[place]].pk: item for place, item in read.items() if place in found}, feed=feed, now=now
    )
    unknown = [item for place, item in read.items() if place not in found]
    new = _new_episodes(feed, unknown, known=known, now=now)
    _choose_waiting(new, known, is_spoken=parsed.is_spoken)
    Episode.objects.bulk_create(new, batch_size=500)
    return len(new), tuple(episode.pk for episode in new if episode.state == Episode.State.WAITING)


def _known(feed: Feed) -> list[_Known]:
    rows = feed.episodes.values(*_TO_COMPARE)
    return [
        _Known(
            number,
            row["pk"],
            row["identity"],
            row["fingerprint"],
            row["title"],
            row["published_at"],
            _marks_of_row(row),
        )
        for number, row in enumerate(rows)
    ]


def _items(feed: Feed, parsed: ParsedFeed, known: Sequence[_Known]) -> list[_Item | _Known]:
    """Those that are episodes, the unchanged ones as what is known of them; the feed's row is told about the others."""
    by_fingerprint = {episode.fingerprint: episode for episode in known if episode.fingerprint}
    listed = [item for place, one in enumerate(parsed.in_order()) if (item := _item(one, place, by_fingerprint))]
    kept = set(first_of_twins([item.marks for item in listed]))
    feed.left_out = left_out(parsed, repeated=[item.title for place, item in enumerate(listed) if place not in kept])
    return [item for place, item in enumerate(listed) if place in kept]


def _item(one: ParsedEpisode | str, place: int, by_fingerprint: Mapping[str, _Known]) -> _Item | _Known | None:
    if isinstance(one, str):
        # None: its episode was deleted just now.
        return by_fingerprint.get(one)
    return None if one.is_blocked else _Item(one, one.title, marks_of_item(one), place)


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
    feed.save(update_fields=[*fields, "left_out"])


def marks_of_item(item: ParsedEpisode) -> Marks:
    return marks(
        guid=item.guid,
        audio_url=item.audio_url,
        title=item.title,
        date=item.published_at,
        seconds=item.duration_seconds,
    )


def marks_of_episode(episode: Episode) -> Marks:
    """As the feed last said it, whether that was read or not."""
    return _marks_of_row({name: getattr(episode, name) for name in _OF_MARKS})


def _marks_of_row(row: Mapping[str, Any]) -> Marks:
    recording = row["next_recording"] or row
    return marks(
        guid=row["guid"],
        audio_url=recording["audio_url"],
        title=row["title"],
        date=row["dated_at"],
        seconds=recording["duration_seconds"],
    )


def _marks_of_recording(recording: dict[str, Any]) -> Marks:
    address, seconds = recording["audio_url"], recording["duration_seconds"]
    return marks(guid="", audio_url=address, title="", date=None, seconds=seconds)


def _new_episodes(feed: Feed, items: Sequence[_Item], *, known: Sequence[_Known], now: dt.datetime) -> list[Episode]:
    taken = {episode.identity for episode in known}
    newest = now if known else now - UNDATED
    new = list[Episode]()
    for item in items:
        undated = newest - dt.timedelta(seconds=item.place)
        # A date in the future would keep an episode at the top until then.
        published_at = min(item.said.published_at or undated, now)
        identity = identity_key(item.marks, taken=taken)
        taken.add(identity)
        fields = _fields(feed, item.said) | _recording(item.said)
        new.append(Episode(feed=feed, identity=identity, published_at=published_at, next_attempt_at=now, **fields))
    return new


def _fields(feed: Feed, item: ParsedEpisode) -> dict[str, Any]:
    return {
        "guid": item.guid,
        "fingerprint": item.fingerprint,
        "dated_at": item.published_at,
        "title": item.title,
        "link": item.link,
        "description": item.description,
        "image_url": item.image_url,
        "language": item.language or feed.language,
        "people": [asdict(person) for person in item.people],
    }


def _recording(item: ParsedEpisode) -> dict[str, Any]:
    return {
        "audio_url": item.audio_url,
        "audio_type": item.audio_type,
        "duration_seconds": item.duration_seconds,
        "transcript_links": [asdict(link) for link in item.transcripts],
    }


def _bring_all_up_to_date(items: Mapping[int, _Item], *, feed: Feed, now: dt.datetime) -> None:
    """The episodes by their ids."""
    for pk, episode in feed.episodes.in_bulk(items).items():
        _bring_up_to_date(episode, items[pk], now=now)


def _bring_up_to_date(episode: Episode, item: _Item, *, now: dt.datetime) -> None:
    """The day that it counts for never changes, or an old episode would be announced again.

    A transcript that appears after the episode gives it another chance; another recording is read anew.
    """
    recording = _recording(item.said)
    links = recording["transcript_links"]
    if links and links != episode.latest_recording()["transcript_links"]:
        _give_another_chance(episode, now=now)
    if not _stands_for_another(episode, recording):
        _save(episode, _fields(episode.feed, item.said) | recording | {"next_recording": {}})
        return
    if not episode.next_recording or _is_other(episode.next_recording, recording):
        _read_anew(episode, now=now)
    _save(episode, _fields(episode.feed, item.said) | {"next_recording": recording})


def _save(episode: Episode, fields: dict[str, Any]) -> None:
    """Only what changed: whoever reads the episode meanwhile writes to the same row."""
    changed = [name for name, value in fields.items() if getattr(episode, name) != value]
    for name in changed:
        setattr(episode, name, fields[name])
    if changed:
        episode.save(update_fields=changed)


def _stands_for_another(episode: Episode, recording: dict[str, Any]) -> bool:
    """Whether the row's recording is another one, and was read, or may be being read."""
    if not _is_other({name: getattr(episode, name) for name in RECORDING}, recording):
        return False
    return (
        episode.state in (Episode.State.DONE, Episode.State.WAITING)
        or Transcript.objects.filter(episode=episode).exists()
        or Insight.objects.filter(episode=episode).exists()
    )


def _is_other(before: dict[str, Any], after: dict[str, Any]) -> bool:
    return is_other_recording(*(_marks_of_recording(one) for one in (before, after)))


def _read_anew(episode: Episode, *, now: dt.datetime) -> None:
    """Whoever reads the former recording meanwhile loses the claim."""
    last_read = Transcript.objects.filter(episode=episode).values_list("created_at", flat=True).first()
    due = max(now, last_read + READ_ANEW_AFTER) if last_read else now
    attempts = Case(When(state=Episode.State.WAITING, then=F("attempts") + 1), default=Value(0))
    read = Episode.objects.filter(pk=episode.pk).exclude(state=Episode.State.ARCHIVED)
    read.update(state=Episode.State.WAITING, attempts=attempts, next_attempt_at=due, error="")


def _give_another_chance(episode: Episode, *, now: dt.datetime) -> None:
    """By conditional UPDATE: whoever processes the episode meanwhile has the word about its state."""
    hopeless = Episode.objects.filter(pk=episode.pk, state__in=(Episode.State.SILENT, Episode.State.FAILED))
    hopeless.update(state=Episode.State.WAITING, attempts=0, next_attempt_at=now, error="")


def _choose_waiting(new: Sequence[Episode], known: Sequence[_Known], *, is_spoken: bool) -> None:
    both: list[Episode | _Known] = [*new, *known]
    newest = sorted(both, key=lambda episode: episode.published_at, reverse=True)[: settings.EXTRACT_NEWEST]
    chosen = {id(episode) for episode in newest} if is_spoken else set()
    for episode in new:
        episode.state = Episode.State.WAITING if id(episode) in chosen else Episode.State.ARCHIVED

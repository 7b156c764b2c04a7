"""A show that says it has moved: believed when it has said so for a week, and only where the new address gives it."""

import datetime as dt

from django.db.models import Q

from feeds.models import Feed
from feeds.polling import schedule
from feeds.polling.adding import feed_address, is_private
from feeds.polling.http import Door, shown
from feeds.polling.identity import matched
from feeds.polling.intake import marks_of_episode, marks_of_item
from feeds.polling.parse import ParsedFeed, parse
from feeds.reading.errors import BadAddress, BadAnswer, SourceError

MOVE_FIELDS = ["moved_to", "moved_first_seen_at", "moved_sightings"]
# A new address that fails so often in a row is left for the former one; one that is gone, at once.
MOST_FAILURES = 3
_ANEW = {"etag": "", "last_modified": "", "body_hash": ""}
_SETTLED = {"moved_to": "", "moved_first_seen_at": None, "moved_sightings": 0}


def note_move(feed: Feed, said: str, *, now: dt.datetime) -> None:
    """Count how often the show said so; `said` is "" where it says nothing."""
    moved_to = _address_or_none(said)
    if not moved_to or moved_to == feed.url:
        feed.moved_to, feed.moved_first_seen_at, feed.moved_sightings = "", None, 0
        return
    if moved_to != feed.moved_to:
        feed.moved_to, feed.moved_first_seen_at, feed.moved_sightings = moved_to, now, 0
    feed.moved_sightings += 1


def is_due(feed: Feed, *, now: dt.datetime) -> bool:
    first_seen_at = feed.moved_first_seen_at or now
    return bool(feed.moved_to) and schedule.is_move_believed(
        first_seen_at=first_seen_at, sightings=feed.moved_sightings, now=now
    )


def follow(feed: Feed, *, door: Door, now: dt.datetime) -> None:
    """Move the show if its new address gives it; else its row says why not, and it must say so for another week."""
    doubt = _doubt(feed, door=door)
    if doubt:
        again = {"moved_first_seen_at": now, "moved_sightings": 0, "move_doubt": doubt[:500]}
        Feed.objects.filter(pk=feed.pk).update(**again)
        return
    # A show that moves to an address with a secret leaves the public pages.
    secret = {"is_private": True} if is_private(feed.moved_to) else {}
    moved = _SETTLED | _ANEW | secret | {"url": feed.moved_to, "former_url": feed.url or "", "move_doubt": ""}
    # Not where an operator gave it another address while it was asked.
    Feed.objects.filter(pk=feed.pk, url=feed.url).update(**moved)


def returned(feed: Feed, error: SourceError, *, now: dt.datetime) -> bool:
    """Whether the show went back to its former address, since the new one fails."""
    is_gone = isinstance(error, BadAnswer) and error.status in (404, 410)
    if not feed.former_url or not (is_gone or feed.failures + 1 >= MOST_FAILURES):
        return False
    if Feed.objects.filter(url=feed.former_url, owner=feed.owner_id).exists():
        return False
    back = {"url": feed.former_url, "former_url": "", "failures": 0, "next_check_at": now, "last_checked_at": now}
    doubt = {"move_doubt": f"back from {shown(feed.url or '')}: {error}"[:500]}
    return Feed.objects.filter(pk=feed.pk, url=feed.url).update(**back | doubt | _ANEW | _SETTLED) == 1


def _doubt(feed: Feed, *, door: Door) -> str:
    """Why the new address is not this show's; "" where it gives it."""
    others = Feed.objects.filter(owner=feed.owner_id).exclude(pk=feed.pk)
    if others.filter(Q(url=feed.moved_to) | Q(former_url=feed.moved_to)).exists():
        return f"{shown(feed.moved_to)} is the address of another show here"
    try:
        answer = door.get(feed.moved_to)
        parsed = parse(answer.body, url=answer.url, content_type=answer.headers.get("Content-Type", ""))
    except SourceError as error:
        return str(error)
    if not _gives(feed, parsed):
        return f"{shown(feed.moved_to)} gives “{parsed.title[:100]}”, which is not this show"
    return ""


def _gives(feed: Feed, parsed: ParsedFeed) -> bool:
    """Half of what can be there, by its marks; a host that takes a show over may change guids and addresses at once."""
    known = [marks_of_episode(episode) for episode in feed.episodes.defer("description", "people")]
    items = [marks_of_item(item) for item in parsed.episodes]
    if not known:
        return bool(items) or parsed.title == feed.title
    named = {(one.title, one.date) for one in known}
    found = matched(known, items).keys() | {n for n, one in enumerate(items) if (one.title, one.date) in named}
    return 2 * len(found) >= min(len(known), len(items)) > 0


def _address_or_none(said: str) -> str | None:
    try:
        return feed_address(said)
    except BadAddress:
        return None

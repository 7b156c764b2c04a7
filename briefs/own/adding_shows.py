"""A subscriber adds shows, by a feed's address or by the list of another app, and follows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from accounts.retention import seen
from briefs.models import AddedShows, Follow
from feeds.models import Feed
from feeds.polling.adding import Shows, bring_feeds, one_at_a_time
from feeds.polling.http import shown
from feeds.polling.opml import Listed
from feeds.reading.secret_address import Secret, secret_in

# Shows that were new here, for one subscriber and day: known ones cost nobody anything.
MOST_A_DAY = {AddedShows.Way.ADDRESS: 30, AddedShows.Way.OPML: 500}


class NotFollowed(Exception):
    """Why not, in words for the subscriber."""


@dataclass(frozen=True, slots=True)
class Brought:
    """By title, the shows that were new here and those that were not, now followed; `failed` holds (title, reason)."""

    added: tuple[str, ...]
    known: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]


def add_show(user: User, url: str, *, is_own: bool = False, now: dt.datetime) -> bool:
    """Follow the show at this address, in its stored form; return whether it is new here. Raise NotFollowed.

    An address that is sure to carry a secret makes the show their own, whatever `is_own` says.
    """
    own = [url] if is_own or secret_in(url) is Secret.SURE else []
    brought = _bring(user, {url: ""}, own=own, way=AddedShows.Way.ADDRESS, now=now)
    if brought.failed:
        raise NotFollowed(brought.failed[0][1])
    return bool(brought.added)


def add_list(user: User, listed: Listed, *, now: dt.datetime) -> Brought:
    """Follow every show of an OPML file; what could not be read of it failed as well.

    Nobody is asked about each: what may carry a secret is theirs alone.
    """
    own = {url for url in listed.titles if secret_in(url) is not Secret.NONE}
    brought = _bring(user, listed.titles, own=own, way=AddedShows.Way.OPML, now=now)
    unreadable = tuple((title, f"{reason}.") for title, reason in listed.failed)
    return Brought(brought.added, brought.known, unreadable + brought.failed)


def _bring(
    user: User, titles: Mapping[str, str], *, own: Collection[str], way: AddedShows.Way, now: dt.datetime
) -> Brought:
    with transaction.atomic():
        shows = _add_within_the_limits(user, titles, own=own, way=way, now=now)
        muted = dict(user.follows.filter(feed__in=shows.known).values_list("feed_id", "is_muted"))
        refused = {feed: reason for feed in shows.known if (reason := _why_not(feed, muted.get(feed.pk)))}
        known = tuple(feed for feed in shows.known if feed not in refused)
        _follow(user, [*shows.added, *known], now=now)
        _read_again(known, now=now)
        seen(user.pk, now=now)
    here = {feed.url for feed in (*shows.added, *shows.known)}
    left_out = [(title or shown(url), _limit(way)) for url, title in titles.items() if url not in here]
    return Brought(
        tuple(titles[feed.url or ""] or feed.title for feed in shows.added),
        tuple(feed.title for feed in known),
        (*((feed.title, reason) for feed, reason in refused.items()), *left_out),
    )


def _add_within_the_limits(
    user: User, urls: Iterable[str], *, own: Collection[str], way: AddedShows.Way, now: dt.datetime
) -> Shows:
    count = _count_of_today(user, way, now=now)
    one_at_a_time()
    by_everybody = AddedShows.objects.filter(day=count.day).aggregate(n=Sum("number"))["n"] or 0
    room = min(MOST_A_DAY[way] - count.number, settings.NEW_SHOWS_A_DAY - by_everybody)
    shows = bring_feeds(urls, own=own, owner_id=user.pk, at_most=max(room, 0))
    count.number += len(shows.added)
    count.save(update_fields=["day", "number"])
    return shows


def _read_again(feeds: Iterable[Feed], *, now: dt.datetime) -> None:
    """Unlisted shows rest while nobody follows them."""
    resting = Feed.objects.filter(pk__in=[feed.pk for feed in feeds], is_listed=False, state=Feed.State.OFF)
    resting.filter(taken_down_at=None, url__isnull=False).update(state=Feed.State.ACTIVE, next_check_at=now)


def _count_of_today(user: User, way: AddedShows.Way, *, now: dt.datetime) -> AddedShows:
    """Locked until the transaction ends, so that two requests at once do not both find room."""
    today = now.astimezone(dt.UTC).date()
    counts = AddedShows.objects.select_for_update()
    count, _ = counts.get_or_create(user=user, way=way, defaults={"day": today})
    if count.day != today:
        count.day, count.number = today, 0
    return count


def _why_not(feed: Feed, is_muted: bool | None) -> str:
    """Empty where nothing is against it; whoever follows a show already is not refused it."""
    if is_muted:
        return "You mute this show, and that stays so until you unmute it below."
    if is_muted is None and feed.taken_down_at:
        return "This show was taken down at its owner’s wish, so it cannot be followed."
    if is_muted is None and feed.is_blocked:
        return "This show’s feed asks to be left out of directories, so it cannot be followed here."
    return ""


def _limit(way: AddedShows.Way) -> str:
    return (
        f"No more than {MOST_A_DAY[way]} new shows a day can be added {way.label}, and no more than "
        f"{settings.NEW_SHOWS_A_DAY} by everybody together; more after midnight, UTC."
    )


def _follow(user: User, feeds: Iterable[Feed], *, now: dt.datetime) -> None:
    rows = [Follow(user=user, feed=feed, created_at=now) for feed in feeds]
    # What is followed already, or muted by another request meanwhile, stays as it is.
    Follow.objects.bulk_create(rows, ignore_conflicts=True)

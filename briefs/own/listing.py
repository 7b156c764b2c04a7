"""When a show that a subscriber brought becomes everybody's, and when it is no longer read."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import F

from accounts.addresses import mailbox
from briefs.models import Follow
from feeds.library.letting_go import let_go
from feeds.models import Feed

FOLLOWERS = 3


def list_shows() -> int:
    """List what was read and has three confirmed followers with a mailbox each; return how many."""
    followers = defaultdict[int, set[str]](set)
    confirmed = Follow.objects.filter(is_muted=False, user__confirmed_at__isnull=False, user__is_active=True)
    brought = Feed.objects.filter(is_listed=False, is_private=False, error="", last_changed_at__isnull=False)
    for feed, address in confirmed.filter(feed__in=brought).values_list("feed_id", "user__email"):
        followers[feed].add(mailbox(address))
    enough = [feed for feed, mailboxes in followers.items() if len(mailboxes) >= FOLLOWERS]
    return brought.filter(pk__in=enough).update(is_listed=True)


def let_unfollowed_go() -> None:
    """Shows that are nobody's any more: unlisted ones rest, and one's own forget their address."""
    Feed.objects.filter(is_listed=False, owner=None, follows=None, state=Feed.State.ACTIVE).update(state=Feed.State.OFF)
    for feed in Feed.objects.filter(owner__isnull=False, url__isnull=False).exclude(follows__user=F("owner")):
        let_go(feed)

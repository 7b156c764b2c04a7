"""A show of one subscriber's own that they no longer follow: what was sent of it stays, its address does not."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from feeds.models import Episode, Feed

_ADDRESSES = (
    "site_url", "image_url", "moved_to", "former_url", "move_doubt", "etag", "last_modified", "error", "left_out",
)  # fmt: skip


def let_go(feed: Feed) -> None:
    """Forget the address and every address that came of it, and read the show no more."""
    forgotten = dict.fromkeys(_ADDRESSES, "") | {"url": None, "state": Feed.State.OFF, "next_check_at": None}
    with transaction.atomic():
        Feed.objects.filter(pk=feed.pk).update(**forgotten)
        episodes = feed.episodes.all()
        episodes.filter(state=Episode.State.WAITING).update(state=Episode.State.ARCHIVED)
        episodes.update(
            guid=F("identity"), link="", audio_url="", image_url="", transcript_links=[], next_recording={}, error=""
        )
        for episode in episodes.filter(transcript__isnull=False).select_related("transcript"):
            episode.transcript.url = ""
            episode.transcript.save(update_fields=["url"])

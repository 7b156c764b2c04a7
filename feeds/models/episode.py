"""An item of a feed, and what was said in it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from feeds.models.feed import Feed
from feeds.reading.secret_address import Secret, secret_in
from feeds.reading.transcripts.segments import Segment
from feeds.reading.web_address import web_address

# What belongs to a recording, and changes with it.
RECORDING = ("audio_url", "audio_type", "duration_seconds", "transcript_links")


def new_identity() -> str:
    """For an episode that comes from no feed."""
    return uuid.uuid4().hex


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def waiting(self, now: dt.datetime) -> EpisodeQuerySet:
        """Episodes to be processed now, newest first; an abandoned claim counts as waiting once its lease is over."""
        return (
            self.filter(state=Episode.State.WAITING, next_attempt_at__lte=now, feed__taken_down_at=None)
            .select_related("feed")
            .order_by("-published_at", "id")
        )


class Episode(models.Model):
    """An item of a feed. It stays when it leaves the feed: votes and sent briefs hang on it."""

    class State(models.TextChoices):
        ARCHIVED = "archived", "older than what is extracted"
        WAITING = "waiting"
        DONE = "done"
        SILENT = "silent", "nothing to read: no transcript"
        FAILED = "failed"

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="episodes")
    # Given once: `feeds/polling/identity.py` says which item of a feed is which episode, whatever changes about both.
    identity = models.CharField(max_length=64, default=new_identity, editable=False)
    guid = models.CharField(max_length=500, help_text="or what stands in for it: enclosure address, title and date")
    fingerprint = models.CharField(
        max_length=32,
        blank=True,
        editable=False,
        help_text="of the item as it came: while it is the same, nothing is new",
    )
    title = models.CharField(max_length=500)
    link = models.URLField(max_length=2000, blank=True)
    description = models.TextField(blank=True, help_text="what the feed says about it, as plain text")
    published_at = models.DateTimeField(db_index=True)
    dated_at = models.DateTimeField(null=True, blank=True, help_text="by the feed, which may change it or say none")
    duration_seconds = models.PositiveIntegerField(null=True, blank=True)
    audio_url = models.URLField(max_length=2000, blank=True)
    audio_type = models.CharField(max_length=100, blank=True)
    image_url = models.URLField(max_length=2000, blank=True)
    language = models.CharField(max_length=16, blank=True)
    people = models.JSONField(default=list, blank=True, help_text='[{"name": …, "role": …}]')
    transcript_links = models.JSONField(default=list, blank=True, help_text='[{"url": …, "type": …, "language": …}]')

    # A recording that the feed names now; until it has been read, everything above is about the one that was.
    next_recording = models.JSONField(default=dict, blank=True, help_text="to be read in place of the one above")

    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="also the fencing number of the current claim")
    # The due time of the next attempt; while an attempt runs, the end of its lease.
    next_attempt_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True, blank=True, db_index=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "identity"], name="one_episode_per_feed_and_identity")]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="episodes_to_process", condition=models.Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audio_address(self) -> str:
        """For a browser; "" where the feed named none over HTTP, or where it may carry its subscriber's secret."""
        return "" if self.feed.is_private else web_address(self.audio_url)

    @property
    def page_address(self) -> str:
        """The publisher's page about it; "" as above."""
        link = web_address(self.link)
        return "" if self.feed.is_private and secret_in(link) is not Secret.NONE else link

    def latest_recording(self) -> dict[str, Any]:
        """By the names of its fields."""
        return self.next_recording or {name: getattr(self, name) for name in RECORDING}


class Transcript(models.Model):
    """What was said in an episode, as far as anybody wrote it down."""

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, related_name="transcript")
    source = models.CharField(max_length=200, help_text="what pages call it, in the words of whoever found it")
    url = models.URLField(max_length=2000, blank=True)
    language = models.CharField(max_length=16, blank=True)
    segments = models.JSONField(help_text="[[body, speaker, start, end], …]")
    text = models.TextField(help_text="plain_text(segments): every quote is a contiguous part of it")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"transcript of episode {self.episode_id}: {self.source}"

    def as_segments(self) -> list[Segment]:
        return [Segment(*row) for row in self.segments]

"""A show and how it is polled."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


class FeedQuerySet(models.QuerySet["Feed"]):
    def due(self, now: dt.datetime) -> FeedQuerySet:
        """Active feeds whose next check has come, the longest overdue first; never checked ones lead."""
        return (
            self.filter(state=Feed.State.ACTIVE, url__isnull=False)
            .filter(models.Q(next_check_at=None) | models.Q(next_check_at__lte=now))
            .order_by(models.F("next_check_at").asc(nulls_first=True), "id")
        )

    def public(self) -> FeedQuerySet:
        return self.filter(is_private=False, is_blocked=False, is_listed=True, taken_down_at=None)

    def readable_elsewhere(self) -> FeedQuerySet:
        """What another app could read, too: an OPML file names these."""
        return self.filter(url__isnull=False, taken_down_at=None)


class Feed(models.Model):
    """A show. Imported insights may belong to a show whose address nobody knows: `url` is null then."""

    class State(models.TextChoices):
        ACTIVE = "active"
        GONE = "gone", "gone (410)"
        OFF = "off", "switched off"

    url = models.URLField(max_length=2000, null=True, blank=True)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=300)
    author = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True, help_text="plain text")
    site_url = models.URLField(max_length=2000, blank=True)
    image_url = models.URLField(max_length=2000, blank=True)
    language = models.CharField(max_length=16, blank=True)
    is_private = models.BooleanField(default=False, help_text="its address carries a secret: never on a public page")
    # Somebody else who brings the same address gets a show of their own: it may be the secret of either.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="private_shows",
        help_text="the one subscriber whose own it is",
    )
    is_listed = models.BooleanField(
        default=True, help_text="not yet, where a subscriber brought it: its followers alone hear of it"
    )
    is_blocked = models.BooleanField(default=False, help_text="the feed says podcast:block")
    taken_down_at = models.DateTimeField(null=True, blank=True)

    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    # Byte for byte as the server sent them.
    etag = models.TextField(blank=True)
    last_modified = models.TextField(blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True, help_text="since when its followers are told of it")
    next_check_at = models.DateTimeField(null=True, blank=True, db_index=True)
    last_checked_at = models.DateTimeField(null=True, blank=True)
    last_changed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    error = models.CharField(max_length=500, blank=True)
    left_out = models.CharField(max_length=500, blank=True, help_text="which items became no episodes, and why")
    last_whole_at = models.DateTimeField(null=True, blank=True, help_text="when a body came, not just “not modified”")
    overdue_at = models.DateTimeField(null=True, blank=True, help_text="by then the next episode should have come")
    # A move is believed only after several sightings over a week, and where the new address gives this show.
    moved_to = models.URLField(max_length=2000, blank=True)
    moved_first_seen_at = models.DateTimeField(null=True, blank=True)
    moved_sightings = models.PositiveIntegerField(default=0)
    move_doubt = models.CharField(max_length=500, blank=True, help_text="why its new address was not taken, or left")
    former_url = models.URLField(max_length=2000, blank=True, db_index=True, help_text="to go back to")
    created_at = models.DateTimeField(default=timezone.now)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["url"], condition=models.Q(owner=None), name="one_show_at_an_address"),
            models.UniqueConstraint(fields=["owner", "url"], name="one_own_show_at_an_address"),
            models.CheckConstraint(condition=models.Q(owner=None) | models.Q(is_private=True), name="own_is_private"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("feeds:show", args=[self.slug])

    @property
    def is_members_only(self) -> bool:
        """It has no public page; what it says comes in the briefs of its followers."""
        return self.is_private or self.is_blocked or not self.is_listed

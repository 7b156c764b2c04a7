"""What this subscriber should hear: interests, follows, votes, and the briefs that were made of them."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from feeds.models import Feed, Insight, Topic


def new_key() -> str:
    return secrets.token_urlsafe(24)


class Interest(models.Model):
    """A topic or a free text that a subscriber asked for, or asked not to see."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="interests")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="interests")
    text = models.CharField(max_length=200, blank=True)
    is_muted = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="one_interest_per_topic"),
            models.UniqueConstraint(fields=["user", "text"], name="one_interest_per_text", condition=~Q(text="")),
            models.CheckConstraint(condition=Q(topic__isnull=True) ^ Q(text=""), name="interest_is_a_topic_or_a_text"),
        ]

    def __str__(self) -> str:
        return self.text or str(self.topic)


class Follow(models.Model):
    """A show that a subscriber follows or mutes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="follows")
    is_muted = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "feed"], name="one_follow_per_show")]

    def __str__(self) -> str:
        return f"user {self.user_id} {'mutes' if self.is_muted else 'follows'} feed {self.feed_id}"


class AddedShows(models.Model):
    """How many shows that were new here a subscriber added on a day, for the limits; not which."""

    class Way(models.TextChoices):
        ADDRESS = "address", "by address"
        OPML = "opml", "by OPML"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="added_shows")
    way = models.CharField(max_length=8, choices=Way)
    day = models.DateField(help_text="in UTC")
    number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "added shows"
        constraints = [models.UniqueConstraint(fields=["user", "way"], name="one_count_of_added_shows_per_way")]

    def __str__(self) -> str:
        return f"user {self.user_id} added {self.number} {self.get_way_display()} on {self.day}"


class Vote(models.Model):
    """More like this (+1) or less like this (-1)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="votes")
    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="votes")
    value = models.SmallIntegerField()
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "insight"], name="one_vote_per_insight"),
            models.CheckConstraint(condition=Q(value__in=[-1, 1]), name="vote_is_up_or_down"),
        ]

    def __str__(self) -> str:
        return f"{self.value:+d} on insight {self.insight_id}"


class SavedInsight(models.Model):
    """Kept to be read again; until its reader says otherwise, it counts as a sign of liking, too."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_insights")
    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="saves")
    counts = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["user", "insight"], name="one_save_per_insight")]

    def __str__(self) -> str:
        return f"insight {self.insight_id} saved"


class BriefQuerySet(models.QuerySet["Brief"]):
    def to_compose(self, now: dt.datetime) -> BriefQuerySet:
        return self.filter(state=Brief.State.DUE, next_attempt_at__lte=now).order_by("next_attempt_at", "id")

    def to_send(self, now: dt.datetime) -> BriefQuerySet:
        return self.filter(state=Brief.State.COMPOSED, next_attempt_at__lte=now).order_by("next_attempt_at", "id")


class Brief(models.Model):
    """One subscriber's five insights for one local day.

    due → composed → sending → sent, or: empty (nothing cleared the bar), skipped (too late, paused in between),
    suppressed (unsubscribed or stopped in between), failed (the server refused for good), unknown (the sender died
    between handing the mail over and hearing the answer: held for a person, never sent twice).
    """

    class State(models.TextChoices):
        DUE = "due"
        COMPOSED = "composed"
        SENDING = "sending"
        SENT = "sent"
        UNKNOWN = "unknown"
        FAILED = "failed"
        SUPPRESSED = "suppressed"
        SKIPPED = "skipped"
        EMPTY = "empty"

    class Kind(models.TextChoices):
        DAILY = "daily"
        WEEKLY = "weekly"
        WIDEN = "widen", "nothing matched; widen?"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="briefs")
    day = models.DateField(help_text="the subscriber's local day")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.DAILY)
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was skipped, empty, failed …, in words")
    due_at = models.DateTimeField()
    # The watermark: everything processed up to here was considered; the next brief starts here.
    considered_until = models.DateTimeField(null=True, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    gone_shows = models.JSONField(default=list, blank=True, help_text="titles of followed shows that ended since")
    # Raised by every claim; a result is recorded only by the claim that still holds the number.
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_before = models.PositiveIntegerField(default=0, help_text="those before a person sent it again")
    next_attempt_at = models.DateTimeField(default=timezone.now)
    composed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    insights = models.ManyToManyField(Insight, through="BriefItem", related_name="briefs")

    objects = BriefQuerySet.as_manager()

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_brief_per_subscriber_and_day")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="briefs_in_flight",
                condition=Q(state__in=["due", "composed", "sending"]),
            )
        ]

    def __str__(self) -> str:
        return f"brief {self.day} for user {self.user_id}: {self.state}"


class Hold(models.Model):
    """Why no brief goes out for a while, or none to one provider of mailboxes. Once a brief is taken, it is deleted."""

    channel = models.CharField(max_length=16)
    provider = models.CharField(max_length=255, blank=True, help_text="empty: all of the channel")
    reason = models.CharField(max_length=300)
    since = models.DateTimeField()
    until = models.DateTimeField(help_text="when the next brief is tried")
    failures = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["channel", "provider"]
        constraints = [models.UniqueConstraint(fields=["channel", "provider"], name="one_hold_per_provider")]

    def __str__(self) -> str:
        return f"{self.channel} to {self.provider or 'everybody'}, until {self.until:%Y-%m-%d %H:%M}"


class BriefItem(models.Model):
    """One of the five, with the reason it was chosen, as code and the words it names."""

    class Reason(models.TextChoices):
        TOPIC = "topic", "because you follow {}"
        INTEREST = "interest", "matches “{}”"
        SHOW = "show", "from {}, which you follow"
        VOTES = "votes", "like “{}”, which you liked"
        BEST = "best", "one of the day's best"
        SURPRISE = "surprise", "outside your topics"

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="items")
    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="brief_items")
    position = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=10, choices=Reason)
    reason_detail = models.CharField(max_length=300, blank=True)
    score = models.FloatField()
    is_quote = models.BooleanField(default=False, help_text="chosen as a passage, to be set as a quote")
    voices = models.JSONField(default=list, blank=True, help_text="ids of other shows' insights that make its point")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["brief", "position"], name="one_item_per_position"),
            models.UniqueConstraint(fields=["brief", "insight"], name="one_item_per_insight_and_brief"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.reason}"

    @property
    def reason_in_words(self) -> str:
        return str(self.Reason(self.reason).label).format(self.reason_detail)


class PrivateFeed(models.Model):
    """A subscriber's briefs as RSS and JSON, at an address nobody guesses; a new key revokes the old address."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="private_feed")
    key = models.CharField(max_length=43, unique=True, default=new_key)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"private feed of user {self.user_id}"

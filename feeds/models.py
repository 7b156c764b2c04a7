"""What was said: feed, episode, transcript, insight, and the topics it touches."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from pgvector.django import HnswIndex, VectorField

from feeds.transcripts.segments import Segment


class FeedQuerySet(models.QuerySet["Feed"]):
    def due(self, now: dt.datetime) -> FeedQuerySet:
        """Active feeds whose next check has come, the longest overdue first; never checked ones lead."""
        return (
            self.filter(state=Feed.State.ACTIVE, url__isnull=False)
            .filter(models.Q(next_check_at=None) | models.Q(next_check_at__lte=now))
            .order_by(models.F("next_check_at").asc(nulls_first=True), "id")
        )

    def public(self) -> FeedQuerySet:
        return self.filter(is_private=False, is_blocked=False, taken_down_at=None)


class Feed(models.Model):
    """A show. Imported insights may belong to a show whose address nobody knows: `url` is null then."""

    class State(models.TextChoices):
        ACTIVE = "active"
        GONE = "gone", "gone (410)"
        OFF = "off", "switched off"

    url = models.URLField(max_length=2000, unique=True, null=True, blank=True)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=300)
    author = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True, help_text="plain text")
    site_url = models.URLField(max_length=2000, blank=True)
    image_url = models.URLField(max_length=2000, blank=True)
    language = models.CharField(max_length=16, blank=True)
    is_private = models.BooleanField(default=False, help_text="its address carries a secret: never on a public page")
    is_blocked = models.BooleanField(default=False, help_text="the feed says podcast:block")
    taken_down_at = models.DateTimeField(null=True, blank=True)

    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    # Byte for byte as the server sent them.
    etag = models.TextField(blank=True)
    last_modified = models.TextField(blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True, db_index=True)
    last_checked_at = models.DateTimeField(null=True, blank=True)
    last_changed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    error = models.CharField(max_length=500, blank=True)
    # A permanent redirect is believed only after several sightings over a week.
    moved_to = models.URLField(max_length=2000, blank=True)
    moved_first_seen_at = models.DateTimeField(null=True, blank=True)
    moved_sightings = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("feeds:show", args=[self.slug])


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
    guid = models.CharField(max_length=500, help_text="or what stands in for it: enclosure address, title and date")
    title = models.CharField(max_length=500)
    link = models.URLField(max_length=2000, blank=True)
    description = models.TextField(blank=True, help_text="show notes as plain text")
    published_at = models.DateTimeField(db_index=True)
    duration_seconds = models.PositiveIntegerField(null=True, blank=True)
    audio_url = models.URLField(max_length=2000, blank=True)
    audio_type = models.CharField(max_length=100, blank=True)
    image_url = models.URLField(max_length=2000, blank=True)
    language = models.CharField(max_length=16, blank=True)
    people = models.JSONField(default=list, blank=True, help_text='[{"name": …, "role": …}]')
    transcript_links = models.JSONField(default=list, blank=True, help_text='[{"url": …, "type": …, "language": …}]')

    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="also the fencing number of the current claim")
    # The due time of the next attempt; while an attempt runs, the end of its lease.
    next_attempt_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True, blank=True, db_index=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "guid"], name="one_episode_per_feed_and_guid")]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="episodes_to_process", condition=models.Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return self.title


class Transcript(models.Model):
    """What was said in an episode, as far as anybody wrote it down."""

    class Source(models.TextChoices):
        PUBLISHER = "publisher"
        SPEECH = "speech", "speech recognition"
        SHOWNOTES = "shownotes", "show notes"

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, related_name="transcript")
    source = models.CharField(max_length=10, choices=Source)
    url = models.URLField(max_length=2000, blank=True)
    language = models.CharField(max_length=16, blank=True)
    segments = models.JSONField(help_text="[[body, speaker, start, end], …]")
    text = models.TextField(help_text="plain_text(segments): every quote is a contiguous part of it")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"transcript of episode {self.episode_id} from {self.source}"

    def as_segments(self) -> list[Segment]:
        return [Segment(*row) for row in self.segments]


class Topic(models.Model):
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60, unique=True)
    description = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("feeds:topic", args=[self.slug])


class InsightQuerySet(models.QuerySet["Insight"]):
    def public(self) -> InsightQuerySet:
        """What may stand on a public page."""
        return self.filter(
            hidden_at=None,
            episode__feed__is_private=False,
            episode__feed__is_blocked=False,
            episode__feed__taken_down_at=None,
        )

    def with_source(self) -> InsightQuerySet:
        return self.select_related("episode__feed").prefetch_related("topics")


class Insight(models.Model):
    """One claim with its quote. Its id is its public address and never changes."""

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="insights")
    headline = models.CharField(max_length=200)
    text = models.TextField()
    quote = models.TextField(blank=True)
    speaker = models.CharField(max_length=200, blank=True)
    start = models.FloatField(null=True, blank=True, help_text="seconds")
    end = models.FloatField(null=True, blank=True, help_text="seconds")
    salience = models.FloatField(default=0.5, help_text="0 to 1, calibrated")
    language = models.CharField(max_length=16, blank=True)
    extractor = models.CharField(max_length=100, help_text="local, imported, or the model's name")
    # False for imported insights, which bring no transcript: never shown as checked.
    quote_verified = models.BooleanField(default=False)
    source_url = models.URLField(max_length=2000, blank=True, help_text="where an imported insight came from")
    fingerprint = models.CharField(max_length=64, help_text="sha256 of the text: one insight is taken in once")
    topics = models.ManyToManyField(Topic, through="InsightTopic", related_name="insights")
    embedding = VectorField(dimensions=384)
    embedding_model = models.CharField(max_length=60)
    search = models.GeneratedField(
        expression=SearchVector("headline", weight="A", config="english")
        + SearchVector("text", weight="B", config="english")
        + SearchVector("quote", weight="C", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    # Part of the address of a person's page: small letters and digits of any script, joined by dashes.
    speaker_slug = models.GeneratedField(
        expression=Func(
            Func(Lower("speaker"), Value("[^[:alnum:]]+"), Value("-"), Value("g"), function="regexp_replace"),
            Value("-"),
            function="btrim",
        ),
        output_field=models.CharField(max_length=200),
        db_persist=True,
    )
    hidden_at = models.DateTimeField(null=True, blank=True, help_text="taken down: its page answers 410")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = InsightQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "fingerprint"], name="one_insight_per_text")]
        indexes = [
            HnswIndex(name="insights_by_meaning", fields=["embedding"], opclasses=["vector_cosine_ops"]),
            GinIndex(name="insights_by_words", fields=["search"]),
            models.Index(name="insights_by_speaker", fields=["speaker_slug"], condition=~models.Q(speaker_slug="")),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return reverse("feeds:insight", args=[self.pk])


class InsightTopic(models.Model):
    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="insight_topics")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="insight_topics")
    score = models.FloatField(help_text="0 to 1, calibrated")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["insight", "topic"], name="one_score_per_insight_and_topic")]
        indexes = [models.Index(fields=["topic", "insight"], name="insights_by_topic")]
        ordering = ["-score"]

    def __str__(self) -> str:
        return f"insight {self.insight_id}: topic {self.topic_id} {self.score:.2f}"


class InsightReport(models.Model):
    """A reader says that something is wrong with an insight."""

    class Reason(models.TextChoices):
        MISQUOTE = "misquote", "the quote is wrong"
        SPEAKER = "speaker", "the wrong person"
        MEANING = "meaning", "not what they meant"
        OWNER = "owner", "I own this show"

    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=10, choices=Reason)
    message = models.TextField(blank=True, max_length=2000)
    contact = models.EmailField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.reason}: insight {self.insight_id}"


class LlmCallQuerySet(models.QuerySet["LlmCall"]):
    def asked_on(self, day: dt.date) -> LlmCallQuerySet:
        """The calls of a day in UTC."""
        begin = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
        return self.filter(asked_at__gte=begin, asked_at__lt=begin + dt.timedelta(days=1))

    def spent(self) -> Decimal:
        """What these calls cost, those whose cost is not known at the most that they can have cost."""
        total: Decimal | None = self.aggregate(total=models.Sum("cost"))["total"]
        return total or Decimal(0)

    def spent_on(self, day: dt.date) -> Decimal:
        return self.asked_on(day).spent()


class LlmCall(models.Model):
    """One question to a language model: what it may cost is set aside before it is asked, and its answer is kept."""

    class State(models.TextChoices):
        RESERVED = "reserved", "asked, not yet answered"
        ANSWERED = "answered"
        USELESS = "useless", "paid for, of no use"
        TURNED_AWAY = "turned-away", "turned away, nothing to pay"
        UNKNOWN = "unknown", "no answer came: counted at its most"

    source_sha256 = models.CharField(max_length=64, help_text="of the transcript, or of the texts that are compared")
    prompt_version = models.CharField(max_length=12)
    model = models.CharField(max_length=200)
    schema_version = models.CharField(max_length=12)
    part = models.CharField(max_length=40, help_text="which question about it")
    # What the numbers in the answer stand for; a later question in other words would not get this answer.
    asked_about = models.JSONField(default=list, blank=True)

    state = models.CharField(max_length=12, choices=State, default=State.RESERVED)
    attempts = models.PositiveSmallIntegerField(default=1, help_text="also the fencing number of the current one")
    asked_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField(help_text="past this, whoever asked is taken for dead")
    answered_at = models.DateTimeField(null=True, blank=True)
    cost = models.DecimalField(max_digits=14, decimal_places=6, help_text="the most it can cost until it is known")
    input_tokens = models.PositiveIntegerField(null=True, blank=True)
    output_tokens = models.PositiveIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True)
    error = models.CharField(max_length=200, blank=True)

    objects = LlmCallQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = "LLM call"
        constraints = [
            models.UniqueConstraint(
                fields=["source_sha256", "prompt_version", "model", "schema_version", "part"],
                name="one_call_per_question",
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.source_sha256[:12]}: {self.state}"

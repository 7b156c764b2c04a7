"""A claim, the topics it touches, how it reads to the comparison, and what readers report about it."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from pgvector.django import HnswIndex, VectorField

from feeds.models.episode import Episode


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
    def standing(self) -> InsightQuerySet:
        """Neither the insight nor its show was taken down."""
        return self.filter(hidden_at=None, episode__feed__taken_down_at=None)

    def public(self) -> InsightQuerySet:
        """What may stand on a public page."""
        return self.standing().filter(episode__feed__is_private=False, episode__feed__is_blocked=False)

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
    clarity = models.FloatField(default=1.0, help_text="0 to 1: the chance that it is understood alone")
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


class InsightReading(models.Model):
    """What the word-by-word comparison needs of an insight, worked out once when it is filed."""

    insight = models.OneToOneField(Insight, on_delete=models.CASCADE, primary_key=True, related_name="reading")
    model = models.CharField(max_length=60, help_text="what read it; another model's reading counts as none")
    content = models.BinaryField(help_text="packed as in feeds/reading/related/packing.py, some 6 kB")

    def __str__(self) -> str:
        return f"reading of insight {self.insight_id} by {self.model}"


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
    network_hash = models.CharField(max_length=64, blank=True, help_text="of who sent it, kept for a day")
    created_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                name="reports_by_network", fields=["network_hash", "created_at"], condition=~models.Q(network_hash="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason}: insight {self.insight_id}"

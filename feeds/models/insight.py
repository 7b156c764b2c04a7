"""A claim, the topics it touches, how it reads to the comparison, and what readers report about it."""

from __future__ import annotations

import copy
import datetime as dt

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from pgvector.django import HnswIndex, VectorField

from feeds.models.episode import Episode
from feeds.reading.embeddings import embedding_text
from feeds.reading.insights.passages import Source, is_told_about, passage_name, without_stutters


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
        return self.standing().filter(
            episode__feed__is_private=False, episode__feed__is_blocked=False, episode__feed__is_listed=True
        )

    def ready(self) -> InsightQuerySet:
        """What is fit to print; the others are kept as passages."""
        return self.exclude(headline="")

    def passages(self) -> InsightQuerySet:
        return self.filter(headline="")

    def with_source(self) -> InsightQuerySet:
        return self.select_related("episode__feed").prefetch_related("topics")


class Insight(models.Model):
    """One claim with its quote. Its id is its public address and never changes.

    Where nothing fit to print could be made of the quote, `headline` and `text` are empty, and it is only a passage.
    """

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="insights")
    headline = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    quote = models.TextField(blank=True)
    speaker = models.CharField(max_length=200, blank=True)
    start = models.FloatField(null=True, blank=True, help_text="seconds")
    end = models.FloatField(null=True, blank=True, help_text="seconds")
    start_is_approximate = models.BooleanField(default=False, help_text="it may be a minute or two off")
    salience = models.FloatField(default=0.5, help_text="0 to 1, calibrated")
    ready = models.FloatField(default=1.0, help_text="0 to 1: the chance that an editor would publish it")
    language = models.CharField(max_length=16, blank=True)
    extractor = models.CharField(max_length=100, help_text="local, imported, or the model's name")
    # False for imported insights, which bring no transcript: never shown as checked.
    quote_verified = models.BooleanField(default=False)
    source_url = models.URLField(max_length=2000, blank=True, help_text="where an imported insight came from")
    fingerprint = models.CharField(max_length=64, help_text="sha256 of the text, or of a passage's quote")
    topics = models.ManyToManyField(Topic, through="InsightTopic", related_name="insights")
    embedding = VectorField(dimensions=384)
    embedding_model = models.CharField(max_length=60)
    where_said = models.TextField(
        blank=True, default="", editable=False, help_text="the show's and the episode's title; the database keeps it so"
    )
    # Names as they are written and as English reads them, so that they are found beside words and by themselves.
    search = models.GeneratedField(
        expression=SearchVector("headline", weight="A", config="english")
        + SearchVector("text", weight="B", config="english")
        + SearchVector("quote", weight="C", config="english")
        + SearchVector("speaker", weight="A", config="english")
        + SearchVector("where_said", weight="B", config="english")
        + SearchVector("speaker", weight="A", config="simple")
        + SearchVector("where_said", weight="B", config="simple")
        + SearchVector("headline", weight="D", config="simple"),
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
    written_at = models.DateTimeField(default=timezone.now, help_text="when a writer last worked on it")

    objects = InsightQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "fingerprint"], name="one_insight_per_text"),
            models.CheckConstraint(condition=~models.Q(headline="", quote=""), name="a_passage_has_a_quote"),
        ]
        indexes = [
            # Apart, for most passages yield no insight, and a search for either must not wade through the other.
            HnswIndex(
                name="insights_by_meaning",
                fields=["embedding"],
                opclasses=["vector_cosine_ops"],
                condition=~models.Q(headline=""),
            ),
            HnswIndex(
                name="passages_by_meaning",
                fields=["embedding"],
                opclasses=["vector_cosine_ops"],
                condition=models.Q(headline=""),
            ),
            models.Index(name="ready_insights", fields=["episode"], condition=~models.Q(headline="")),
            GinIndex(name="insights_by_words", fields=["search"]),
            models.Index(name="insights_by_speaker", fields=["speaker_slug"], condition=~models.Q(speaker_slug="")),
        ]

    def __str__(self) -> str:
        return self.headline or self.quote[:80]

    def get_absolute_url(self) -> str:
        return reverse("feeds:insight", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return bool(self.headline)

    @property
    def title(self) -> str:
        """Its headline, or where it is only a passage, who spoke and where."""
        return self.headline or passage_name(self.speaker, self._source)

    @property
    def is_told_about(self) -> bool:
        """Who or which show says it, and on what."""
        return is_told_about(self.speaker, self._source)

    @property
    def telling_text(self) -> str:
        """What of it is embedded, classified and told apart from others: headline and text, or a passage's quote."""
        return embedding_text(self.headline, self.text) if self.is_ready else self.quote

    @property
    def quote_for_show(self) -> str:
        """Of a passage, whose quote is all there is to read: without its stutters."""
        return without_stutters(self.quote, language=self.language or self.episode.feed.language)

    def as_it_read(self, at: dt.datetime) -> Insight:
        """Itself, or a copy with the words that it had at that moment: to be shown, not to be saved."""
        replaced = [one for one in self.earlier_wordings.all() if one.replaced_at > at]
        if not replaced:
            return self
        then = min(replaced, key=lambda one: one.replaced_at)
        shown = copy.copy(self)
        shown.headline, shown.text = then.headline, then.text
        return shown

    @property
    def _source(self) -> Source:
        episode = self.episode
        return Source(episode.feed.title, episode.title, [person.get("name", "") for person in episode.people])


class EarlierWording(models.Model):
    """What an insight said before it was written anew: a brief shows what it said when it was sent."""

    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="earlier_wordings")
    headline = models.CharField(max_length=200)
    text = models.TextField()
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["replaced_at"]

    def __str__(self) -> str:
        return self.headline


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

"""Questions to a language model, what they cost and what was answered."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import models


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

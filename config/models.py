"""What each night came to, kept beyond the rows that it was counted from."""

from django.db import models


class NightRecord(models.Model):
    """The 24 hours that ended on that day, written once; its report is mailed by whoever claims it."""

    day = models.DateField(unique=True, help_text="in UTC")
    figures = models.JSONField(help_text="by the names of config/operating/figures.py")
    counted_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(help_text="when the report is mailed, or tried again")
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"night to {self.day}"

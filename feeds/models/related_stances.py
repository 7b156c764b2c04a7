from django.db import models

from feeds.models.insight import Insight


class Stance(models.TextChoices):
    ECHOES = "echoes", "echoes it"
    ADDS = "adds", "adds to it"
    DISPUTES = "disputes", "disputes it"
    APART = "apart", "makes another point"


class RelatedStances(models.Model):
    """What other shows' insights say to this one, as a language model judged it, once."""

    insight = models.OneToOneField(Insight, on_delete=models.CASCADE, primary_key=True, related_name="related_stances")
    stances = models.JSONField(default=dict, blank=True, help_text='{"id of the other insight": stance, …}')
    judged_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "related stances"

    def __str__(self) -> str:
        return f"stances beside insight {self.insight_id}"

from django.db import models

from feeds.models.insight import Insight


class KeptWays(models.Model):
    """Where a reader may go from an insight's page, worked out beforehand, as ids: what was taken down since is left
    out when the page is made."""

    insight = models.OneToOneField(Insight, on_delete=models.CASCADE, primary_key=True, related_name="kept_ways")
    elsewhere = models.JSONField(default=list, help_text='[[[id, ids of those that say the same], "stance"], …]')
    more = models.JSONField(default=list, help_text="[[topic, [ids]], …]")
    worked_out_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "kept ways"

    def __str__(self) -> str:
        return f"ways on from insight {self.insight_id}"

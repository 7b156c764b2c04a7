from django.db import models


class PageChange(models.Model):
    """That something which public pages show has changed: triggers of the database write these, whoever changed it."""

    class Meta:
        verbose_name = "change of what pages show"
        verbose_name_plural = "changes of what pages show"

    def __str__(self) -> str:
        return f"change {self.pk}"

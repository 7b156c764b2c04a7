from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class SearchWord(models.Model):
    """A word that public insights say, are said by or in: what a mistyped one may have meant."""

    word = models.CharField(max_length=100, primary_key=True)
    stem = models.CharField(max_length=100, blank=True, db_index=True, help_text="as English reads it")
    uses = models.PositiveIntegerField(help_text="insights that hold it")
    trigrams = ArrayField(models.CharField(max_length=3), help_text="its letters by threes")

    class Meta:
        indexes = [GinIndex(name="words_by_trigrams", fields=["trigrams"])]

    def __str__(self) -> str:
        return self.word

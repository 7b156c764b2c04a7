"""The writer that the installation has chosen."""

from functools import cache

from django.conf import settings

from feeds.reading.choices import WRITERS
from feeds.reading.insights.writing import Writer


@cache
def configured_writer() -> Writer:
    """The configured writer (setting WRITER); loaded once a process."""
    made: Writer = WRITERS.make(settings.WRITER)
    return made

"""What `manage.py check` says about reading feeds."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from feeds.reading.choices import EMBEDDERS, EXTRACTORS, TRANSCRIPT_SOURCES, WRITERS, Choice


@register(Tags.security, deploy=True)
def fetch_allowed_is_empty(**_: Any) -> list[CheckMessage]:
    """A door left open to a private network is for demos and tests: any feed may redirect to it."""
    if not settings.FETCH_ALLOWED:
        return []
    return [
        Error(
            f"FETCH_ALLOWED opens {', '.join(settings.FETCH_ALLOWED)} to every feed that links there.",
            hint="Leave it empty on a server that reads feeds of strangers.",
            id="feeds.E001",
        )
    ]


@register
def choices_are_there(**_: Any) -> list[CheckMessage]:
    """By name only: what is heavy to import is not imported for it."""
    named = [(EXTRACTORS, settings.EXTRACTOR), (WRITERS, settings.WRITER), (EMBEDDERS, settings.EMBEDDER)]
    named += [(TRANSCRIPT_SOURCES, name) for name in settings.TRANSCRIPT_SOURCES]
    return [Error(fault, id="feeds.E002") for choice, name in named if (fault := _fault(choice, name))]


def _fault(choice: Choice, name: str) -> str:
    try:
        choice.path(name)
    except ImproperlyConfigured as error:
        return str(error)
    return ""

"""What `manage.py check --deploy` says about reading feeds."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


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

"""Whether something that public pages show has changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Max

from feeds.models import PageChange

# The count tells of a change that was committed after later ones, as long as it is not among very old ones.
_KEPT = 100


@dataclass(frozen=True, slots=True)
class Version:
    """Two that are equal stand for pages that show the same."""

    newest: int
    changes: int


def current_version() -> Version:
    found = PageChange.objects.aggregate(newest=Max("pk"), changes=Count("pk"))
    return Version(found["newest"] or 0, found["changes"])


def forget_old_changes() -> None:
    newest = current_version().newest
    PageChange.objects.filter(pk__lte=newest - _KEPT).delete()

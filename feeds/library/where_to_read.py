"""Where a subscriber reads an insight: members-only ones have no public page."""

from django.urls import reverse

from feeds.models import Insight


def read_url(insight: Insight, site: str = "") -> str:
    """Its page, or for members only the publisher's, else their brief. What leaves the site names `site`."""
    if not insight.episode.feed.is_members_only:
        return f"{site}{insight.get_absolute_url()}"
    return insight.episode.page_address or f"{site}{reverse('briefs:today')}"

"""Where a subscriber reads an insight: members-only ones have no public page."""

from django.urls import reverse

from feeds.models import Insight
from feeds.reading.web_address import web_address


def read_url(insight: Insight, site: str = "") -> str:
    """Its page, or for members only the publisher's, else their brief. What leaves the site names `site`."""
    if not insight.episode.feed.is_members_only:
        return f"{site}{insight.get_absolute_url()}"
    return web_address(insight.episode.link) or f"{site}{reverse('briefs:today')}"

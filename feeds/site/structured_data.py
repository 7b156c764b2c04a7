"""What a page says to machines: schema.org's Quotation inside its PodcastEpisode, as JSON-LD."""

from __future__ import annotations

from typing import Any

from feeds.models import Episode, Insight
from feeds.reading.timeline import iso_duration
from feeds.reading.web_address import web_address


def quotation(insight: Insight, *, url: str) -> dict[str, Any]:
    """An imported insight without a quote is a CreativeWork: nobody's words are claimed."""
    return {"@context": "https://schema.org"} | _filled(
        {
            "@type": "Quotation" if insight.quote else "CreativeWork",
            "@id": url,
            "url": url,
            "name": insight.title,
            "abstract": insight.text,
            "text": insight.quote,
            "creator": insight.speaker and {"@type": "Person", "name": insight.speaker},
            "inLanguage": insight.language,
            "datePublished": insight.episode.published_at.date().isoformat(),
            "about": [topic.name for topic in insight.topics.all()],
            "isPartOf": _episode(insight.episode),
        }
    )


def podcast_episode(episode: Episode, *, url: str) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@id": url} | _episode(episode)


def _episode(episode: Episode) -> dict[str, Any]:
    return _filled(
        {
            "@type": "PodcastEpisode",
            "name": episode.title,
            "url": episode.page_address,
            "datePublished": episode.published_at.date().isoformat(),
            "timeRequired": episode.duration_seconds and iso_duration(episode.duration_seconds),
            "associatedMedia": episode.audio_address and {"@type": "AudioObject", "contentUrl": episode.audio_address},
            "partOfSeries": _filled(
                {"@type": "PodcastSeries", "name": episode.feed.title, "url": web_address(episode.feed.site_url)}
            ),
        }
    )


def _filled(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value}

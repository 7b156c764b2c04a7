"""JSON Feed (jsonfeed.org): the same as RSS says, in other words."""

import json
from collections.abc import Iterator
from typing import Any

from feeds.polling.parse import fields
from feeds.polling.parse.parsed import ParsedEpisode, ParsedFeed

MOST_ITEMS = 10_000
_VERSION = "https://jsonfeed.org/version/"


def parse_json(text: str, *, url: str) -> ParsedFeed | None:
    """The feed; None where the document is something else."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not _text(told, "version").startswith(_VERSION):
        return None
    items = [_episode(item, base=url) for item in _objects(told, "items")[:MOST_ITEMS]]
    kept = tuple(item for item in items if item is not None)
    title = fields.one_line(_text(told, "title"), limit=fields.FEED_TITLE)
    if not title and not kept:
        return None
    return ParsedFeed(
        title=title,
        episodes=kept,
        author=fields.one_line(next(_authors(told), ""), limit=fields.FEED_TITLE),
        description=fields.notes(_text(told, "description")),
        site_url=fields.link(_text(told, "home_page_url"), base=url),
        image_url=fields.link(_text(told, "icon"), base=url),
        language=fields.language(_text(told, "language")),
        skipped=len(items) - len(kept),
        older=max(len(_objects(told, "items")) - MOST_ITEMS, 0),
    )


def _episode(item: dict[str, Any], *, base: str) -> ParsedEpisode | None:
    title = fields.one_line(_text(item, "title"))
    published_at = fields.date(_text(item, "date_published")) or fields.date(_text(item, "date_modified"))
    attachments = _objects(item, "attachments")
    offered = [
        (fields.link(_text(one, "url"), base=base), fields.media_type(_text(one, "mime_type"))) for one in attachments
    ]
    audio_url, audio_type = fields.recording([one for one in offered if one[0]])
    page = fields.link(_text(item, "url") or _text(item, "external_url"), base=base)
    guid = fields.guid(_text(item, "id"), audio_url=audio_url, title=title, date=published_at, link=page)
    description = fields.notes(_text(item, "content_html") or _text(item, "content_text") or _text(item, "summary"))
    if not guid:
        return None
    return ParsedEpisode(
        guid=guid,
        title=title or fields.one_line(description)[:100] or fields.UNTITLED,
        link=page,
        description=description,
        published_at=published_at,
        duration_seconds=next((seconds for one in attachments if (seconds := _seconds(one))), None),
        audio_url=audio_url,
        audio_type=audio_type,
        image_url=fields.link(_text(item, "image"), base=base),
        language=fields.language(_text(item, "language")),
    )


def _authors(told: dict[str, Any]) -> Iterator[str]:
    for author in [*_objects(told, "authors"), told.get("author")]:
        if isinstance(author, dict) and _text(author, "name"):
            yield _text(author, "name")


def _seconds(attachment: dict[str, Any]) -> int | None:
    return fields.duration(_text(attachment, "duration_in_seconds"))


def _objects(told: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = told.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(told: dict[str, Any], key: str) -> str:
    """A number counts as it is written: some give an id as one."""
    value = told.get(key)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""

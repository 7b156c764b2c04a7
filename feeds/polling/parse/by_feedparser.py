"""What libxml2 makes nothing of goes to feedparser: in a process of its own, whose processor time is bounded."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from feeds.polling.parse import fields
from feeds.polling.parse.parsed import ParsedEpisode, ParsedFeed, TranscriptLink
from feeds.reading.errors import NotAFeed

SECONDS = 15
_ROOT = Path(__file__).resolve().parents[3]


def parse_by_feedparser(body: bytes, *, url: str, content_type: str) -> ParsedFeed | None:
    """The feed as feedparser reads it; None where that finds neither a title nor an item."""
    command = [sys.executable, "-m", "feeds.polling.parse.feedparser_process", url, content_type]
    try:
        # A fixed command; the stranger's bytes go to standard input.
        done = subprocess.run(  # noqa: S603
            command, input=body, capture_output=True, cwd=_ROOT, timeout=SECONDS, check=True
        )
    except (subprocess.SubprocessError, ValueError) as error:
        raise NotAFeed("the feed is too broken, or too intricate, to be read in a few seconds") from error
    found = json.loads(done.stdout)
    episodes = [_episode(entry, base=url) for entry in found["entries"]]
    kept = tuple(episode for episode in episodes if episode is not None)
    if not kept and not found["title"]:
        return None
    return ParsedFeed(
        title=fields.one_line(found["title"], limit=fields.FEED_TITLE),
        episodes=kept,
        author=fields.one_line(found["author"], limit=fields.FEED_TITLE),
        description=fields.notes(found["description"]),
        site_url=fields.link(found["link"], base=url),
        image_url=fields.link(found["image"], base=url),
        language=fields.language(found["language"]),
        new_url=fields.link(found["new_url"], base=url),
        is_blocked=fields.is_yes(found["block"]),
        skipped=len(episodes) - len(kept),
    )


def _episode(entry: dict[str, Any], *, base: str) -> ParsedEpisode | None:
    title = fields.one_line(entry["title"])
    published_at = fields.date(entry["published"])
    offered = [(fields.link(address, base=base), fields.media_type(kind)) for address, kind in entry["enclosures"]]
    audio_url, audio_type = fields.recording([one for one in offered if one[0]])
    page = fields.link(entry["link"], base=base)
    guid = fields.guid(entry["id"], audio_url=audio_url, title=title, date=published_at, link=page)
    if not guid:
        return None
    transcript = fields.link(entry["transcript_url"], base=base)
    return ParsedEpisode(
        guid=guid,
        title=title or fields.UNTITLED,
        link=page,
        description=fields.notes(entry["description"]),
        published_at=published_at,
        duration_seconds=fields.duration(entry["duration"]),
        audio_url=audio_url,
        audio_type=audio_type,
        image_url=fields.link(entry["image"], base=base),
        transcripts=(TranscriptLink(transcript, fields.media_type(entry["transcript_type"])),) if transcript else (),
    )

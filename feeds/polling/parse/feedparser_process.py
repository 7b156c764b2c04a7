"""The child: a feed on standard input, JSON on standard output; killed by the system after CPU_SECONDS."""

import json
import resource
import sys
from typing import Any

import feedparser

CPU_SECONDS = 4
MEMORY = 2**30
MOST_ENTRIES = 10_000


def main(url: str, content_type: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    parsed = feedparser.parse(
        sys.stdin.buffer.read(), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    json.dump(_feed(parsed), sys.stdout)


def _feed(parsed: Any) -> dict[str, Any]:
    feed = parsed.feed
    return {
        "title": _text(feed, "title"),
        "author": _text(feed, "author"),
        "description": _text(feed, "subtitle"),
        "link": _text(feed, "link"),
        "image": _text(feed.get("image") or {}, "href"),
        "language": _text(feed, "language"),
        "new_url": _text(feed, "newlocation") or _text(feed, "itunes_new-feed-url"),
        "block": "yes" if feed.get("itunes_block") in (1, True) else "",
        "entries": [_entry(entry) for entry in parsed.entries[:MOST_ENTRIES]],
    }


def _entry(entry: Any) -> dict[str, Any]:
    contents = entry.get("content") or [{}]
    transcript = entry.get("podcast_transcript") or {}
    return {
        "id": _text(entry, "id"),
        "title": _text(entry, "title"),
        "link": _text(entry, "link"),
        "description": _text(contents[0], "value") or _text(entry, "summary"),
        "published": _text(entry, "published") or _text(entry, "updated"),
        "duration": _text(entry, "itunes_duration"),
        "enclosures": [(_text(one, "href"), _text(one, "type")) for one in entry.get("enclosures") or []],
        "image": _text(entry.get("image") or {}, "href"),
        "transcript_url": _text(transcript, "url"),
        "transcript_type": _text(transcript, "type"),
    }


def _text(source: Any, key: str) -> str:
    value = source.get(key) if hasattr(source, "get") else None
    return value if isinstance(value, str) else ""


if __name__ == "__main__":
    main(*sys.argv[1:])

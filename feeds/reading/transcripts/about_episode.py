"""What a Podcasting 2.0 JSON file says of its episode beside what was said in it, where its maker added that."""

import json
from dataclasses import dataclass
from typing import Any

from feeds.reading.decoding import decode

_LONGEST = 500
_MOST_GUESTS = 20


@dataclass(frozen=True, slots=True)
class AboutEpisode:
    """What the file does not say stays empty."""

    podcast: str = ""
    title: str = ""
    guests: tuple[str, ...] = ()


def about_episode(data: bytes) -> AboutEpisode:
    """From the keys `podcast`, `title` and `guests`; nothing where the file has none of them, or is no JSON object."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return AboutEpisode()
    try:
        told = json.loads(decode(data))
    except (ValueError, RecursionError):
        return AboutEpisode()
    guests = told.get("guests")
    names = [_text(name) for name in guests[:_MOST_GUESTS]] if isinstance(guests, list) else [_text(guests)]
    return AboutEpisode(_text(told.get("podcast")), _text(told.get("title")), tuple(filter(None, names)))


def _text(value: Any) -> str:
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""

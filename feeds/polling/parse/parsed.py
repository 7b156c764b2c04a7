"""What a feed said, cleaned: plain text, http addresses, no character that a database or a header would choke on."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TranscriptLink:
    """A podcast:transcript; `type` and `language` are what the feed claims, "" where it does not."""

    url: str
    type: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str = "host"


@dataclass(frozen=True, slots=True)
class ParsedEpisode:
    """`guid` is the feed's own, else the enclosure's address, else made of title and date. An item with the same
    `fingerprint` says the same, and need not be read; "" where that cannot be told."""

    guid: str
    title: str
    link: str = ""
    description: str = ""
    published_at: dt.datetime | None = None
    duration_seconds: int | None = None
    audio_url: str = ""
    audio_type: str = ""
    image_url: str = ""
    language: str = ""
    people: tuple[Person, ...] = ()
    transcripts: tuple[TranscriptLink, ...] = ()
    is_blocked: bool = False
    fingerprint: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """`skipped` counts items with nothing to tell them apart by, `older` those beyond the newest that are read; `ttl`
    is in minutes. A feed that is not whole breaks off in the middle: it says more than came. `unchanged` are the items
    that were known already and not read again: the fingerprint of each by its place among all items."""

    title: str
    episodes: tuple[ParsedEpisode, ...]
    author: str = ""
    description: str = ""
    site_url: str = ""
    image_url: str = ""
    language: str = ""
    medium: str = "podcast"
    new_url: str = ""
    ttl: int | None = None
    is_blocked: bool = False
    skipped: int = 0
    older: int = 0
    is_whole: bool = True
    unchanged: Mapping[int, str] = field(default_factory=dict)

    @property
    def length(self) -> int:
        return len(self.episodes) + len(self.unchanged)

    def in_order(self) -> Iterator[ParsedEpisode | str]:
        """All items; of an unchanged one its fingerprint."""
        read = iter(self.episodes)
        for place in range(self.length):
            yield self.unchanged[place] if place in self.unchanged else next(read)

    @property
    def is_spoken(self) -> bool:
        """Music has lyrics, and a list has nothing: no insights in either."""
        return self.medium != "music" and not self.medium.endswith("l")

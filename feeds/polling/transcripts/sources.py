"""Where transcripts come from: the publisher's own first, others by setting."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings

from feeds.polling.http import Door
from feeds.polling.parse import TranscriptLink
from feeds.reading.choices import TRANSCRIPT_SOURCES
from feeds.reading.errors import SourceError
from feeds.reading.transcripts.segments import Segment


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a source may know about an episode; `language` is "" where nobody said.

    `feed_url` may hold a name and a password, which are for addresses of its origin alone and are stored nowhere else.
    """

    title: str
    links: Sequence[TranscriptLink]
    audio_url: str
    audio_type: str
    language: str
    feed_url: str = ""


@dataclass(frozen=True, slots=True)
class FoundTranscript:
    """`source` is what pages call it, as in "the quote stands word for word in the transcript that …"."""

    segments: Sequence[Segment]
    source: str
    url: str
    language: str


class TranscriptSource(Protocol):
    """Somewhere that transcripts are to be had; each of them comes with the name that the source gives it."""

    def find(self, wanted: Wanted, *, door: Door) -> FoundTranscript | None:
        """Return the transcript; None where this source has none. Raises SourceError where it should have one."""
        ...


def find_transcript(wanted: Wanted, *, door: Door) -> FoundTranscript | None:
    """Ask the sources of the setting TRANSCRIPT_SOURCES in turn; raise what the first failing one said if all fail."""
    failure: SourceError | None = None
    for source in sources():
        try:
            found = source.find(wanted, door=door)
        except SourceError as error:
            failure = failure or error
            continue
        if found is not None:
            return found
    if failure is not None:
        raise failure
    return None


@cache
def sources() -> tuple[TranscriptSource, ...]:
    return tuple(TRANSCRIPT_SOURCES.make(name) for name in settings.TRANSCRIPT_SOURCES)

"""The transcript that the publisher links to with podcast:transcript."""

from collections.abc import Sequence

from feeds.polling.http import Door, with_credentials
from feeds.polling.parse import TranscriptLink
from feeds.polling.transcripts.sources import FoundTranscript, Wanted
from feeds.reading.errors import SourceError
from feeds.reading.transcripts.formats import read
from feeds.reading.transcripts.segments import Segment

# What hosts put into these, from experience: JSON and WebVTT carry times and names, text seldom either.
_PREFERRED = ("json", "vtt", "srt", "subrip", "html", "text", "plain")
CALLED = "the transcript that the publisher provides"
# An untimed or nameless transcript is worth one look at another format, not more: each is a request to the publisher.
MOST_READ = 2


class PublisherTranscripts:
    def find(self, wanted: Wanted, *, door: Door) -> FoundTranscript | None:
        best: FoundTranscript | None = None
        failures: list[SourceError] = []
        for link in ranked(wanted.links, language=wanted.language)[: MOST_READ + 2]:
            try:
                found = _found(link, wanted, door=door)
            except SourceError as error:
                failures.append(error)
                continue
            is_second = best is not None
            if best is None or _quality(found.segments) > _quality(best.segments):
                best = found
            if is_second or _quality(found.segments) == (True, True):
                break
        if best is None and failures:
            # Worth another attempt if any of them is.
            raise next((error for error in failures if not error.permanent), failures[0])
        return best


def ranked(links: Sequence[TranscriptLink], *, language: str) -> list[TranscriptLink]:
    """The links in the order to try them: the episode's language, then the formats that tell most."""
    return sorted(links, key=lambda link: (not _speaks(link, language), _format_rank(link)))


def _speaks(link: TranscriptLink, language: str) -> bool:
    return not link.language or not language or link.language.partition("-")[0] == language.partition("-")[0]


def _format_rank(link: TranscriptLink) -> int:
    told = link.type or link.url.partition("?")[0].rpartition(".")[2].lower()
    return next((rank for rank, name in enumerate(_PREFERRED) if name in told), len(_PREFERRED))


def _found(link: TranscriptLink, wanted: Wanted, *, door: Door) -> FoundTranscript:
    answer = door.get(with_credentials(link.url, of=wanted.feed_url), headers={"Accept": "*/*"})
    segments = read(answer.body, content_type=answer.headers.get("Content-Type", ""))
    return FoundTranscript(segments, CALLED, link.url, link.language or wanted.language)


def _quality(segments: Sequence[Segment]) -> tuple[bool, bool]:
    """Whether most of it has times, and names."""
    timed = sum(segment.start is not None for segment in segments)
    named = sum(segment.speaker is not None for segment in segments)
    return timed * 2 > len(segments), named * 2 > len(segments)

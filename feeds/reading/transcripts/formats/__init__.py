"""Bytes of a transcript to segments; the format is told by the content, for names and types are often wrong."""

import re

from feeds.reading.decoding import charset_of, decode
from feeds.reading.errors import NotATranscript
from feeds.reading.transcripts.formats import html, podcast_json, subrip, text, webvtt
from feeds.reading.transcripts.formats.error_pages import ERROR_PAGE, is_error_page
from feeds.reading.transcripts.segments import Segment

# Few words, or few letters where words are not parted by spaces.
FEWEST_WORDS = 5
FEWEST_LETTERS = 30
MOST_CHARACTERS = 3_000_000
MOST_SEGMENTS = 100_000

_TIMING = re.compile(r"^\s*\d{1,3}:\d{1,2}(?::\d{1,2})?[.,]\d{1,3}\s*-->", re.MULTILINE)
_BROKEN_JSON = re.compile(r"[\[{]\s*[{\"]")
_FEED_OR_XML = re.compile(r"\s*(<\?xml[^>]*>\s*)?<(rss|feed|opml|svg|html:)\b", re.IGNORECASE)
_MARKUP = re.compile(
    r"<(!doctype html|html|head|body|div|p|cite|time|span|section|article|br|h[1-6])\b[^>]*>", re.IGNORECASE
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffd\ud800-\udfff]")
# “[Music]”, “(applause)”, “♪ la la ♪”: no speech.
_NOT_SPEECH = re.compile(r"^(?:[\[(][^\])]{1,40}[\])]|[♪♫#*\s-]+|♪.*♪)$")


def read(data: bytes, *, content_type: str = "") -> list[Segment]:
    """Return what was said, in order; raise NotATranscript where nothing was, or where it is something else."""
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise NotATranscript("the transcript is empty")
    if data[:5] == b"%PDF-" or data[:2] in (b"PK", b"\x1f\x8b"):
        raise NotATranscript("the transcript is a PDF or an archive, not a text")
    content = decode(data, declared=charset_of(content_type)).replace("\r\n", "\n").replace("\r", "\n")
    if len(_CONTROLS.findall(content[:10_000])) > len(content[:10_000]) / 20:
        raise NotATranscript("the transcript is not a text")
    return _checked(_segments(content))


def _segments(content: str) -> list[Segment]:
    head = content.lstrip()[:20_000]
    if head.startswith("WEBVTT"):
        return webvtt.read(content)
    if head.startswith(("{", "[")) and (found := podcast_json.read(content)) is not None:
        return found
    if _BROKEN_JSON.match(head):
        raise NotATranscript("the transcript is JSON that breaks off or is malformed")
    if _TIMING.search(head):
        return subrip.read(content)
    if _FEED_OR_XML.match(head):
        raise NotATranscript("the transcript is a feed or another XML document")
    if _MARKUP.search(head):
        return html.read(content)
    if is_error_page(content[:MOST_CHARACTERS]):
        raise NotATranscript(ERROR_PAGE)
    return text.read(content)


def _checked(segments: list[Segment]) -> list[Segment]:
    cleaned = [_cleaned(segment) for segment in segments[:MOST_SEGMENTS]]
    spoken = [segment for segment in cleaned if segment.body and not _NOT_SPEECH.match(segment.body)]
    words = sum(segment.body.count(" ") + 1 for segment in spoken)
    characters = sum(len(segment.body) for segment in spoken)
    if words < FEWEST_WORDS and _letters(spoken) < FEWEST_LETTERS:
        raise NotATranscript(f"the transcript holds {words} words of speech")
    if len(segments) > MOST_SEGMENTS or characters > MOST_CHARACTERS:
        raise NotATranscript("the transcript is longer than any episode")
    return spoken


def _letters(segments: list[Segment]) -> int:
    return sum(character.isalnum() for segment in segments for character in segment.body)


def _cleaned(segment: Segment) -> Segment:
    body = " ".join(_CONTROLS.sub("", segment.body).split())
    speaker = " ".join(_CONTROLS.sub("", segment.speaker or "").split())[:100].strip(" :")
    return Segment(body, speaker or None, segment.start, segment.end)

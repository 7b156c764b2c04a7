"""Podcasting 2.0 JSON (https://podcastindex.org/namespace/1.0#transcript), and its cousins from recognisers."""

import json
from collections.abc import Sequence
from statistics import median
from typing import Any

from feeds.reading.errors import NotATranscript
from feeds.reading.transcripts.formats.times import seconds_or_none, with_ends
from feeds.reading.transcripts.segments import Segment

_LISTS = ("segments", "transcript", "results", "utterances", "cues", "words")
_BODIES = ("body", "text", "content", "word", "punctuated_word")
_STARTS = ("startTime", "start", "start_time", "begin", "offset")
_ENDS = ("endTime", "end", "end_time", "stop")
_SPEAKERS = ("speaker", "speakerName", "speaker_name", "name")
_NO_SPACE_BEFORE = tuple(".,!?;:%)]}’”")
LONGEST_MERGED = 40


def read(content: str) -> list[Segment] | None:
    """The segments; None where the content is not JSON after all."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    rows = _rows(found)
    if rows is None:
        raise NotATranscript("the transcript is JSON without a list of segments")
    segments = [segment for row in rows if (segment := _segment(row)) is not None]
    return with_ends(_merged(segments) if _is_one_word_each(segments) else segments)


def _rows(found: Any) -> Sequence[Any] | None:
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        return next((found[name] for name in _LISTS if isinstance(found.get(name), list)), None)
    return None


def _segment(row: Any) -> Segment | None:
    if not isinstance(row, dict):
        return None
    body = _first_text(row, _BODIES)
    if not body:
        return None
    start = seconds_or_none(_first(row, _STARTS))
    end = seconds_or_none(_first(row, _ENDS))
    if start is None or (end is not None and end < start):
        end = None
    return Segment(body, _first_text(row, _SPEAKERS) or None, start, end)


def _first(row: dict[str, Any], names: Sequence[str]) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None)


def _first_text(row: dict[str, Any], names: Sequence[str]) -> str:
    value = _first(row, names)
    return value.strip() if isinstance(value, str) else ""


def _is_one_word_each(segments: Sequence[Segment]) -> bool:
    return bool(segments) and median(len(segment.body.split()) for segment in segments) <= 1


def _merged(segments: Sequence[Segment]) -> list[Segment]:
    """Words to sentences: one word is no segment to quote from or to point at."""
    merged: list[Segment] = []
    for word in segments:
        last = merged[-1] if merged else None
        if last is None or last.speaker != word.speaker or _is_full(last.body, word.body):
            merged.append(word)
            continue
        space = "" if word.body.startswith(_NO_SPACE_BEFORE) else " "
        merged[-1] = Segment(last.body + space + word.body, last.speaker, last.start, word.end or last.end)
    return merged


def _is_full(body: str, following: str) -> bool:
    if following.startswith(_NO_SPACE_BEFORE):
        return False
    return body.endswith((".", "!", "?")) or body.count(" ") >= LONGEST_MERGED

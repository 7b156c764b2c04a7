"""Podcasting 2.0 JSON (https://podcastindex.org/namespace/1.0#transcript), and its cousins from recognisers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from feeds.reading.errors import NotATranscript
from feeds.reading.transcripts.formats.recognisers import rows_of
from feeds.reading.transcripts.formats.times import MILLISECOND, SECOND, seconds_or_none, with_ends
from feeds.reading.transcripts.segments import Segment

_LISTS = ("segments", "transcript", "results", "utterances", "cues", "words")
_BODIES = ("body", "text", "content", "word", "punctuated_word")
_STARTS = ("startTime", "start", "start_time", "begin", "offset")
_ENDS = ("endTime", "end", "end_time", "stop")
_SPEAKERS = ("speaker", "speakerName", "speaker_name", "name")
_NO_SPACE_BEFORE = tuple(".,!?;:%)]}’”")
LONGEST_MERGED = 40
# Nobody takes so long for a word: times that say so are milliseconds.
SLOWEST_WORD = 30.0
_FEWEST_WORDS_TO_TELL = 5


def read(content: str) -> list[Segment] | None:
    """The segments; None where the content is not JSON after all."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    rows = rows_of(found) or _rows(found)
    if rows is None:
        raise NotATranscript("the transcript is JSON without a list of segments")
    unit = _unit(rows)
    parts = [part for row in rows if (part := _part(row, unit)) is not None]
    segments = [part.segment for part in parts]
    return with_ends(_merged(parts) if _is_one_word_each(segments) else segments)


def _rows(found: Any) -> Sequence[Any] | None:
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        return next((found[name] for name in _LISTS if isinstance(found.get(name), list)), None)
    return None


def _unit(rows: Sequence[Any]) -> float:
    """What the bare numbers of the file count: seconds, or milliseconds where words would else take minutes."""
    told = [(_first(row, _STARTS), _first_text(row, _BODIES)) for row in rows if isinstance(row, dict)]
    starts = [start for start, _ in told if isinstance(start, int | float) and not isinstance(start, bool)]
    words = sum(len(body.split()) for _, body in told[:-1])
    is_slow = len(starts) > 1 and words >= _FEWEST_WORDS_TO_TELL and max(starts) - min(starts) > SLOWEST_WORD * words
    return MILLISECOND if is_slow else SECOND


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment; `joins` where it is a sign that belongs to the word before it."""

    segment: Segment
    joins: bool


def _part(row: Any, unit: float) -> _Part | None:
    if not isinstance(row, dict):
        return None
    body = _first_text(row, _BODIES)
    if not body:
        return None
    start = seconds_or_none(_first(row, _STARTS), unit=unit)
    end = seconds_or_none(_first(row, _ENDS), unit=unit)
    if start is None or (end is not None and end < start):
        end = None
    joins = bool(row.get("joins")) or body.startswith(_NO_SPACE_BEFORE)
    return _Part(Segment(body, _speaker(row), start, end), joins)


def _speaker(row: dict[str, Any]) -> str | None:
    """A number tells voices apart and names nobody."""
    told = _first(row, _SPEAKERS)
    return f"Speaker {told}" if isinstance(told, int) else _first_text(row, _SPEAKERS) or None


def _first(row: dict[str, Any], names: Sequence[str]) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None)


def _first_text(row: dict[str, Any], names: Sequence[str]) -> str:
    value = _first(row, names)
    return value.strip() if isinstance(value, str) else ""


def _is_one_word_each(segments: Sequence[Segment]) -> bool:
    return bool(segments) and median(len(segment.body.split()) for segment in segments) <= 1


def _merged(parts: Sequence[_Part]) -> list[Segment]:
    """Words to sentences: one word is no segment to quote from or to point at."""
    merged: list[Segment] = []
    for part in parts:
        word, last = part.segment, merged[-1] if merged else None
        is_same_voice = last is not None and (last.speaker == word.speaker or (part.joins and word.speaker is None))
        if last is None or not is_same_voice or (not part.joins and _is_full(last.body)):
            merged.append(word)
            continue
        space = "" if part.joins else " "
        merged[-1] = Segment(last.body + space + word.body, last.speaker, last.start, word.end or last.end)
    return merged


def _is_full(body: str) -> bool:
    return body.endswith((".", "!", "?")) or body.count(" ") >= LONGEST_MERGED

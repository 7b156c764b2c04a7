"""Pure: the clock times of transcripts."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from feeds.reading.transcripts.segments import Segment

LATEST = 7 * 24 * 3600.0
SECOND, MILLISECOND = 1.0, 0.001
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,6}))?")


def clock(written: str) -> float | None:
    """Seconds from "1:02:03.5", "02:03" or "02:03,500"; None for anything else."""
    found = _CLOCK.fullmatch(written.strip())
    if not found:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[:3])
    return seconds_or_none(hours * 3600 + minutes * 60 + seconds + float(f"0.{found[4] or 0}"))


def seconds_or_none(value: object, *, unit: float = SECOND) -> float | None:
    """The number of seconds, if that is what the value is and an episode could be that long.

    A bare number counts in `unit`; “1.5s”, a clock time and Google's {"seconds", "nanos"} say what they are.
    """
    if isinstance(value, str):
        return clock(value) if ":" in value else _number(value)
    if isinstance(value, dict):
        return _number(f"{value.get('seconds', 0)}.{_nanos(value.get('nanos')):09}")
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value * unit
        return round(float(seconds), 3) if math.isfinite(seconds) and 0 <= seconds <= LATEST else None
    return None


def _nanos(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 10**9 else 0


def _number(written: str) -> float | None:
    try:
        return seconds_or_none(float(written.removesuffix("s")))
    except ValueError:
        return None


def with_ends(segments: Sequence[Segment]) -> list[Segment]:
    """Where only beginnings are known, a segment lasts until the next one begins."""
    following: float | None = None
    filled = []
    for segment in reversed(segments):
        start = segment.start
        is_open = segment.end is None and start is not None and following is not None and following > start
        filled.append(replace(segment, end=following) if is_open else segment)
        following = start if start is not None else following
    return filled[::-1]

"""Plain text: turns by "Name:", times in brackets or on lines of their own, paragraphs by empty lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feeds.reading.transcripts.formats.speakers import attributed, label_of
from feeds.reading.transcripts.formats.times import clock, with_ends
from feeds.reading.transcripts.segments import Segment

_CLOCK = r"(?:\d{1,2}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?"
_RANGE = rf"({_CLOCK})(?:\s*(?:-|–|-->|to)\s*{_CLOCK})?"
_TIME_FIRST = re.compile(rf"(?:[\[(]{_RANGE}[\])]|{_RANGE}(?=\s|$))\s*[-–:]?\s*")
# “Ada Berg (00:01:02):”, “Ada Berg [1:02]” and, on a line of its own, “Ada Berg  0:12”.
_NAME_AND_TIME = re.compile(
    rf"([^\W\d_a-z][^\n:\[\](){{}}]{{0,48}}?)\s*(?:[\[(]{_RANGE}[\])]\s*:?|\s{_RANGE}\s*:?\s*$)\s*"
)


@dataclass(frozen=True, slots=True)
class _Line:
    """`text` begins with the label, where there is one; `starts` says that a paragraph begins here."""

    text: str
    time: float | None
    starts: bool


def read(content: str) -> list[Segment]:
    return read_lines(content.split("\n"))


def read_lines(raw: Sequence[str]) -> list[Segment]:
    """Segments of lines; an empty line ends a paragraph."""
    lines = list(_lines(raw))
    turns = attributed([line.text for line in lines])
    segments: list[Segment] = []
    time: float | None = None
    for line, (speaker, words) in zip(lines, turns, strict=True):
        time = line.time if line.time is not None else time
        is_new_turn = line.starts or words != line.text  # a label or a dash was taken off
        if segments and not is_new_turn:
            last = segments[-1]
            segments[-1] = Segment(f"{last.body} {words}", last.speaker, last.start)
        elif words.strip():
            segments.append(Segment(words, speaker, time))
            time = None
    return with_ends(segments)


def _lines(raw: Sequence[str]) -> Iterator[_Line]:
    starts, time, label = True, None, ""
    for written in raw:
        line, found = _without_time(written.strip())
        time = found if found is not None else time
        if not line:
            starts = True
            continue
        if label_of(line)[0] and not label_of(line)[1]:
            # A name on a line of its own belongs to the words below.
            label, starts = f"{line} ", True
            continue
        yield _Line(label + line, time, starts or time is not None)
        starts, time, label = False, None, ""


def _without_time(line: str) -> tuple[str, float | None]:
    """The line with its name, if any, in the form "Name: words", and the time that stood before or after the name."""
    if found := _TIME_FIRST.match(line):
        return line[found.end() :], clock(found[1] or found[2])
    if found := _NAME_AND_TIME.match(line):
        return f"{found[1].strip()}: {line[found.end() :]}".strip(), clock(found[2] or found[3])
    return line, None

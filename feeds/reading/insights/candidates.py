"""Cuts a transcript into the passages that could become insights.

Twice: first into stretches, neighbouring words of up to 110 that together cover the whole transcript and are what the
model reads; then into passages, every run of whole sentences of one turn that is short enough to be a quote. A passage
is worth what the stretches that it rests on are worth.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from feeds.reading.insights.sentences import sentence_spans
from feeds.reading.transcripts.segments import Segment

MOST_WORDS = 120
FEWEST_WORDS = 12
_STRETCH_WORDS = 110
# No one speaks for so long without a stop: what is longer has no punctuation.
_ENDLESS_WORDS = 330
# Below this many words another voice is an interjection, and the stretch goes on.
_INTERJECTION_WORDS = 20

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_CLAUSE_END = re.compile(r"(?<=[.?!])\s+")

Span = tuple[int, int]


@dataclass(frozen=True)
class Stretch:
    """Up to 110 words in a row; an interjection may stand inside. `span` is in characters of the plain text."""

    span: Span
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one turn. `span` is in characters of the plain text, `start` and `end` in seconds."""

    span: Span
    text: str
    speaker: str | None
    segments: tuple[int, ...]
    start: float | None
    end: float | None
    words: int


@dataclass(frozen=True, slots=True)
class _Placed:
    """A segment that has words, where it stands in the plain text."""

    index: int
    segment: Segment
    span: Span


@dataclass(frozen=True)
class Layout:
    """A transcript laid out as its plain text, with everything that is known about its places."""

    placed: tuple[_Placed, ...]

    @classmethod
    def of(cls, segments: Sequence[Segment]) -> "Layout":
        placed, begin = [], 0
        for index, segment in enumerate(segments):
            length = len(" ".join(segment.body.split()))
            if length:
                placed.append(_Placed(index, segment, (begin, begin + length)))
                begin += length + 1
        return cls(tuple(placed))

    @cached_property
    def text(self) -> str:
        """The same as `plain_text(segments)`."""
        return " ".join(" ".join(placed.segment.body.split()) for placed in self.placed)

    @cached_property
    def turns(self) -> tuple[tuple[Span, str | None], ...]:
        """Spans in which the speaker does not change."""
        turns: list[tuple[Span, str | None]] = []
        for placed in self.placed:
            speaker = placed.segment.speaker
            if turns and turns[-1][1] == speaker:
                turns[-1] = ((turns[-1][0][0], placed.span[1]), speaker)
            else:
                turns.append((placed.span, speaker))
        return tuple(turns)

    @cached_property
    def _word_starts(self) -> list[int]:
        return [match.start() for match in _WORD.finditer(self.text)]

    @cached_property
    def _clock(self) -> tuple[list[int], list[float]]:
        """Characters and the seconds at which they are said; never running backwards."""
        characters: list[int] = []
        seconds: list[float] = []
        for character, second in self._time_marks():
            if not seconds or second >= seconds[-1]:
                characters.append(character)
                seconds.append(second)
        return characters, seconds

    def _time_marks(self) -> Iterator[tuple[int, float]]:
        """A segment's end is also that of the untimed ones behind it: some publishers time the first of a few."""
        end: float | None = None
        last_character = 0
        for placed in self.placed:
            if placed.segment.start is not None:
                if end is not None:
                    yield last_character, end
                yield placed.span[0], placed.segment.start
                end = placed.segment.end
            last_character = placed.span[1]
        if end is not None:
            yield last_character, end

    def words(self, span: Span) -> int:
        return bisect_left(self._word_starts, span[1]) - bisect_left(self._word_starts, span[0])

    def second(self, character: int) -> float | None:
        """When the character is said: interpolated between the nearest known times, None outside of them."""
        characters, seconds = self._clock
        if not characters or not characters[0] <= character <= characters[-1]:
            return None
        return round(float(np.interp(character, characters, seconds)), 2)

    def passage(self, span: Span, speaker: str | None) -> Passage:
        first = bisect_left(self.placed, span[0] + 1, key=lambda placed: placed.span[1])
        last = bisect_left(self.placed, span[1], key=lambda placed: placed.span[0])
        return Passage(
            span=span,
            text=self.text[slice(*span)],
            speaker=speaker,
            segments=tuple(placed.index for placed in self.placed[first:last]),
            start=self.second(span[0]),
            end=self.second(span[1]),
            words=self.words(span),
        )


def stretches(layout: Layout) -> list[Stretch]:
    """Neighbouring stretches that cover the whole text; a change of speaker ends one unless it is hardly begun."""
    found: list[Stretch] = []
    begin, words, speaker = 0, 0, None
    for (left, right), voice in _pieces(layout):
        more = len(layout.text[left:right].split())
        full = words + more > _STRETCH_WORDS
        if words and (full or (voice != speaker and words >= _INTERJECTION_WORDS)):
            found.append(Stretch((begin, left - 1), speaker))
            words = 0
        if not words:
            begin, speaker = left, voice
        words += more
    if words:
        found.append(Stretch((begin, len(layout.text)), speaker))
    return found


def spans_of_passages(layout: Layout) -> Iterator[tuple[Span, str | None]]:
    """Every run of whole sentences within one turn that has 12 to 120 words, with its speaker."""
    for turn, speaker in layout.turns:
        sentences = [(turn[0] + a, turn[0] + b) for a, b in sentence_spans(layout.text[slice(*turn)])]
        for first, (begin, _) in enumerate(sentences):
            for _, end in sentences[first:]:
                words = layout.words((begin, end))
                if words > MOST_WORDS:
                    break
                if words >= FEWEST_WORDS:
                    yield (begin, end), speaker


def _pieces(layout: Layout) -> Iterator[tuple[Span, str | None]]:
    """Segments, and the parts of those that are longer than a stretch."""
    for placed in layout.placed:
        for span in _parts(layout.text, placed.span):
            yield span, placed.segment.speaker


def _parts(text: str, span: Span) -> Iterator[Span]:
    """As many clauses in each as a stretch holds; a segment that fits is left whole."""
    if len(text[slice(*span)].split()) <= _STRETCH_WORDS:
        yield span
        return
    begin, words = span[0], 0
    for left, right in _clauses(text, span):
        more = len(text[left:right].split())
        if words and words + more > _STRETCH_WORDS:
            yield begin, left - 1
            begin, words = left, 0
        words += more
    yield begin, span[1]


def _clauses(text: str, span: Span) -> Iterator[Span]:
    gaps = [match.span() for match in _CLAUSE_END.finditer(text, *span)]
    begins = [span[0], *(following for _, following in gaps)]
    for left, right in zip(begins, [*(end for end, _ in gaps), span[1]], strict=True):
        if len(text[left:right].split()) <= _ENDLESS_WORDS:
            yield left, right
        else:
            yield from ((left + a, left + b) for a, b in sentence_spans(text[left:right]))

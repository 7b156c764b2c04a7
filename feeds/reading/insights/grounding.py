"""A quote is where the transcript says so, or it is nowhere: quote to span, time and speaker."""

import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from feeds.reading.insights.moments import Anchor, Moment, Timed, anchors, moment_at
from feeds.reading.transcripts.formats.speakers import is_a_name
from feeds.reading.transcripts.segments import Segment, plain_text

_DOUBLE = dict.fromkeys("“”„‟«»″＂", '"')
_SINGLE = dict.fromkeys("‘’‚‛′`´＇", "'")
_QUOTE_MARKS = _DOUBLE | _SINGLE
# A quote belongs to the speaker of nearly all of it, or to nobody.
SPEAKERS_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Grounded:
    """A quote as the transcript has it: `plain_text(segments)[begin:end] == quote`; times in seconds.

    `is_approximate` says that the start may be a minute or two off; there is no end then.
    """

    quote: str
    begin: int
    end: int
    start_time: float | None
    end_time: float | None
    speaker: str | None
    is_approximate: bool = False


class Ground:
    """The transcript that quotes must be found in."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = [segment for segment in segments if segment.body.strip()]
        self.text = plain_text(self._segments)
        self._begins = list(_begins(self._segments))

    def find(self, quote: str, *, near: float | None = None) -> Grounded | None:
        """The quote's place, exactly or after normalisation; None where it was not said so.

        Normalised are NFKC forms, white space and quote marks, nothing else: case, numbers and every word must agree,
        and a quote neither begins nor ends inside of a word. Said several times, the place nearest to `near` (seconds)
        is taken.
        """
        spans = list(_occurrences(self.text, quote.strip())) or list(self._normalised_spans(quote))
        places = [self._place(begin, end) for begin, end in spans]
        if near is None:
            return next(iter(places), None)
        return min(places, key=lambda place: abs((place.start_time or 0.0) - near), default=None)

    def _normalised_spans(self, quote: str) -> Iterator[tuple[int, int]]:
        wanted = normalised(quote).strip()
        text, origins = self._normalised
        for begin, end in _occurrences(text, wanted):
            yield origins[begin][0], origins[end - 1][1]

    @cached_property
    def _normalised(self) -> tuple[str, list[tuple[int, int]]]:
        pieces, origins = [], []
        for begin, end, piece in _pieces(self.text):
            pieces.append(piece)
            origins += [(begin, end)] * len(piece)
        return "".join(pieces), origins

    def _place(self, begin: int, end: int) -> Grounded:
        start, stop = self._moment(begin), self._moment(end)
        return Grounded(
            quote=self.text[begin:end],
            begin=begin,
            end=end,
            start_time=start.seconds if start else None,
            end_time=stop.seconds if start and stop and not (start.is_approximate or stop.is_approximate) else None,
            speaker=self._speaker_of(begin, end),
            is_approximate=start.is_approximate if start else False,
        )

    def _moment(self, offset: int) -> Moment | None:
        return moment_at(offset, self._anchors)

    def _speaker_of(self, begin: int, end: int) -> str | None:
        said: Counter[str | None] = Counter()
        for number in range(bisect_right(self._begins, begin) - 1, len(self._begins)):
            if self._begins[number] >= end:
                break
            segment_end = self._begins[number + 1] if number + 1 < len(self._begins) else len(self.text)
            said[self._segments[number].speaker] += min(end, segment_end) - max(begin, self._begins[number])
        speaker, share = said.most_common(1)[0]
        is_known = speaker is not None and is_a_name(speaker) and share >= SPEAKERS_SHARE * (end - begin)
        return speaker if is_known else None

    @cached_property
    def _anchors(self) -> list[Anchor]:
        lengths = (len(" ".join(segment.body.split())) for segment in self._segments)
        return anchors(
            Timed(begin, begin + length, segment.start, segment.end)
            for segment, begin, length in zip(self._segments, self._begins, lengths, strict=True)
        )


def normalised(text: str) -> str:
    """The one normalisation under which a quote may differ from the transcript."""
    return "".join(piece for _, _, piece in _pieces(text))


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """(begin, end, normalised) of each character with its combining marks; runs of white space as one space."""
    at, was_space = 0, False
    while at < len(text):
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        piece = _QUOTE_MARKS.get(text[at:end]) or unicodedata.normalize("NFKC", text[at:end])
        is_space = not piece.strip()
        if not (is_space and was_space):
            yield at, end, " " if is_space else piece
        at, was_space = end, is_space


def _occurrences(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Where the quote stands as whole words."""
    begin = text.find(quote) if quote else -1
    while begin >= 0:
        end = begin + len(quote)
        if not _is_inside_word(text, begin) and not _is_inside_word(text, end):
            yield begin, end
        begin = text.find(quote, begin + 1)


def _is_inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _begins(segments: Sequence[Segment]) -> Iterator[int]:
    """Where each segment begins in `plain_text`."""
    at = 0
    for segment in segments:
        yield at
        at += len(" ".join(segment.body.split())) + 1

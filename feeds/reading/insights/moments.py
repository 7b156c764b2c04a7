"""When a word of a transcript was said: to the second, about, or nobody knows."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

# Between two known times no further apart than this, the place among the words gives the second.
EXACT_WITHIN = 60.0
# So near to one of them it gives the second, too.
NEARLY_THERE = 15.0
# Between two known times further apart than this, the place among the words tells nothing at all.
ABOUT_WITHIN = 300.0
# What is said behind the last known time is timed by the usual pace.
_CHARACTERS_A_SECOND = 15.0


@dataclass(frozen=True, slots=True)
class Moment:
    """`seconds` from the beginning of the episode; where it `is_approximate`, it may be a minute or two off."""

    seconds: float
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """A character of the plain text whose time is known."""

    offset: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Timed:
    """A segment's characters and its times; None where the publisher gives none."""

    begin: int
    end: int
    start: float | None
    stop: float | None


def anchors(segments: Iterable[Timed]) -> list[Anchor]:
    """The places whose times are known, in order; a time that runs backwards is not believed.

    A segment's end is also that of the untimed ones behind it: some publishers time the first of a few.
    """
    found: list[Anchor] = []
    stop: float | None = None
    last = 0
    for segment in segments:
        if segment.start is not None:
            _believe(found, last, stop)
            _believe(found, segment.begin, segment.start)
            stop = segment.stop
        last = segment.end
    _believe(found, last, stop)
    return found


def moment_at(offset: int, known: list[Anchor]) -> Moment | None:
    """When that character was said, by its distance from those whose times are known; None where that tells nothing."""
    after = bisect_right(known, offset, key=_offset)
    if after == 0:
        return None
    earlier = known[after - 1]
    if offset == earlier.offset:
        return Moment(earlier.seconds)
    if after == len(known):
        return _behind_the_last(offset - earlier.offset, earlier.seconds)
    return _between(offset, earlier, known[after])


def _between(offset: int, earlier: Anchor, later: Anchor) -> Moment | None:
    length = later.seconds - earlier.seconds
    share = (offset - earlier.offset) / (later.offset - earlier.offset)
    return _moment(earlier.seconds + share * length, length=length, nearest=min(share, 1 - share) * length)


def _behind_the_last(characters: int, seconds: float) -> Moment | None:
    elapsed = characters / _CHARACTERS_A_SECOND
    return _moment(seconds + elapsed, length=elapsed, nearest=elapsed)


def _moment(seconds: float, *, length: float, nearest: float) -> Moment | None:
    """`nearest` are the seconds to the next known time, `length` those of the stretch between the known times."""
    if length > ABOUT_WITHIN:
        return None
    return Moment(round(seconds, 2), is_approximate=length > EXACT_WITHIN and nearest > NEARLY_THERE)


def _believe(found: list[Anchor], offset: int, seconds: float | None) -> None:
    if seconds is None or (found and seconds < found[-1].seconds):
        return
    found.append(Anchor(offset, seconds))


def _offset(anchor: Anchor) -> int:
    return anchor.offset

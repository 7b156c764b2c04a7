"""What WebVTT and SubRip share: timed cues, and captions that roll."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from feeds.reading.transcripts.formats.times import clock

_TIMING = re.compile(r"\s*([\d:.,]{4,16})\s*--?>\s*([\d:.,]{4,16})(?:\s.*)?$")
# From this share of repeating cues on, repetition is how the captions were made, not what was said.
ROLLING = 0.3
LONGEST_REPEATED = 60
# A cue a second, for a whole day and more.
MOST_CUES = 100_001


@dataclass(frozen=True, slots=True)
class Cue:
    start: float
    end: float | None
    lines: tuple[str, ...]


def cues_of(content: str) -> list[Cue]:
    """Every cue with readable times, in order, up to more than any episode has; other blocks are passed over."""
    return list(islice(_cues(content), MOST_CUES))


def _cues(content: str) -> Iterator[Cue]:
    for block in re.split(r"\n\n+", content):
        lines = block.strip("\n").split("\n")
        # Some files forget the empty line between cues.
        at = [number for number, line in enumerate(lines) if "->" in line and _TIMING.match(line)]
        for this, following in zip(at, [*at[1:], None], strict=False):
            yield from _cue(lines[this], lines[this + 1 : following], more_follow=following is not None)


def _cue(timing: str, lines: Sequence[str], *, more_follow: bool) -> Iterator[Cue]:
    found = _TIMING.match(timing)
    start, end = (clock(found[1]), clock(found[2])) if found else (None, None)
    if start is None:
        return
    if more_follow and lines and lines[-1].strip().isdigit():
        lines = lines[:-1]
    kept = tuple(line.strip() for line in lines if line.strip())
    if kept:
        yield Cue(start, end if end is not None and end >= start else None, kept)


def unrolled(cues: Sequence[Cue]) -> list[Cue]:
    """Drop from each cue what it repeats from the one before, if the file as a whole rolls like live captions."""
    said = [tuple(" ".join(cue.lines).split()) for cue in cues]
    repeats = [0, *(_repeated(before, words) for before, words in pairwise(said))]
    if len(cues) < 2 or sum(repeat > 0 for repeat in repeats) < ROLLING * (len(repeats) - 1):
        return list(cues)
    fresh = [
        replace(cue, lines=(" ".join(words[repeat:]),) if repeat else cue.lines)
        for cue, words, repeat in zip(cues, said, repeats, strict=True)
    ]
    return [cue for cue in fresh if any(cue.lines)]


def _repeated(before: Sequence[str], words: Sequence[str]) -> int:
    """How many words at the head are the tail of the cue before; one alone counts where it was all of that cue."""
    longest = min(len(before), len(words), LONGEST_REPEATED)
    found = next((count for count in range(longest, 0, -1) if before[-count:] == words[:count]), 0)
    return found if found > 1 or found == len(before) else 0

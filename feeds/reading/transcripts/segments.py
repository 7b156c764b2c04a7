"""What every transcript becomes, whatever its format was."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """Some words of one speaker, as the publisher cut them.

    `start` and `end` are seconds from the beginning of the episode; None where the transcript has no times.
    A segment may end in mid-sentence: captions do.
    """

    body: str
    speaker: str | None = None
    start: float | None = None
    end: float | None = None


def plain_text(segments: Iterable[Segment]) -> str:
    """The stored transcript as one string; every published quote is a contiguous part of it.

    Bodies are joined by single spaces, with white space inside them folded.
    """
    return " ".join(" ".join(segment.body.split()) for segment in segments if segment.body.strip())

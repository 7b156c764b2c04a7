"""The interface every extractor fulfils, what it is told, and what it returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from feeds.reading.transcripts.segments import Segment


@dataclass(frozen=True, slots=True)
class EpisodeContext:
    """What is known of an episode beside its transcript; what is not known stays empty.

    `guests` are those whom the feed or the publisher calls guests; `people` are all whom they name, guests among them.
    """

    show: str = ""
    title: str = ""
    guests: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtractedInsight:
    """One claim taken from a transcript.

    `headline` and `text` are None together where nothing fit to print could be made of the passage: it is kept as a
    passage. `quote` is a contiguous part of `plain_text(segments)`. `start` and `end` are seconds, None where the
    transcript has no times. `salience` is 0 to 1: the chance that an editor would mark the passage as good or better;
    `ready` is 0 to 1: the calibrated chance that an editor would publish headline and text. `made_by` is "local" or the
    name of the model.
    """

    headline: str | None
    text: str | None
    quote: str
    speaker: str | None
    start: float | None
    end: float | None
    salience: float
    ready: float = 1.0
    made_by: str = "local"


class Extractor(Protocol):
    """Finds insights in a transcript, best first."""

    def extract(self, segments: Sequence[Segment], *, context: EpisodeContext, limit: int) -> list[ExtractedInsight]:
        """Return at most `limit` insights, most salient first; [] where nothing is worth showing."""
        ...

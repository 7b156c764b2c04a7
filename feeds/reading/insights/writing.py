"""The interface every writer fulfils: a passage of talk in, a headline and a text that are fit to print out."""

from dataclasses import dataclass
from typing import Protocol

from feeds.reading.insights.candidates import Layout, Span
from feeds.reading.insights.english import is_english
from feeds.reading.insights.extraction import EpisodeContext

# Below this chance of being published by an editor nothing is printed, however short a brief gets.
READY_FLOOR = 0.15
_NEIGHBOUR_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class PassageToPrint:
    """What somebody said, verbatim: `text` is the quote, `before` and `after` are the words around it.

    `speaker` is None where nobody knows who speaks.
    """

    text: str
    speaker: str | None
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Written:
    """A headline and a text made of a passage; `ready` is 0 to 1, the chance that an editor would publish them."""

    headline: str
    text: str
    ready: float


class Writer(Protocol):
    """Makes a passage fit to print, or says that it cannot."""

    def write(self, passage: PassageToPrint, context: EpisodeContext) -> Written | None:
        """Return what can be printed of the passage; None where nothing can."""
        ...


@dataclass(frozen=True, slots=True)
class Printed:
    """What goes to readers: `headline` and `text` are None together where the passage stays a passage."""

    headline: str | None
    text: str | None
    ready: float


NOTHING = Printed(None, None, 0.0)


def printed(writer: Writer, passage: PassageToPrint, context: EpisodeContext) -> Printed:
    """What the writer makes of the passage, or nothing of it where that is not ready; no writer knows but English."""
    if not is_english(f"{passage.before} {passage.text} {passage.after}"):
        return NOTHING
    written = writer.write(passage, context)
    if written is None or not (written.headline and written.text):
        return NOTHING
    ready = min(max(written.ready, 0.0), 1.0)
    return Printed(written.headline, written.text, ready) if ready >= READY_FLOOR else Printed(None, None, ready)


def passage_at(layout: Layout, span: Span, speaker: str | None) -> PassageToPrint:
    """The passage of those characters, with the words of its turn that stand around it."""
    begin, end = span
    turn = next((turn for turn, _ in layout.turns if turn[0] <= begin < turn[1]), span)
    return PassageToPrint(
        text=layout.text[begin:end],
        speaker=speaker,
        before=layout.text[max(turn[0], begin - _NEIGHBOUR_CHARACTERS) : begin],
        after=layout.text[end : min(max(turn[1], end), end + _NEIGHBOUR_CHARACTERS)],
    )

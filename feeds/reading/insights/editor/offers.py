"""Headlines and texts that a passage could be printed as, before anything judges them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feeds.reading.insights.editor.draft import Answers, Draft, Piece, begins_with_a_doubtful_capital, drafts, printed
from feeds.reading.insights.editor.headline import Heading, headings
from feeds.reading.insights.editor.sequence import Material

_BEGINNING = 40


@dataclass(frozen=True, slots=True)
class Offer:
    """A headline and a text, and the draft and heading that they are made of."""

    headline: str
    text: str
    draft: Draft
    heading: Heading


def offers(read: Material, answers: Answers) -> Iterator[Offer]:
    """Every draft under each of its headlines."""
    for draft in drafts(read, answers):
        for heading in headings(draft):
            headline = printed(heading.pieces, read).rstrip(".")
            yield Offer(headline, _text(draft, read, answers, headline=headline), draft, heading)


def _text(draft: Draft, read: Material, answers: Answers, *, headline: str) -> str:
    """The sentences, told by their speaker where the speaker is known and not named in them."""
    if not read.speaker or _names(draft.pieces, read.speaker):
        return printed(draft.pieces, read)
    place = _place_to_tell(draft.pieces, answers)
    told = printed(draft.pieces, read, tell=(place, f"{read.speaker} says"))
    if told.lower().startswith(headline.lower()[:_BEGINNING]):
        colon = ":" if begins_with_a_doubtful_capital(draft.pieces, read) else ""
        return printed(draft.pieces, read, opening=f"{read.speaker} says{colon}")
    return told


def _names(pieces: Sequence[Piece], speaker: str) -> bool:
    surname = speaker.rsplit(maxsplit=1)[-1]
    return any(surname in piece.text for piece in pieces)


def _place_to_tell(pieces: Sequence[Piece], answers: Answers) -> int:
    """After the piece where the network would tell it: a sentence's end, the first one unless it is sure of another."""
    ends = [n for n, piece in enumerate(pieces) if piece.mark in (".", "?", ";")] or [len(pieces) - 1]
    if pieces[ends[0]].mark == "?":
        return ends[-1]
    return max(ends[:2], key=lambda n: float(answers.says[pieces[n].source]) + (0.1 if n == ends[0] else 0.0))

"""What the model must answer, as JSON schemas, and the reading of its answers."""

from dataclasses import dataclass

from feeds.asking.schema import flag_of, list_of, rows, text_of, whole_of
from feeds.reading.insights.gate.chunks import LONGEST_QUOTE

MOST_PROPOSALS = 6
BEST_RATING = 10

_HEADLINE = {"type": "string", "maxLength": 120}
_TEXT = {"type": "string", "maxLength": 600}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One insight as the model gives it: nothing in it is believed yet."""

    quote: str
    headline: str
    text: str
    speaker: str | None
    is_opinion: bool
    rating: int


PROPOSALS = list_of(
    MOST_PROPOSALS,
    {
        "quote": {"type": "string", "maxLength": LONGEST_QUOTE},
        "headline": _HEADLINE,
        "text": _TEXT,
        "speaker": {"type": ["string", "null"], "maxLength": 80},
        "is_opinion": {"type": "boolean"},
        "rating": {"type": "integer", "minimum": 1, "maximum": BEST_RATING},
    },
)


def read_proposals(answer: str) -> list[Proposal]:
    """Raise InvalidAnswer where the answer does not fit PROPOSALS."""
    return [
        Proposal(
            quote=text_of(row, "quote"),
            headline=text_of(row, "headline"),
            text=text_of(row, "text"),
            speaker=None if row.get("speaker") is None else text_of(row, "speaker"),
            is_opinion=flag_of(row, "is_opinion"),
            rating=whole_of(row, "rating", most=BEST_RATING),
        )
        for row in rows(answer)
    ]

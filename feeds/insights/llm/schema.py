"""What the model must answer, as JSON schemas, and the reading of its answers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from feeds.insights.llm.chunks import LONGEST_QUOTE

MOST_CLAIMS = 6
MOST_PASSAGES = 12
BEST_RATING = 10

_HEADLINE = {"type": "string", "maxLength": 120}
_TEXT = {"type": "string", "maxLength": 600}


class InvalidAnswer(ValueError):
    """The answer is not what the schema asks for."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim as the model gives it: nothing in it is believed yet."""

    quote: str
    headline: str
    text: str
    speaker: str | None
    is_opinion: bool
    rating: int


@dataclass(frozen=True, slots=True)
class Written:
    """A write-up of the passage with that number."""

    passage: int
    is_worth_it: bool
    headline: str
    text: str
    is_opinion: bool


def _list_of(most: int, fields: dict[str, dict[str, Any]]) -> dict[str, Any]:
    item = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"insights": {"type": "array", "items": item, "maxItems": most}},
        "required": ["insights"],
        "additionalProperties": False,
    }


CLAIMS = _list_of(
    MOST_CLAIMS,
    {
        "quote": {"type": "string", "maxLength": LONGEST_QUOTE},
        "headline": _HEADLINE,
        "text": _TEXT,
        "speaker": {"type": ["string", "null"], "maxLength": 80},
        "is_opinion": {"type": "boolean"},
        "rating": {"type": "integer", "minimum": 1, "maximum": BEST_RATING},
    },
)
WRITE_UPS = _list_of(
    MOST_PASSAGES,
    {
        "passage": {"type": "integer", "minimum": 1, "maximum": MOST_PASSAGES},
        "is_worth_it": {"type": "boolean"},
        "headline": _HEADLINE,
        "text": _TEXT,
        "is_opinion": {"type": "boolean"},
    },
)


def read_claims(answer: str) -> list[Claim]:
    """Raise InvalidAnswer where the answer does not fit CLAIMS."""
    return [
        Claim(
            quote=_text(row, "quote"),
            headline=_text(row, "headline"),
            text=_text(row, "text"),
            speaker=None if row.get("speaker") is None else _text(row, "speaker"),
            is_opinion=_flag(row, "is_opinion"),
            rating=_whole(row, "rating", most=BEST_RATING),
        )
        for row in _rows(answer)
    ]


def read_write_ups(answer: str) -> list[Written]:
    """Raise InvalidAnswer where the answer does not fit WRITE_UPS."""
    return [
        Written(
            passage=_whole(row, "passage", most=MOST_PASSAGES),
            is_worth_it=_flag(row, "is_worth_it"),
            headline=_text(row, "headline"),
            text=_text(row, "text"),
            is_opinion=_flag(row, "is_opinion"),
        )
        for row in _rows(answer)
    ]


def _rows(answer: str) -> Iterator[dict[str, Any]]:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise InvalidAnswer("no JSON") from error
    rows = found.get("insights") if isinstance(found, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InvalidAnswer("no list of insights")
    yield from rows


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise InvalidAnswer(f"{name} is no text")
    return value


def _flag(row: dict[str, Any], name: str) -> bool:
    value = row.get(name)
    if not isinstance(value, bool):
        raise InvalidAnswer(f"{name} is neither true nor false")
    return value


def _whole(row: dict[str, Any], name: str, *, most: int) -> int:
    value = row.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise InvalidAnswer(f"{name} is no number from 1 to {most}")
    return value

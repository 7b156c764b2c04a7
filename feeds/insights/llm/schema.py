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


def list_of(most: int, fields: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A strict schema of up to `most` objects that all have these fields."""
    item = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"insights": {"type": "array", "items": item, "maxItems": most}},
        "required": ["insights"],
        "additionalProperties": False,
    }


CLAIMS = list_of(
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
WRITE_UPS = list_of(
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
            quote=text_of(row, "quote"),
            headline=text_of(row, "headline"),
            text=text_of(row, "text"),
            speaker=None if row.get("speaker") is None else text_of(row, "speaker"),
            is_opinion=_flag(row, "is_opinion"),
            rating=whole_of(row, "rating", most=BEST_RATING),
        )
        for row in rows(answer)
    ]


def read_write_ups(answer: str) -> list[Written]:
    """Raise InvalidAnswer where the answer does not fit WRITE_UPS."""
    return [
        Written(
            passage=whole_of(row, "passage", most=MOST_PASSAGES),
            is_worth_it=_flag(row, "is_worth_it"),
            headline=text_of(row, "headline"),
            text=text_of(row, "text"),
            is_opinion=_flag(row, "is_opinion"),
        )
        for row in rows(answer)
    ]


def rows(answer: str) -> Iterator[dict[str, Any]]:
    """The objects of an answer to a schema that `list_of` made; raise InvalidAnswer."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise InvalidAnswer("no JSON") from error
    listed = found.get("insights") if isinstance(found, dict) else None
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise InvalidAnswer("no list of insights")
    yield from listed


def text_of(row: dict[str, Any], name: str) -> str:
    """Raise InvalidAnswer where the field is missing or no text."""
    value = row.get(name)
    if not isinstance(value, str):
        raise InvalidAnswer(f"{name} is no text")
    return value


def _flag(row: dict[str, Any], name: str) -> bool:
    value = row.get(name)
    if not isinstance(value, bool):
        raise InvalidAnswer(f"{name} is neither true nor false")
    return value


def whole_of(row: dict[str, Any], name: str, *, most: int) -> int:
    """Raise InvalidAnswer where the field is no whole number from 1 to `most`."""
    value = row.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise InvalidAnswer(f"{name} is no number from 1 to {most}")
    return value

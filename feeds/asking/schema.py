"""An answer as a list of objects: the strict JSON schema that asks for it, and the reading of what came."""

import json
from collections.abc import Iterator
from typing import Any


class InvalidAnswer(ValueError):
    """The answer is not what the schema asks for."""


def list_of(most: int, fields: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A strict schema of up to `most` objects that all have these fields."""
    item = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"answers": {"type": "array", "items": item, "maxItems": most}},
        "required": ["answers"],
        "additionalProperties": False,
    }


def rows(answer: str) -> Iterator[dict[str, Any]]:
    """The objects of an answer to a schema that `list_of` made; raise InvalidAnswer."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise InvalidAnswer("no JSON") from error
    listed = found.get("answers") if isinstance(found, dict) else None
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise InvalidAnswer("no list of answers")
    yield from listed


def text_of(row: dict[str, Any], name: str) -> str:
    """Raise InvalidAnswer where the field is missing or no text."""
    value = row.get(name)
    if not isinstance(value, str):
        raise InvalidAnswer(f"{name} is no text")
    return value


def flag_of(row: dict[str, Any], name: str) -> bool:
    """Raise InvalidAnswer where the field is missing or neither."""
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

"""Conditional GET with byte-exact validators, and a hash of the body against servers that ignore them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from feeds.polling.http import Door, Request, Response, shown
from feeds.reading.errors import BadAnswer, SourceError

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified exactly as the server sent them, quotes included; `body_hash` is ours."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A new body. `moved_to` is where a permanent redirect led, "" where there was none."""

    url: str
    body: bytes
    content_type: str
    cache_control: str
    validators: Validators
    moved_to: str


@dataclass(frozen=True, slots=True)
class NotModified:
    """`validators` are those of a body that came and was the same; None where the server only said so."""

    cache_control: str
    moved_to: str
    validators: Validators | None


def fetch_many(
    wanted: Mapping[Key, tuple[str, Validators]], *, door: Door, seconds: float | None = None
) -> Iterator[tuple[Key, Fetched | NotModified | SourceError]]:
    """Yield each answer as it comes; `wanted` holds an address and its validators for each key.

    After so many `seconds` no further one is asked.
    """
    requests = {key: Request(url, _conditions(known)) for key, (url, known) in wanted.items()}
    for key, answer in door.get_many(requests, seconds=seconds):
        yield key, answer if isinstance(answer, SourceError) else _understood(answer, wanted[key][1])


def _conditions(known: Validators) -> dict[str, str]:
    pairs = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in pairs.items() if value}


def _understood(answer: Response, known: Validators) -> Fetched | NotModified | SourceError:
    if answer.status == 304 and not _conditions(known):
        return BadAnswer(f"{shown(answer.url)} answered 304, not modified, to who has nothing of it", status=304)
    cache_control, moved_to = answer.headers.get("Cache-Control", ""), answer.moved_to or ""
    body_hash = hashlib.sha256(answer.body).hexdigest()
    if answer.status == 304:
        return NotModified(cache_control, moved_to, None)
    validators = Validators(_exact(answer, "ETag"), _exact(answer, "Last-Modified"), body_hash)
    if body_hash == known.body_hash:
        return NotModified(cache_control, moved_to, validators)
    return Fetched(
        url=answer.url,
        body=answer.body,
        content_type=answer.headers.get("Content-Type", ""),
        cache_control=cache_control,
        validators=validators,
        moved_to=moved_to,
    )


def _exact(answer: Response, name: str) -> str:
    """The header, if it can be kept and sent back unchanged: bytes outside of UTF-8 could not."""
    value = answer.headers.get(name, "")
    return value if value.isprintable() and len(value) <= 1000 else ""

"""A question to a host, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """A 200 or a 304. `moved_to` is where the permanent redirects at the head of the way led, if there were any."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved_to: str | None

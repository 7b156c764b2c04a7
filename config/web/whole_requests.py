"""How many bytes the first request of a connection has: known once its head is whole, and refused where it is too much.

Pure, so that a server can wait for all of a request before a thread is given to it.
"""

from __future__ import annotations

import dataclasses
from http import HTTPStatus
from urllib.parse import urlsplit

from config.web.request_bodies import most_bytes

_HEAD_MOST = 32 * 1024
_END = b"\r\n\r\n"


@dataclasses.dataclass
class RefusedError(Exception):
    """Why nobody will read this request."""

    status: HTTPStatus

    def answer(self) -> bytes:
        line = f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\n"
        return f"{line}Connection: close\r\nContent-Length: 0\r\n\r\n".encode()


@dataclasses.dataclass(frozen=True)
class Head:
    """What must be known of a request to wait for its end."""

    path: str
    request_bytes: int
    waits_for_word: bool
    """The client sends its body only after “100 Continue”."""


def read_head(received: bytes) -> Head | None:
    """None while the head is not whole."""
    end = received.find(_END)
    if end > _HEAD_MOST or (end < 0 and len(received) > _HEAD_MOST):
        raise RefusedError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
    if end < 0:
        return None
    line, *fields = received[:end].split(b"\r\n")
    path, named = _path(line), _named(fields)
    body_bytes = _body_bytes(named, path=path)
    return Head(path, end + len(_END) + body_bytes, b"expect" in named)


def _path(line: bytes) -> str:
    words = line.decode("latin-1").split(" ")
    try:
        return urlsplit(words[1]).path if len(words) == 3 else ""
    except ValueError:
        raise RefusedError(HTTPStatus.BAD_REQUEST) from None


def _named(fields: list[bytes]) -> dict[bytes, set[bytes]]:
    named: dict[bytes, set[bytes]] = {}
    for field in fields:
        name, _, value = field.partition(b":")
        named.setdefault(name.strip().lower(), set()).add(value.strip())
    return named


def _body_bytes(named: dict[bytes, set[bytes]], *, path: str) -> int:
    if b"transfer-encoding" in named:  # of a body without a length Django reads nothing
        raise RefusedError(HTTPStatus.LENGTH_REQUIRED)
    told = named.get(b"content-length", {b"0"})
    if len(told) > 1 or not all(length.isdigit() and len(length) < 20 for length in told):
        raise RefusedError(HTTPStatus.BAD_REQUEST)
    if (length := int(told.pop())) > most_bytes(path):
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return length

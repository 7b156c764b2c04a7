"""Clients that do not do as clients do: half a request, a word at a time, an open ear and nothing said."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Sequence

HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
HALF_A_BODY = b"POST /sign-up/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nemail="
HALF_A_CHUNK = b"POST /sign-up/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nemail="
WHOLE_AND_HALF = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET / HTTP/1.1\r\nHost: "
NOTHING = b""
ALL = (HALF_A_HEAD, HALF_A_BODY, HALF_A_CHUNK, WHOLE_AND_HALF, NOTHING)


@contextlib.contextmanager
def slow_clients(port: int, number: int, *, kinds: Sequence[bytes] = ALL) -> Iterator[list[socket.socket]]:
    """So many, of these kinds by turns."""
    with contextlib.ExitStack() as stack:
        opened = []
        for count in range(number):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port), 10))
            client.sendall(kinds[count % len(kinds)])
            opened.append(client)
        yield opened


def answer_to(port: int, request: bytes, *, seconds: float = 10) -> bytes:
    """All that comes back until the server hangs up or has said nothing for so long."""
    with socket.create_connection(("127.0.0.1", port), seconds) as client:
        heard = b""
        with contextlib.suppress(OSError):
            client.sendall(request)
        with contextlib.suppress(OSError):
            while chunk := client.recv(65536):
                heard += chunk
        return heard

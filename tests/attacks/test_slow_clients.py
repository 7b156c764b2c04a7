"""Who sends slowly, or never all of it, stands in nobody's way: against gunicorn as it is started."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest

from benchmarks.attacks.serving import behind_caddy
from benchmarks.attacks.sockets import ALL, answer_to, slow_clients

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent.parent
GET = b"GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
LAST = b"GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def _post(*, length: str, path: str = "/sign-up/", more: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {length}\r\n{more}\r\n"
    return head.encode()


def _status(port: int, request: bytes) -> int:
    return int(answer_to(port, request).split(b" ")[1])


def _page(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/topics/", timeout=20) as answer:
        return int(answer.status)


def test_a_page_is_served_while_a_hundred_slow_clients_of_every_kind_wait(port: int) -> None:
    with slow_clients(port, 100) as clients:
        assert [_page(port) for _ in range(3)] == [200] * 3
    assert len(clients) // len(ALL) > 8  # more of each kind than there are threads


def test_who_hangs_on_after_the_last_answer_keeps_nobody_waiting(port: int) -> None:
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(("127.0.0.1", port), 10)) for _ in range(20)]
        for client in clients:
            client.sendall(LAST)
        assert {client.recv(15) for client in clients} == {b"HTTP/1.1 200 OK"}
        assert _page(port) == 200


def test_requests_sent_at_once_are_all_answered_in_turn(port: int) -> None:
    assert answer_to(port, GET + GET + LAST).count(b"HTTP/1.1 200 OK") == 3


def test_a_request_that_comes_byte_by_byte_is_answered(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        for byte in LAST:
            client.sendall(bytes([byte]))
        assert client.recv(15) == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (_post(length="300000"), 413),
        (_post(length="9000000", path="/shows/mine/import/"), 413),
        (_post(length="-1"), 400),
        (_post(length="5\r\nContent-Length: 6"), 400),
        (_post(length="0", more="Transfer-Encoding: chunked\r\n"), 411),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000, 431),
        (b"GET / HTTP/1.1 and more\r\n\r\n", 400),
    ],
)
def test_what_nobody_would_read_is_refused_at_its_head(port: int, request_bytes: bytes, status: int) -> None:
    assert _status(port, request_bytes) == status


def test_a_body_is_asked_for_where_the_client_waits_for_word(port: int) -> None:
    said = answer_to(port, _post(length="5", more="Expect: 100-continue\r\n"), seconds=1)
    assert said.startswith(b"HTTP/1.1 100 Continue")


@pytest.mark.skipif(shutil.which("caddy") is None, reason="there is no caddy on the PATH")
def test_behind_the_caddy_that_is_shipped_a_page_is_served_beside_slow_clients(port: int) -> None:
    with behind_caddy(port) as proxy, slow_clients(proxy, 100):
        assert _page(proxy) == 200


@pytest.mark.skipif(shutil.which("caddy") is None, reason="there is no caddy on the PATH")
def test_caddy_finds_no_fault_with_the_configuration_that_is_shipped() -> None:
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(ROOT / "deploy" / "Caddyfile")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603

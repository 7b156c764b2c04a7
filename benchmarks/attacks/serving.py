"""Gunicorn with the settings that `make run` gives it, and Caddy with those that are shipped."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.clock import ahead_of_the_machine

_ROOT = Path(__file__).resolve().parent.parent.parent


@contextlib.contextmanager
def served(database: str, secret_key: str, *, now: dt.datetime | None = None) -> Iterator[int]:
    """The port. The site goes by the clock of a test, where that says when it takes place."""
    port = _free_port()
    environment = {"ATTACKED_DATABASE": database, "ATTACKED_SECRET_KEY": secret_key, "PORT": str(port)}
    environment |= ahead_of_the_machine(now) if now else {}
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "benchmarks.attacks.wsgi"]
    with _running(command, port, environment):
        yield port


@contextlib.contextmanager
def behind_caddy(site: int) -> Iterator[int]:
    """The port. There must be a Caddy: `has_caddy`."""
    port = _free_port()
    environment = {"SITE_ADDRESS": f"http://127.0.0.1:{port}", "SITE_UPSTREAM": f"127.0.0.1:{site}"}
    command = ["caddy", "run", "--config", "deploy/Caddyfile"]
    with _running(command, port, environment):
        yield port


def has_caddy() -> bool:
    return shutil.which("caddy") is not None


@contextlib.contextmanager
def _running(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=_ROOT, env=os.environ | environment, stdout=quiet, stderr=quiet)  # noqa: S603
    try:
        _wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise ChildProcessError(f"{process.args!r} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"{process.args!r} does not listen")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port

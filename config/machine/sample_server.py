"""The sample shows' server, which stands in for the internet in the demo."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PORT = 8765
ADDRESS = f"127.0.0.1:{PORT}"
COMMAND = ("-m", "config.machine.samples.server", "--port", str(PORT))
_START_SECONDS = 20


class ServerError(Exception):
    """The sample shows cannot be served; the message is one sentence for a person."""


@contextlib.contextmanager
def served() -> Iterator[None]:
    """Serve the sample shows during the block, unless `make run` serves them already."""
    if answers():
        yield
        return
    with subprocess.Popen([sys.executable, *COMMAND], cwd=Path(__file__).resolve().parents[2]) as server:  # noqa: S603
        try:
            _wait_for(server)
            yield
        finally:
            server.terminate()


def answers() -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", PORT)) == 0


def _wait_for(server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not answers():
        if server.poll() is not None or time.monotonic() > deadline:
            raise ServerError(f"The sample shows cannot be served on port {PORT}.")
        time.sleep(0.05)

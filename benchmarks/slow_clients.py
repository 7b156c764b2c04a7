"""How long a well-behaved client waits while 2,000 slow ones are there, beside the bars.

    python -m benchmarks.slow_clients [SOCKETS] [REQUESTS]

Gunicorn as `make run` starts it, in the open and behind Caddy with deploy/Caddyfile, over a database of its own. Who is
let go comes again, so that there are always as many.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.attacks.serving import behind_caddy, has_caddy, served  # noqa: E402
from benchmarks.attacks.sockets import slow_clients  # noqa: E402

_BARS_MS = {"in the open": 1000, "behind Caddy": 500}
_PAGE = "/topics/"
_AGAIN_SECONDS = 15


def main(sockets: int, requests: int) -> None:
    name = connection.creation.create_test_db(verbosity=0, serialize=False)
    print(f"{'':14}{'slow':>8}{'median':>10}{'p99':>10}{'worst':>10}{'bar':>8}  ms")
    try:
        with served(name, settings.SECRET_KEY) as port:
            _report("in the open", port, 0, requests)
            _report("in the open", port, sockets, requests)
            if has_caddy():
                with behind_caddy(port) as proxy:
                    _report("behind Caddy", proxy, sockets, requests)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _report(where: str, port: int, sockets: int, requests: int) -> None:
    with _always(port, sockets):
        waits = sorted(_wait_ms(port) for _ in range(requests))
    p99 = waits[int(0.99 * (requests - 1))]
    figures = f"{statistics.median(waits):10.1f}{p99:10.1f}{waits[-1]:10.1f}{_BARS_MS[where]:8}"
    print(f"{where:14}{sockets:8}{figures}  {'holds' if p99 < _BARS_MS[where] else 'FALLS'}")


def _wait_ms(port: int) -> float:
    started = time.perf_counter()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{_PAGE}", timeout=30) as answer:
        answer.read()
    time.sleep(0.02)
    return 1000 * (time.perf_counter() - started - 0.02)


@contextlib.contextmanager
def _always(port: int, sockets: int) -> Iterator[None]:
    is_over, begun = threading.Event(), threading.Event()
    attacker = threading.Thread(target=_attack, args=(port, sockets, begun, is_over))
    attacker.start()
    begun.wait()
    try:
        yield
    finally:
        is_over.set()
        attacker.join()


def _attack(port: int, sockets: int, begun: threading.Event, is_over: threading.Event) -> None:
    while not is_over.is_set():
        with slow_clients(port, sockets):
            begun.set()
            is_over.wait(_AGAIN_SECONDS)


if __name__ == "__main__":
    main(*(int(word) for word in [*sys.argv[1:], "2000", "600"][:2]))

"""No library that the site declares opens a connection, or asks for a name, when it is imported."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

from tests.test_architecture import declared, distributions_of

ROOT = Path(__file__).resolve().parent.parent
# Of the libraries that are declared; "dummy" is a file that one of them carries and nobody can import.
_WATCH = """
import importlib, sys
called = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        called.append((event, arguments[-1]))
sys.addaudithook(watch)
import config.settings, django
django.setup()
for name in sys.argv[1:]:
    importlib.import_module(name)
import socket
calls = len(called)
socket.getaddrinfo("127.0.0.1", 9)
assert len(called) == calls + 1, "the watch sees nothing"
print(called[:calls])
"""


def _modules() -> list[str]:
    names = importlib.metadata.packages_distributions()
    return sorted(
        name for name in names if name.isidentifier() and name != "dummy" and distributions_of(name) & declared().keys()
    )


def test_nothing_reaches_for_the_network_when_it_is_imported() -> None:
    command = [sys.executable, "-W", "ignore", "-c", _WATCH, *_modules()]
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert (ran.returncode, ran.stdout.strip()) == (0, "[]"), ran.stderr

"""Collecting static files, which takes seconds for their compression: only when one of them changed, and meanwhile."""

from __future__ import annotations

import contextlib
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders


@contextlib.contextmanager
def collected() -> Iterator[None]:
    """Collect beside what the block does; at its end they lie in STATIC_ROOT."""
    stamp = Path(settings.STATIC_ROOT, "collected")
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        yield
        return
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0"]
    with subprocess.Popen(command, cwd=settings.BASE_DIR) as collecting:  # noqa: S603
        yield
    if collecting.returncode:
        raise subprocess.CalledProcessError(collecting.returncode, command)
    stamp.write_text(fingerprint)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()

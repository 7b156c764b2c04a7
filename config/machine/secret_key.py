"""The key of an installation that was given none: generated once and kept, so that sessions and links survive."""

import contextlib
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def stored_secret(folder: Path) -> str:
    try:
        return _kept_secret(folder / "secret_key")
    except OSError as error:
        raise ImproperlyConfigured(f"VAR_DIR is {folder}: {error.filename}: {error.strerror}") from error


def _kept_secret(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # of two processes that start at once the first one's stays
            file.hardlink_to(fresh)
        fresh.unlink()
    return file.read_text().strip()

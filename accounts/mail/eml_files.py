"""An e-mail back end that keeps every message as a file of its own: mail without a mail server."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes `000007.eml` into settings.MAIL_DIR; a file that is there is complete.

    Names sort in the order of sending and tell nothing about the recipient.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        directory = Path(settings.MAIL_DIR)
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        number = _highest(directory)
        for message in email_messages:
            number = _keep(_bytes(message), directory, after=number)
        return len(email_messages)


def _bytes(message: EmailMessage) -> bytes:
    """As SMTP would carry it; Django's messages know `linesep`, the class they are typed as does not."""
    mime: Any = message.message()
    content: bytes = mime.as_bytes(linesep="\r\n")
    return content


def _keep(content: bytes, directory: Path, *, after: int) -> int:
    handle, unfinished = tempfile.mkstemp(dir=directory, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        return _name(Path(unfinished), directory, after=after)
    finally:
        Path(unfinished).unlink()


def _name(unfinished: Path, directory: Path, *, after: int) -> int:
    """Link under the next free number: unlike a rename, a link never replaces what another process just named."""
    number = after + 1
    while True:
        try:
            (directory / f"{number:06}.eml").hardlink_to(unfinished)
        except FileExistsError:
            number += 1
        else:
            return number


def _highest(directory: Path) -> int:
    return max((int(one.stem) for one in directory.glob("*.eml") if one.stem.isdigit()), default=0)

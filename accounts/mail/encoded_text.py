"""Texts that are encoded for e-mail once and then joined in any order."""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence

# A space at the end of a line becomes three characters, and binascii does not count them.
_TOO_LONG = re.compile(rb"^(.{74,75})(=20|=09)$", re.MULTILINE)


# What stores mail in one file takes such a line for the next mail, or puts a ">" before it, which breaks a signature.
_FROM = re.compile(rb"^From (.*)$", re.MULTILINE)
_ROOM = 68


class EncodedText(str):
    """A text with its quoted-printable form, which is right wherever the text stands.

    For where it does not end a line, it ends in a soft line break: what follows starts at column 0 in any case.
    """

    encoded: bytes

    def __new__(cls, text: str, encoded: bytes | None = None) -> EncodedText:
        self = super().__new__(cls, text)
        self.encoded = _encoded(text) if encoded is None else encoded
        return self

    def __getnewargs__(self) -> tuple[str, bytes]:  # type: ignore[override]  # copies know both, as str's do not
        return str(self), self.encoded


def joined(texts: Sequence[EncodedText]) -> EncodedText:
    return EncodedText("".join(texts), b"".join([one.encoded for one in texts]))


def _escaped_from(line: re.Match[bytes]) -> bytes:
    """The escape takes two characters; where they may not fit, the line is broken before its second word."""
    return (b"=46rom " if len(line[1]) <= _ROOM else b"=46rom=\n ") + line[1]


def _encoded(text: str) -> bytes:
    """Lines end in CRLF, as SMTP carries them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    # With a character after it no last line is full, so that there is room for the soft break.
    quoted = _TOO_LONG.sub(rb"\1=\n\2", binascii.b2a_qp(f"{lines}x".encode(), istext=True)[:-1])
    quoted = _FROM.sub(_escaped_from, quoted)
    ending = b"=\n" if quoted and not quoted.endswith(b"\n") else b""
    return (quoted + ending).replace(b"\n", b"\r\n")

"""A finished e-mail, put together as bytes in a fraction of the time that the general MIME generator takes."""

import hashlib
import re
from collections.abc import Mapping
from email.header import Header
from email.utils import formatdate, getaddresses
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address

from accounts.mail.encoded_text import EncodedText
from accounts.mail.layout import folded

_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Bodies travel as quoted-printable: no line is ever too long, and no relay has a reason to re-encode a signed mail.
_PART = "Content-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"


class Message(EmailMultiAlternatives):
    """An ordinary Django message for every back end; those that ask for bytes get them quickly.

    Most quickly where body and alternatives are encoded texts, whose encoded form is there already.
    """

    def message(self, *, policy: Any = None) -> Any:  # noqa: ARG002  # the signature of the base class
        return _Bytes(self)


def mail_to(address: str, *, subject: str, text: str, html: str = "", headers: Mapping[str, str]) -> Message:
    """From this site to one address. Where there is `html`, the headers must hold a Message-ID."""
    message = Message(
        subject=folded(subject),
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        reply_to=[settings.REPLY_TO] if settings.REPLY_TO else [],
        headers={**headers, "Auto-Submitted": "auto-generated"},
    )
    if html:
        message.attach_alternative(html, "text/html")
    return message


class _Bytes:
    """What Django's SMTP back end uses of an email.message.Message: its bytes."""

    def __init__(self, message: Message) -> None:
        self._message = message

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n") -> bytes:  # noqa: ARG002
        content = _assemble(self._message)
        return content if linesep == "\r\n" else content.replace(b"\r\n", linesep.encode("ascii"))


def _assemble(message: Message) -> bytes:
    parts = [("plain", message.body), *(("html", content) for content, _ in message.alternatives)]
    headers = _headers(message)
    if len(parts) == 1:
        return headers + _part(*parts[0])
    boundary = _boundary(message)
    opening = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    delimiter = f"\r\n--{boundary}".encode("ascii")
    bodies = b"".join(delimiter + b"\r\n" + _part(*part) for part in parts)
    return headers + opening + bodies + delimiter + b"--\r\n"


def _part(subtype: str, content: object) -> bytes:
    text = content if isinstance(content, EncodedText) else EncodedText(str(content))
    # RFC 2045 wants no soft line break at the end.
    return _PART.format(subtype).encode("ascii") + text.encoded.removesuffix(b"=\r\n")


def _boundary(message: Message) -> str:
    """The "=_" cannot occur in quoted-printable text."""
    return "=_" + hashlib.sha256(str(message.extra_headers["Message-ID"]).encode()).hexdigest()[:30]


def _headers(message: Message) -> bytes:
    fields = {
        "Subject": _words(str(message.subject)),
        "From": _address(message.from_email),
        "To": ", ".join(_address(one) for one in message.to),
        **({"Reply-To": ", ".join(_address(one) for one in message.reply_to)} if message.reply_to else {}),
        "Date": formatdate(),
        **{name: folded(str(value)) for name, value in message.extra_headers.items()},
        "MIME-Version": "1.0",
    }
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode("ascii")


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    """A header of words, folded at 78 characters, encoded where it must be: also what a reader would decode."""
    line = folded(_CONTROLS.sub(" ", text))
    charset = "us-ascii" if line.isascii() and "=?" not in line else "utf-8"
    return Header(line, charset, header_name="Subject").encode(linesep="\r\n")


@lru_cache(maxsize=4096)
def _address(address: str) -> str:
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    ((name, bare),) = getaddresses([folded(address)])
    return str(sanitize_address((name, bare), "utf-8"))

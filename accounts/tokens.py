"""Signed, purpose-bound links: what an e-mail may let its reader do without signing in.

Nothing is stored, so nothing can leak from a table. Every token carries its subscriber's `link_version`, and raising
that number revokes them all: but for the one that unsubscribes, and those of a row, which says itself when they end.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac
from collections.abc import Iterable

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from accounts.models import User

_UNSUBSCRIBE_LENGTH = 22
_ID_BYTES = 6
_MAC_BYTES = 10


class BadToken(Exception):
    """Forged, damaged, made for another purpose, or revoked."""


class ExpiredToken(BadToken):
    """Genuine, but too old. `subject` says whose it was, so that a page can offer a new one."""

    def __init__(self, subject: tuple[str, ...]) -> None:
        super().__init__("expired")
        self.subject = subject


def sign(purpose: str, user_id: int, *subject: int | str, version: int) -> str:
    """Return a token for this purpose only. `version` is the subscriber's `link_version`."""
    return _signer(purpose).sign_object([version, str(user_id), *map(str, subject)])


def unsign(purpose: str, token: str, *, max_age: dt.timedelta | None = None) -> tuple[str, ...]:
    """Return the subject as strings, the subscriber's id first.

    Raises ExpiredToken past `max_age`, BadToken for everything else that is wrong: the account being gone or its
    links revoked included.
    """
    signer = _signer(purpose)
    try:
        version, *subject = signer.unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise BadToken("forged") from error
    if not User.objects.filter(pk=subject[0], link_version=version).exists():
        raise BadToken("revoked")
    try:
        signer.unsign(token, max_age=max_age)
    except signing.SignatureExpired:
        raise ExpiredToken(tuple(subject)) from None
    return tuple(subject)


def sign_row(purpose: str, row_id: int) -> str:
    """Return a token that no later change of the subscriber revokes: what it may still do, its row decides."""
    return _signer(purpose).sign_object([str(row_id)])


def unsign_row(purpose: str, token: str) -> int:
    """Return the id of the row. Raises BadToken."""
    try:
        (row_id,) = _signer(purpose).unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise BadToken("forged") from error
    return int(row_id)


def unsubscribe_token(user: User) -> str:
    """Return 22 characters that stay valid for ever: six bytes of id, ten bytes of MAC."""
    packed = user.pk.to_bytes(_ID_BYTES, "big")
    return base64.urlsafe_b64encode(packed + _unsubscribe_mac(packed, settings.SECRET_KEY)).rstrip(b"=").decode()


def user_id_of_unsubscribe_token(token: str) -> int:
    """Return the id it was made for, whether or not that account still exists. Raises BadToken."""
    raw = _decoded(token)
    packed, mac = raw[:_ID_BYTES], raw[_ID_BYTES:]
    if not any(hmac.compare_digest(mac, _unsubscribe_mac(packed, key)) for key in _keys()):
        raise BadToken("forged")
    return int.from_bytes(packed, "big")


def _signer(purpose: str) -> signing.TimestampSigner:
    # A dot, not a colon: some mail programs end a link at a colon.
    return signing.TimestampSigner(salt=f"overheard.link.{purpose}", sep=".")


def _unsubscribe_mac(packed: bytes, key: str) -> bytes:
    digest = salted_hmac("overheard.unsubscribe", packed, secret=key, algorithm="sha256").digest()
    return digest[:_MAC_BYTES]


def _decoded(token: str) -> bytes:
    try:
        raw = base64.b64decode(token + "==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadToken("damaged") from error
    # The last character carries two bits that mean nothing: only one spelling is ours.
    if len(token) != _UNSUBSCRIBE_LENGTH or base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != token:
        raise BadToken("damaged")
    return raw


def _keys() -> Iterable[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]

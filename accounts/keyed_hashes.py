"""What stays of an address once the address itself is gone: a keyed hash, useless without this site's secret."""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.addresses import InvalidAddress, canonical


def address_hash(address: str) -> str:
    return _hash(address, settings.SECRET_KEY)


def address_hashes(address: str) -> list[str]:
    """Return the hash under the present key and those under the earlier ones, which old rows may still carry."""
    return [_hash(address, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _hash(address: str, key: str) -> str:
    return salted_hmac("overheard.address", _comparable(address), secret=key, algorithm="sha256").hexdigest()


def _comparable(address: str) -> str:
    try:
        return canonical(address)
    except InvalidAddress:
        return address.strip().lower()

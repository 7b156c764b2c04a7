"""What stays of an address once the address itself is gone: a keyed hash, useless without this site's secret.

What an account asks for concerns its address; what a mailbox can bear concerns all addresses that lead into it.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.addresses import InvalidAddress, canonical, in_unicode, mailbox


def address_hash(address: str) -> str:
    return _hash("address", _comparable(address), settings.SECRET_KEY)


def mailbox_hash(address: str) -> str:
    """The same for every address with that mailbox."""
    return _hash("mailbox", mailbox(_comparable(address)), settings.SECRET_KEY)


def address_hashes(address: str) -> list[str]:
    """Return the hashes that a row about this address or its mailbox can carry.

    Old rows are under earlier keys, and under the spelling in which addresses were kept before: with their domain in
    Unicode.
    """
    known = _comparable(address)
    named = [("mailbox", mailbox(known)), *(("address", spelling) for spelling in {known, in_unicode(known)})]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [_hash(what, value, key) for key in keys for what, value in named]


def _hash(what: str, value: str, key: str) -> str:
    return salted_hmac(f"overheard.{what}", value, secret=key, algorithm="sha256").hexdigest()


def _comparable(address: str) -> str:
    try:
        return canonical(address)
    except InvalidAddress:
        return address.strip().lower()

"""What stays of an address once the address itself is gone: a keyed hash, useless without this site's secret."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.addresses import InvalidAddress, canonical

_IPV4_PREFIX = 24
_IPV6_PREFIX = 56


def address_hash(address: str) -> str:
    return _hash("address", _comparable(address), settings.SECRET_KEY)


def address_hashes(address: str) -> list[str]:
    """Return the hash under the present key and those under the earlier ones, which old rows may still carry."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_hash("address", _comparable(address), key) for key in keys]


def network_hash(ip: str) -> str:
    return _hash("network", network(ip), settings.SECRET_KEY)


def network(ip: str) -> str:
    """Return the IPv4 /24 or the IPv6 /56 that one household or one small host has; unreadable ones share one name."""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    prefix = _IPV4_PREFIX if address.version == 4 else _IPV6_PREFIX
    return str(ipaddress.ip_network((address, prefix), strict=False))


def _comparable(address: str) -> str:
    try:
        return canonical(address)
    except InvalidAddress:
        return address.strip().lower()


def _hash(kind: str, value: str, key: str) -> str:
    return salted_hmac(f"overheard.{kind}", value, secret=key, algorithm="sha256").hexdigest()

"""Where a request comes from, as far as a limit needs to know it: a network, and that only as a keyed hash."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

_IPV4_PREFIX = 24
_IPV6_PREFIX = 56


def client_ip(request: HttpRequest) -> str:
    """The address that the nearest trusted proxy saw; without a proxy, the one that connected."""
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    trusted: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if trusted and len(hops) >= trusted and hops[-trusted].strip():
        return hops[-trusted].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def client_network(request: HttpRequest) -> str:
    """The hash of the network that the request comes from: all that limits are told of it."""
    return network_hash(client_ip(request))


def network_hash(ip: str) -> str:
    """64 hexadecimal digits, useless without this site's secret key."""
    return salted_hmac("overheard.network", network(ip), secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def network(ip: str) -> str:
    """The IPv4 /24 or the IPv6 /56 that one household or one small host has; unreadable ones share one name."""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    prefix = _IPV4_PREFIX if address.version == 4 else _IPV6_PREFIX
    return str(ipaddress.ip_network((address, prefix), strict=False))

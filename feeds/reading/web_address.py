"""Addresses that came from outside: which of them a browser may follow."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_address(address: str) -> str:
    """The address if it is a web address, else "": feeds carry `javascript:` and `data:` ones, too."""
    address = address.strip()
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return address if is_web else ""


def host_of(address: str) -> str:
    """The part of a web address that people recognise; "" where it is none."""
    return (urlsplit(web_address(address)).hostname or "").removeprefix("www.")

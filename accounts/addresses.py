"""E-mail addresses as people type them: made canonical, checked, and corrected where a slip is likely. Pure."""

from __future__ import annotations

import unicodedata

from disposable_email_domains import blocklist
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_LONGEST = 254
_WELL_KNOWN = (
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "hotmail.co.uk",
    "hotmail.fr",
    "icloud.com",
    "live.com",
    "mail.com",
    "me.com",
    "msn.com",
    "outlook.com",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "t-online.de",
    "web.de",
    "yahoo.co.uk",
    "yahoo.com",
    "ymail.com",
)
# Real domains that are one slip away from a well-known one.
_NOT_A_SLIP = frozenset({"email.com", "gmx.at", "gmx.ch", "gmx.com", "mail.de", "mail.ru", "live.de", "live.fr"})
_SLIPS_OF_THE_TLD = {"con": "com", "cmo": "com", "ocm": "com", "comm": "com", "vom": "com", "xom": "com", "ner": "net"}
_SHORTEST_TO_COMPARE = 6


class InvalidAddress(ValueError):
    """The message is for the person who typed it."""


def canonical(text: str) -> str:
    """Return the address in lower case and NFC, its domain in Unicode; what follows a plus stays.

    Raises InvalidAddress.
    """
    text = unicodedata.normalize("NFC", text.strip())
    if not text:
        raise InvalidAddress("Type your e-mail address, such as name@example.org.")
    local, at, domain = text.rpartition("@")
    address = f"{local.lower()}{at}{_unicode_domain(domain.lower())}"
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidAddress(f"“{text[:80]}” is not a complete e-mail address; name@example.org is one.") from None
    if len(address) > _LONGEST:
        raise InvalidAddress("That address is longer than e-mail allows.")
    return address


def suggestion(address: str) -> str | None:
    """Return the address that was probably meant, or None if this one looks right."""
    local, _, domain = address.rpartition("@")
    probable = _probable_domain(domain)
    return f"{local}@{probable}" if probable else None


def is_disposable(address: str) -> bool:
    """Whether it belongs to a service whose mailboxes are thrown away within the hour."""
    labels = address.rpartition("@")[2].split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))


def _unicode_domain(domain: str) -> str:
    if "xn--" not in domain:
        return domain
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


def _probable_domain(domain: str) -> str | None:
    if domain in _WELL_KNOWN or domain in _NOT_A_SLIP:
        return None
    name, _, tld = domain.rpartition(".")
    corrected = f"{name}.{_SLIPS_OF_THE_TLD.get(tld, tld)}"
    if corrected in _WELL_KNOWN:
        return corrected
    if len(domain) >= _SHORTEST_TO_COMPARE:
        near = (known for known in _WELL_KNOWN if len(known) > _SHORTEST_TO_COMPARE and _one_slip(corrected, known))
        return next(near, corrected if corrected != domain else None)
    return None


def _one_slip(typed: str, meant: str) -> bool:
    """One letter too many, too few or wrong, or two neighbours swapped."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    rest_typed, rest_meant = typed[same:], meant[same:]
    swapped = rest_typed[:2] == rest_meant[:2][::-1] and rest_typed[2:] == rest_meant[2:]
    return rest_typed[1:] in (rest_meant, rest_meant[1:]) or rest_typed == rest_meant[1:] or swapped

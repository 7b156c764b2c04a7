"""E-mail addresses as people type them: made canonical, checked, and corrected where a slip is likely. Pure."""

from __future__ import annotations

import re
import unicodedata

import idna
from disposable_email_domains import blocklist
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_LONGEST = 254
_DOT_ATOM = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
# Two names of one provider, which leaves dots out of account.
_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
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
    """Return the address as it is dialled, the one form in which it is stored, looked up, counted and suppressed.

    The domain goes through UTS 46 and IDNA 2008 to ASCII; quotes that quote nothing go; what follows a plus stays.
    Raises InvalidAddress.
    """
    text = text.strip()
    if not text:
        raise InvalidAddress("Type your e-mail address, such as name@example.org.")
    local, _, domain = text.rpartition("@")
    address = f"{_mailable(local)}@{_dialled(domain)}"
    if not _is_complete(address):
        raise InvalidAddress(f"“{text[:80]}” is not a complete e-mail address; name@example.org is one.")
    if len(address) > _LONGEST:
        raise InvalidAddress("That address is longer than e-mail allows.")
    return address


def in_unicode(address: str) -> str:
    """Return a canonical address as people read it."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{idna.decode(domain)}" if "xn--" in domain else address


def mailbox(address: str) -> str:
    """Return what all canonical addresses share that are delivered into one mailbox, as far as anybody can tell."""
    local, _, domain = address.rpartition("@")
    owner = local.partition("+")[0] or local
    if domain in _DOTLESS:
        return f"{owner.replace('.', '')}@{_DOTLESS[domain]}"
    return f"{owner}@{domain}"


def pattern_of_mailbox(address: str) -> str:
    """Return a regular expression for the canonical addresses with the same mailbox as this one."""
    owner, _, domain = mailbox(address).rpartition("@")
    domains = [name for name, known_as in _DOTLESS.items() if known_as == domain] or [domain]
    letters = r"\.?".join(map(re.escape, owner)) if domain in _DOTLESS else re.escape(owner)
    return rf"^{letters}(\+.*)?@({'|'.join(map(re.escape, domains))})$"


def suggestion(address: str) -> str | None:
    """Return the address that was probably meant, or None if this one looks right."""
    local, _, domain = address.rpartition("@")
    probable = _probable_domain(domain)
    return f"{local}@{probable}" if probable else None


def is_disposable(address: str) -> bool:
    """Whether it belongs to a service whose mailboxes are thrown away within the hour."""
    labels = address.rpartition("@")[2].split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))


def _mailable(local: str) -> str:
    quoted = _QUOTED.fullmatch(local)
    bare = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else local
    if strange := next((sign for sign in bare if not sign.isascii()), None):
        raise InvalidAddress(
            f"Before the @ of an address only plain letters, digits and signs can be mailed. Yours has "
            f"“{unicodedata.name(strange, f'U+{ord(strange):04X}').lower()}”; perhaps name@example.org is meant."
        )
    return bare.lower()


def _dialled(domain: str) -> str:
    """Empty for what is no domain under IDNA 2008, or would come back as another one."""
    try:
        dialled = idna.encode(domain, uts46=True, std3_rules=True)
        return dialled.decode() if idna.encode(idna.decode(dialled)) == dialled else ""
    except UnicodeError:
        return ""


def _is_complete(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return bool(_DOT_ATOM.fullmatch(address.rpartition("@")[0]))


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

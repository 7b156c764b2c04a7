"""What mailbox providers ask of a sender, each requirement in plain words: pure but for a Resolver.

Gmail, Yahoo and Microsoft ask for SPF and DKIM, DMARC aligned with the sender, an address whose name leads back to it,
TLS, and a way to unsubscribe by one click.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from accounts.mail.dns_records import Resolver, UnansweredError

MOST_LOOKUPS = 10
# An RSA key of 1024 bits takes 162 bytes in DNS, one of 2048 bits 294; one of Ed25519 takes 32.
_SHORTEST_RSA, _GOOD_RSA = 162, 294
_ASKS_DNS = re.compile(r"[+?~-]?(include:|a\b|mx\b|ptr\b|exists:)|redirect=", re.IGNORECASE)
_LEADS_ON = re.compile(r"[+?~-]?(?:include:|redirect=)(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the domain in From, the one that signs with its selector, and where the mail leaves."""

    domain: str
    selector: str
    signing_domain: str
    addresses: Sequence[str]
    has_tls: bool
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    about: str
    is_good: bool
    words: str


def findings(sender: Sender, dns: Resolver) -> Iterator[Finding]:
    checks: dict[str, Callable[[], Words]] = {
        "SPF": lambda: _spf(sender.domain, dns),
        "DKIM": lambda: _dkim(sender, dns),
        "DMARC": lambda: _dmarc(sender.domain, dns),
        "PTR": lambda: _ptr(sender.addresses, dns),
        "TLS": lambda: _tls(sender),
        "alignment": lambda: _alignment(sender),
        "list headers": lambda: _list_headers(sender.headers),
    }
    for about, check in checks.items():
        try:
            trouble, good = check()
        except UnansweredError as error:
            trouble, good = f"nobody answered, so this is not known: {error}", ""
        yield Finding(about, not trouble, trouble or good)


# Each gives the trouble, or nothing, and what there is to say where there is none.
Words = tuple[str, str]


def _spf(domain: str, dns: Resolver) -> Words:
    found = _spf_records(domain, dns)
    if len(found) != 1:
        return f"{domain} has {len(found)} SPF records and needs one, which begins with v=spf1", ""
    if re.search(r"(^|\s)\+?all\b", found[0]):
        return f"the SPF record of {domain} lets everybody send for it: end it in ~all or -all", ""
    asked = _lookups(domain, dns, seen=set())
    if asked > MOST_LOOKUPS:
        return f"the SPF record of {domain} asks DNS {asked} times, and after {MOST_LOOKUPS} it counts as broken", ""
    return "", f"{domain} says who may send for it"


def _spf_records(domain: str, dns: Resolver) -> list[str]:
    return [one for one in dns.records(domain, "TXT") if one.lower().split()[:1] == ["v=spf1"]]


def _lookups(domain: str, dns: Resolver, *, seen: set[str]) -> int:
    """A record that leads back to itself is counted once."""
    if domain in seen:
        return 0
    seen.add(domain)
    terms = [term for record in _spf_records(domain, dns) for term in record.split()[1:]]
    further = [found[1] for term in terms if (found := _LEADS_ON.match(term))]
    asked = sum(_ASKS_DNS.match(term) is not None for term in terms)
    return asked + sum(_lookups(other, dns, seen=seen) for other in further)


def _dkim(sender: Sender, dns: Resolver) -> Words:
    name = f"{sender.selector}._domainkey.{sender.signing_domain}"
    tags = [_tags(one) for one in dns.records(name, "TXT")]
    key = next((one["p"] for one in tags if one.get("p")), "")
    if not key:
        return f"no key stands under {name}: nobody can tell that a signature is genuine", ""
    try:
        size = len(base64.b64decode(key))
    except binascii.Error:
        return f"the key under {name} is damaged", ""
    if tags[0].get("k", "rsa") == "rsa" and size < _SHORTEST_RSA:
        return f"the key under {name} is shorter than 1024 bits: no provider takes it", ""
    advice = "" if tags[0].get("k", "rsa") != "rsa" or size >= _GOOD_RSA else "; better one of 2048 bits"
    return "", f"a key stands under {name}{advice}"


def _dmarc(domain: str, dns: Resolver) -> Words:
    """Where a host says nothing, the domains above it are asked."""
    labels = domain.split(".")
    for first in range(max(len(labels) - 1, 1)):
        above = ".".join(labels[first:])
        policies = [_tags(one).get("p", "") for one in dns.records(f"_dmarc.{above}", "TXT") if "v=DMARC1" in one]
        if policies and policies[0]:
            return "", f"{above} asks for “{policies[0]}” where a mail is not genuine"
    return f"_dmarc.{domain} says nothing: begin with “v=DMARC1; p=none”", ""


def _ptr(addresses: Sequence[str], dns: Resolver) -> Words:
    for address in addresses:
        names = dns.reverse(address)
        if not any(address in [*dns.records(name, "A"), *dns.records(name, "AAAA")] for name in names):
            called = f"is called {', '.join(names)}, which does not lead back to it" if names else "has no name"
            return f"{address} {called}: ask whoever gave you the address for a PTR record", ""
    if not addresses:
        return "", "the provider's affair, whose addresses send"
    return "", f"{', '.join(addresses)}: the name leads back"


def _tls(sender: Sender) -> Words:
    return ("", "mail leaves encrypted") if sender.has_tls else ("mail leaves unencrypted: use smtp+tls:// or +ssl", "")


def _alignment(sender: Sender) -> Words:
    """As DMARC takes it by default: one of both domains may lie below the other."""
    ours, signing = f".{sender.domain}", f".{sender.signing_domain}"
    if ours.endswith(signing) or signing.endswith(ours):
        return "", f"From is at {sender.domain}, and {sender.signing_domain} signs"
    return f"From is at {sender.domain}, but {sender.signing_domain} signs: DMARC takes that for a forgery", ""


def _list_headers(headers: Mapping[str, str]) -> Words:
    if not headers.get("List-Unsubscribe", "").startswith("<https://"):
        return "List-Unsubscribe names no https address: set SITE_URL to the one of this site", ""
    if headers.get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click":
        return "List-Unsubscribe-Post is missing: no provider offers its button", ""
    return "", "one click unsubscribes; see to it that DKIM signs both headers"


def _tags(record: str) -> dict[str, str]:
    pairs = (one.partition("=") for one in record.split(";"))
    return {name.strip(): "".join(value.split()) for name, _, value in pairs}

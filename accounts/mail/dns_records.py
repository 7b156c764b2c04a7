"""What a domain says of itself in DNS: asked through a Protocol, so that a check needs no network to be tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import dns.exception
import dns.resolver
import dns.reversename

_SECONDS = 5.0


class UnansweredError(Exception):
    """The name server said nothing; that is not the same as a record that is absent."""


class Resolver(Protocol):
    """Both give nothing for a name that has no such record, and raise UnansweredError where nobody answers."""

    def records(self, name: str, kind: str) -> Sequence[str]:
        """Texts of TXT, addresses of A and AAAA, names of MX and PTR; names without the dot at the end."""

    def reverse(self, address: str) -> Sequence[str]:
        """The names that an address has."""


class Dns:
    """The name servers of this machine."""

    def records(self, name: str, kind: str) -> list[str]:
        try:
            answer = dns.resolver.resolve(name, kind, lifetime=_SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise UnansweredError(f"{kind} of {name}: {error}") from error
        return [_in_words(record, kind) for record in answer]

    def reverse(self, address: str) -> list[str]:
        return self.records(dns.reversename.from_address(address).to_text(), "PTR")


def _in_words(record: object, kind: str) -> str:
    if kind == "TXT":
        return b"".join(getattr(record, "strings", ())).decode("utf-8", "replace")
    return str(getattr(record, "exchange", record)).rstrip(".")

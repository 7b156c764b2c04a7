"""Pure: which names count as one host for politeness, by the Public Suffix List that comes with its library."""

from functools import cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList


def politeness_key(host: str) -> str:
    """The part of a name that somebody registered, so that `a.blog.example` and `blog.example` are one, and two blogs
    below `github.io` are two; the name itself where it is a suffix, and an address as it is."""
    try:
        return str(ip_address(host))
    except ValueError:
        name = host.rstrip(".").lower()
    return _suffixes().privatesuffix(name) or name


@cache
def _suffixes() -> PublicSuffixList:
    """A fifth of a second to read, so not before the first host is asked."""
    return PublicSuffixList()

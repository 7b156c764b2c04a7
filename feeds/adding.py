"""A show enters by its feed's address; it is polled when its turn comes."""

import re
from urllib.parse import parse_qsl, urlsplit

from django.utils.text import slugify

from feeds.errors import BadAddress
from feeds.http import shown
from feeds.models import Feed

_PODCAST_SCHEMES = re.compile(r"^(?:feed|pcast|podcast|itpc|rss):(?://)?(?=https?:)|^(feed|pcast|podcast|itpc|rss)://")
# Long identifiers in the path are no sign: public feeds of the big hosts have them as well.
_SECRET_NAMES = re.compile(r"(?:^|[_-])(?:auth|token|key|apikey|secret|sig|signature|password|pass)s?$")
_PRIVATE_HOSTS = ("patreon.com", "supportingcast.fm", "supercast.com", "supercast.tech", "memberful.com")


def add_feed(address: str, *, title: str = "") -> tuple[Feed, bool]:
    """Return the show at this address and whether it is new; raise BadAddress."""
    url = feed_address(address)
    known = Feed.objects.filter(url=url).first()
    if known:
        return known, False
    name = " ".join(title.replace("\0", "").split())[:300] or urlsplit(url).hostname or url
    feed, is_new = Feed.objects.get_or_create(
        url=url, defaults={"title": name, "slug": free_slug(name), "is_private": is_private(url)}
    )
    return feed, is_new


def feed_address(address: str) -> str:
    """The address in the one form that is stored: http or https, host in small letters, no fragment."""
    address = "".join(address.split())
    address = _PODCAST_SCHEMES.sub(lambda found: "https://" if found[1] else "", address)
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise BadAddress(f"“{shown(address)}” is not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise BadAddress(f"“{shown(address)}” is not an http or https address")
    if len(address) > 2000 or not address.isprintable():
        raise BadAddress(f"“{shown(address)[:60]}…” is too long or too strange for an address")
    credentials = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    default = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{host}]" if ":" in host else host
    netloc = f"{credentials}{host}" + (f":{port}" if port and port != default else "")
    return parts._replace(netloc=netloc, path=parts.path or "/", fragment="").geturl()


def is_private(url: str) -> bool:
    """Whether the address looks like one subscriber's own: it then must not stand on a public page."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return (
        "@" in parts.netloc
        or any(host == one or host.endswith(f".{one}") for one in _PRIVATE_HOSTS)
        or any(_SECRET_NAMES.search(name.lower()) and value for name, value in parse_qsl(parts.query))
    )


def free_slug(title: str) -> str:
    """A short form of the title that no show has yet; it never changes afterwards, for it is an address."""
    base = slugify(title)[:70].strip("-") or "show"
    taken = set(Feed.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug

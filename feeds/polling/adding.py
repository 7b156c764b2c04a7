"""A show enters by its feed's address; it is polled when its turn comes."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from django.db import connection, transaction
from django.db.models import F, Func, Q, TextField, Value
from django.utils.text import slugify

from feeds.models import Feed
from feeds.polling.http import shown
from feeds.reading.errors import BadAddress

_BREAK = re.compile(r"\s*[\r\n\t]\s*")
_PODCAST_SCHEMES = re.compile(r"^(?:feed|pcast|podcast|itpc|rss):(?://)?(?=https?:)|^(feed|pcast|podcast|itpc|rss)://")
# Long identifiers in the path are no sign: public feeds of the big hosts have them as well.
_SECRET_NAMES = re.compile(r"(?:^|[_-])(?:auth|token|key|apikey|secret|sig|signature|password|pass)s?$")
_PRIVATE_HOSTS = ("patreon.com", "supportingcast.fm", "supercast.com", "supercast.tech", "memberful.com")
# The page /shows/mine/ is a subscriber's own.
_RESERVED_SLUGS = ("mine",)
_NUMBER = re.compile(r"-[0-9]+$")
# The key of an advisory lock.
_LOCK = 0x5_4035


@dataclass(frozen=True, slots=True)
class Shows:
    """Those that are new here, and those that were here already; both in the order in which they were named."""

    added: tuple[Feed, ...]
    known: tuple[Feed, ...]


def add_feed(address: str, *, title: str = "") -> tuple[Feed, bool]:
    """Return the show at this address and whether it is new; raise BadAddress."""
    shows = add_feeds({feed_address(address): title})
    return (*shows.added, *shows.known)[0], bool(shows.added)


def add_feeds(titles: Mapping[str, str], *, at_most: int | None = None) -> Shows:
    """The shows at these addresses, in their stored form, each with a title; of the new ones only the first `at_most`.

    However many there are, it takes the same few queries.
    """
    with transaction.atomic():
        _one_at_a_time()
        known = _known(titles)
        names = {url: _name(url, title) for url, title in titles.items() if url not in known}
        new = list(names.items())[:at_most]
        slugs = _free_slugs([name for _, name in new])
        added = Feed.objects.bulk_create(
            Feed(url=url, title=name, slug=slug, is_private=is_private(url))
            for (url, name), slug in zip(new, slugs, strict=True)
        )
    return Shows(tuple(added), tuple(dict.fromkeys(known[url] for url in titles if url in known)))


def _known(urls: Collection[str]) -> dict[str, Feed]:
    """By the address that a show has, or had before it moved."""
    found = Feed.objects.filter(Q(url__in=urls) | Q(former_url__in=urls))
    by_former = {feed.former_url: feed for feed in found if feed.former_url}
    return by_former | {feed.url: feed for feed in found if feed.url}


def _one_at_a_time() -> None:
    """Until the transaction ends nobody else adds a show: neither its address nor its slug is taken meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _name(url: str, title: str) -> str:
    return " ".join(title.replace("\0", "").split())[:300] or urlsplit(url).hostname or url


def feed_address(address: str) -> str:
    """The address in the one form that is stored: http or https, host in small letters, no fragment."""
    address = _BREAK.sub("", address.strip()).replace(" ", "%20")
    address = _PODCAST_SCHEMES.sub(lambda found: "https://" if found[1] else "", address)
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise BadAddress(f"“{shown(address)}” is not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not host or "%20" in host:
        raise BadAddress(f"“{shown(address)}” is not an http or https address")
    if not address.isprintable() or len(address.encode()) > 2000:
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
    """A short form of the title that no show has yet; inside a transaction nobody else is given it meanwhile."""
    _one_at_a_time()
    return _free_slugs([title])[0]


def slug_at_first_reading(slug: str, title: str) -> str:
    """The slug that a show keeps, for it is an address; until then it comes from what somebody called the show."""
    base = _slug_base(title)
    return slug if base in (slug, _NUMBER.sub("", slug)) else free_slug(title)


def _free_slugs(titles: Iterable[str]) -> list[str]:
    bases = [_slug_base(title) for title in titles]
    without_number = Func(F("slug"), Value("-[0-9]+$"), Value(""), function="REGEXP_REPLACE", output_field=TextField())
    near = Feed.objects.annotate(base=without_number).filter(Q(slug__in=bases) | Q(base__in=bases)).order_by()
    taken = {*_RESERVED_SLUGS, *near.values_list("slug", flat=True)}
    return [_take_slug(base, taken) for base in bases]


def _slug_base(title: str) -> str:
    return slugify(title)[:70].strip("-") or "show"


def _take_slug(base: str, taken: set[str]) -> str:
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    taken.add(slug)
    return slug

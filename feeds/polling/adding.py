"""A show enters by its feed's address; it is polled when its turn comes."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.db.models import F, Func, Q, TextField, Value
from django.utils.text import slugify

from feeds.models import Feed, FeedQuerySet
from feeds.polling.http import shown
from feeds.reading.errors import BadAddress
from feeds.reading.secret_address import Secret, secret_in

_BREAK = re.compile(r"\s*[\r\n\t]\s*")
_PODCAST_SCHEMES = re.compile(r"^(?:feed|pcast|podcast|itpc|rss):(?://)?(?=https?:)|^(feed|pcast|podcast|itpc|rss)://")
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


def add_feeds(titles: Mapping[str, str]) -> Shows:
    """An operator's shows at these addresses, in their stored form, each with a title; listed at once.

    However many there are, it takes the same few queries.
    """
    with transaction.atomic():
        one_at_a_time()
        known = _by_address(Feed.objects.filter(owner=None), titles)
        wanted = [Feed(url=url, title=title, is_private=is_private(url)) for url, title in titles.items()]
        return _with_new(known, wanted)


def _by_address(feeds: FeedQuerySet, urls: Collection[str]) -> dict[str, Feed]:
    """Under the address that a show has, or had before it moved."""
    found = feeds.filter(Q(url__in=urls) | Q(former_url__in=urls))
    by_former = {feed.former_url: feed for feed in found if feed.former_url}
    return by_former | {feed.url: feed for feed in found if feed.url}


def bring_feeds(urls: Iterable[str], *, own: Collection[str], owner_id: int, at_most: int) -> Shows:
    """A subscriber's shows: theirs alone at the addresses `own`, else unlisted; of the new ones the first `at_most`.

    What they call a show is not taken over: its feed says what it is called.
    """
    wanted = {url: owner_id if url in own else None for url in urls}
    theirs, shared = Feed.objects.filter(owner=owner_id), Feed.objects.filter(owner=None, is_private=False)
    with transaction.atomic():
        one_at_a_time()
        known = _by_address(theirs, [*own]) | _by_address(shared, [url for url in wanted if url not in own])
        brought = [
            Feed(url=url, owner_id=owner, is_private=owner is not None, is_listed=False)
            for url, owner in wanted.items()
        ]
        return _with_new(known, brought, at_most=at_most)


def _with_new(known: Mapping[str, Feed], wanted: Sequence[Feed], *, at_most: int | None = None) -> Shows:
    """Of what is wanted, what is here by its address is that; the rest is new, under slugs of their own."""
    new = [feed for feed in wanted if feed.url and feed.url not in known][:at_most]
    for feed in new:
        feed.title = _name(feed.url or "", feed.title)
    for feed, slug in zip(new, _free_slugs([feed.title for feed in new]), strict=True):
        feed.slug = slug
    here = dict.fromkeys(known[one.url] for one in wanted if one.url and one.url in known)
    return Shows(tuple(Feed.objects.bulk_create(new)), tuple(here))


def one_at_a_time() -> None:
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
    return secret_in(url) is not Secret.NONE


def free_slug(title: str) -> str:
    """A short form of the title that no show has yet; inside a transaction nobody else is given it meanwhile."""
    one_at_a_time()
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

"""RSS 0.9 to 2.0, RDF and Atom by libxml2, item by item, so that a long archive needs little memory."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from lxml import etree

from feeds.polling.broken_xml import xml_events
from feeds.polling.parse import fields
from feeds.polling.parse.parsed import ParsedEpisode, ParsedFeed, Person, TranscriptLink
from feeds.polling.parse.pieces import Pieces
from feeds.reading.markup import text_of_element

MOST_ITEMS = 10_000
# A document of the size that is fetched has room for more than any show ever made.
MOST_SEEN = 100_000
_NO_DATE = dt.datetime.min.replace(tzinfo=dt.UTC)
MOST_LINKS = 20
MOST_PEOPLE = 20

_ROOTS = {"rss": "item", "rdf": "item", "channel": "item", "atom:feed": "atom:entry", "feed": "entry"}
_DATES = (
    "pubdate", "atom:published", "published", "dc:date", "dc:issued", "dc:created", "atom:updated", "updated",
    "atom:issued", "dc:modified",
)  # fmt: skip
# By a part of the namespace: the same one is written in many ways.
_PREFIXES = (
    ("itunes.com/dtds", "itunes:"),
    ("podcast-namespace", "podcast:"),
    ("podcastindex.org/namespace", "podcast:"),
    ("purl.org/rss/1.0/modules/content", "content:"),
    ("purl.org/dc/", "dc:"),
    ("w3.org/2005/atom", "atom:"),
    ("purl.org/atom/", "atom:"),
    ("search.yahoo.com/mrss", "media:"),
    ("w3.org/1999/02/22-rdf", ""),
    ("purl.org/rss/1.0", ""),
    ("userland.com/rss", ""),
    ("netscape.com/rdf", ""),
)


class Node:
    """The children of an element by name, such as "title" or "itunes:author"; names are in lower case."""

    def __init__(self, children: Iterable[etree._Element]) -> None:
        self._children: dict[str, list[etree._Element]] = defaultdict(list)
        for child in children:
            if isinstance(child.tag, str):
                self._children[name_of(child)].append(child)

    def all(self, *names: str) -> list[etree._Element]:
        return [child for name in names for child in self._children.get(name, ())]

    def text(self, *names: str) -> str:
        """The first of these that says anything."""
        return next((text for child in self.all(*names) if (text := text_of_element(child).strip())), "")

    def attribute(self, name: str, *, of: str) -> str:
        return next((value for child in self.all(of) if (value := child.get(name, "").strip())), "")


def parse_xml(text: str, *, url: str) -> ParsedFeed | None:
    """The feed as far as it can be read; None where the document is of another kind."""
    newest = _newest(text)
    roots, items, older = list[etree._Element](), list[ParsedEpisode | None](), 0
    for place, (root, element) in enumerate(_elements(text, roots)):
        if newest is None or place in newest:
            items.append(_episode(element, base=_base(root, url)))
        else:
            older += 1
    feed = _feed(roots, items, url=url)
    return replace(feed, older=older) if feed and older else feed


def parse_pieces(pieces: Pieces, *, url: str, known: Collection[str]) -> ParsedFeed | None:
    """The same, without reading the items whose fingerprints are known."""
    if len(pieces.items) > MOST_ITEMS:
        return parse_xml(pieces.text(), url=url)
    fingerprints = pieces.fingerprints(url=url)
    unchanged = {place: found for place, found in enumerate(fingerprints) if found in known}
    roots, items, faults = list[etree._Element](), dict[int, ParsedEpisode | None](), list[str]()
    place = -1
    for place, (root, element) in enumerate(_elements(pieces.text(without=unchanged), roots, faults=faults)):
        if place not in unchanged:
            fingerprint = fingerprints[place] if place < len(fingerprints) else ""
            items[place] = _episode(element, base=_base(root, url), fingerprint=fingerprint)
    if faults or place + 1 != len(pieces.items):
        # One item may have swallowed the next ones.
        return parse_xml(pieces.text(), url=url)
    feed = _feed(roots, items.values(), url=url)
    skipped = [place for place, item in items.items() if item is None]
    return feed and replace(feed, unchanged=_without(skipped, unchanged))


def _without(skipped: Collection[int], places: Mapping[int, str]) -> dict[int, str]:
    """The places as they are when the skipped items are not counted."""
    return {place - sum(one < place for one in skipped): found for place, found in places.items()}


def _elements(
    text: str, roots: list[etree._Element], *, faults: list[str] | None = None
) -> Iterator[tuple[etree._Element, etree._Element]]:
    """The root with each item in turn, which is gone when the next one is asked for; `roots` keeps the root."""
    item_name = ""
    for event, element in xml_events(text, faults=faults):
        if not roots:
            roots.append(element)
            item_name = _ROOTS.get(name_of(element), "")
        if not item_name:
            return
        if event == "end" and name_of(element) == item_name:
            yield roots[0], element
            _forget(element)


def _newest(text: str) -> Collection[int] | None:
    """The places of the newest items, where there are more than are read; undated ones come newest first."""
    if text.count("<item") + text.count("<entry") + text.count(":entry") <= MOST_ITEMS:
        return None
    dates = [_date(Node(element)) for _, element in islice(_elements(text, []), MOST_SEEN)]
    by_date = sorted(range(len(dates)), key=lambda place: (dates[place] or _NO_DATE, -place), reverse=True)
    return set(by_date[:MOST_ITEMS])


def name_of(element: etree._Element) -> str:
    """Prefix and name in lower case, the prefix by the namespace rather than as the feed spells it."""
    namespace, _, name = str(element.tag).rpartition("}")
    if not namespace:
        # An undeclared prefix stays part of the name.
        return name.lower()
    lowered = namespace.lower()
    prefix = next((prefix for part, prefix in _PREFIXES if part in lowered), None)
    if prefix is None:
        prefix = f"{element.prefix}:" if element.prefix else ""
    return prefix + name.lower()


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None and name_of(before) == name_of(element):
        parent.remove(before)


def _base(root: etree._Element, url: str) -> str:
    own = root.get("{http://www.w3.org/XML/1998/namespace}base", "")
    return fields.link(own, base=url) or url


def _feed(roots: list[etree._Element], read: Collection[ParsedEpisode | None], *, url: str) -> ParsedFeed | None:
    if not roots or not _ROOTS.get(name_of(roots[0])):
        return None
    root, items = roots[0], [item for item in read if item is not None]
    channels = [child for child in root if name_of(child) == "channel"]
    if not channels and not items and name_of(root) in ("rss", "rdf") and len(root) == 0:
        return None
    node = Node(channels[0] if channels else root)
    base = _base(root, url)
    hosts = _people(node)
    return ParsedFeed(
        title=fields.one_line(node.text("title", "atom:title", "itunes:title", "dc:title"), limit=fields.FEED_TITLE),
        episodes=tuple(_with_hosts(item, hosts) for item in items) if hosts else tuple(items),
        author=_author(node),
        description=fields.notes(node.text("description", "itunes:summary", "atom:subtitle", "itunes:subtitle")),
        site_url=fields.link(node.text("link") or _atom_link(node, "alternate"), base=base),
        image_url=_image(node, base=base),
        language=fields.language(node.text("language", "dc:language") or _xml_language(root)),
        medium=node.text("podcast:medium").lower()[:20] or "podcast",
        new_url=fields.link(node.text("itunes:new-feed-url"), base=base),
        ttl=fields.minutes(node.text("ttl")),
        is_blocked=_is_blocked(node),
        skipped=len(read) - len(items),
    )


def _episode(element: etree._Element, *, base: str, fingerprint: str = "") -> ParsedEpisode | None:
    node = Node(element)
    title = fields.one_line(node.text("title", "atom:title", "itunes:title", "dc:title", "media:title"))
    published_at = _date(node)
    audio_url, audio_type = _audio(node, base=base)
    page = fields.link(node.text("link") or _atom_link(node, "alternate"), base=base)
    about = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "")
    own_guid = node.text("guid", "atom:id", "id") or about
    guid = fields.guid(own_guid, audio_url=audio_url, title=title, date=published_at, link=page)
    description = fields.notes(
        node.text("content:encoded", "description", "itunes:summary", "atom:content", "atom:summary", "summary")
    )
    if not guid:
        guid = fields.guid(description[:200], audio_url="", title="", date=None, link="")
    if not guid:
        return None
    return ParsedEpisode(
        guid=guid,
        title=title or fields.one_line(description)[:100] or fields.UNTITLED,
        link=page,
        description=description,
        published_at=published_at,
        duration_seconds=fields.duration(node.text("itunes:duration")),
        audio_url=audio_url,
        audio_type=audio_type,
        image_url=_image(node, base=base),
        language=fields.language(node.text("dc:language") or _xml_language(element)),
        people=_people(node),
        transcripts=_transcripts(node, base=base),
        is_blocked=_is_blocked(node),
        fingerprint=fingerprint,
    )


def _date(node: Node) -> dt.datetime | None:
    """The first that can be read: of two dates one is often nonsense."""
    said = (node.text(name) for name in _DATES)
    return next((date for text in said if text and (date := fields.date(text))), None)


def _author(node: Node) -> str:
    people = [Node(person).text("atom:name", "name") for person in node.all("atom:author", "author")]
    found = node.text("itunes:author") or next((name for name in people if name), "")
    return fields.one_line(found or node.text("dc:creator", "managingeditor"), limit=fields.FEED_TITLE)


def _atom_link(node: Node, relation: str) -> str:
    links = node.all("atom:link", "link")
    return next((a.get("href", "") for a in links if a.get("rel", "alternate") == relation and a.get("href")), "")


def _audio(node: Node, *, base: str) -> tuple[str, str]:
    """Address and type of the recording."""
    atom = [link for link in node.all("atom:link", "link") if link.get("rel") == "enclosure"]
    offered = node.all("enclosure") + atom + node.all("media:content")
    for group in node.all("media:group"):
        offered += Node(group).all("media:content")
    found = [
        (address, fields.media_type(one.get("type", "")))
        for one in offered
        if (address := fields.link(one.get("url") or one.get("href") or "", base=base))
    ]
    return fields.recording(found)


def _image(node: Node, *, base: str) -> str:
    nested = next((address for image in node.all("image") if (address := Node(image).text("url"))), "")
    address = node.attribute("href", of="itunes:image") or nested or node.attribute("url", of="media:thumbnail")
    return fields.link(address or node.text("itunes:image", "atom:logo", "atom:icon"), base=base)


def _transcripts(node: Node, *, base: str) -> tuple[TranscriptLink, ...]:
    links = (
        TranscriptLink(
            url=fields.link(one.get("url", ""), base=base),
            type=fields.media_type(one.get("type", "")),
            language=fields.language(one.get("language", "")),
        )
        for one in node.all("podcast:transcript")[:MOST_LINKS]
    )
    return tuple(dict.fromkeys(link for link in links if link.url))


def _people(node: Node) -> tuple[Person, ...]:
    people = (
        Person(
            fields.one_line(text_of_element(one), limit=100), fields.one_line(one.get("role", "host"), limit=40).lower()
        )
        for one in node.all("podcast:person")[:MOST_PEOPLE]
    )
    return tuple(dict.fromkeys(person for person in people if person.name))


def _with_hosts(item: ParsedEpisode, hosts: tuple[Person, ...]) -> ParsedEpisode:
    """The people of an item replace those of the channel, says the namespace; only a silent item inherits them."""
    return item if item.people else replace(item, people=hosts)


def _is_blocked(node: Node) -> bool:
    """`podcast:block` with an id is meant for the service of that name alone."""
    whole = [one for one in node.all("podcast:block") if not one.get("id")]
    return any(fields.is_yes(text_of_element(one)) for one in whole + node.all("itunes:block"))


def _xml_language(element: etree._Element) -> str:
    return element.get("{http://www.w3.org/XML/1998/namespace}lang", "")

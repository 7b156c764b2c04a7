"""Hostile and broken XML through libxml2, without entities, DTDs, network or great depth.

What authors get wrong alike is mended in the text first: a parser would lose the words behind a bare `&`, and the rest
of an item behind a tag that nobody closed.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from html.entities import html5
from io import BytesIO

from lxml import etree

from feeds.reading.decoding import charset_of, decode

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_DECLARED = re.compile(rb"^[\s\x00\xef\xbb\xbf]*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.DOTALL)
# Characters that no XML may hold; one NUL would end the document.
_FORBIDDEN = bytes(sorted(set(range(0x20)) - {0x09, 0x0A, 0x0D}))

_REFERENCE = r"(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});"
_BARE = re.compile(rf"&(?!{_REFERENCE})(?:#X([0-9a-fA-F]{{1,6}});|([A-Za-z][A-Za-z0-9]{{1,30}});)?")
_LITERAL = "<![CDATA["
# Elements that never hold anything, and those that sometimes do, where they name an address.
_EMPTY = ("enclosure", "podcast:transcript", "podcast:chapters", "media:thumbnail")
_OPENED = {name: re.compile(rf"<{name}(?=[\s>])[^<>]{{0,4000}}(?<!/)>") for name in _EMPTY}
_LEFT_OPEN = re.compile(
    r"(<(itunes:image|atom:link|link)\s(?=[^<>]{0,2000}href)[^<>]{0,2000})(?<!/)>(?![^<]{0,2000}</\2)"
)
_END = re.compile(
    r"</(?:[\w.-]{1,20}:)?(?:rss|rdf|feed|channel|opml)\s*>|<(?:rss|feed|opml|channel)\s*/>", re.IGNORECASE
)
_ITEM = ("item", "entry")


def text_of(body: bytes, *, content_type: str = "") -> str:
    """The document as text, without its declaration."""
    declared = [name.decode() for name in _DECLARED.findall(body[:400])] + charset_of(content_type)
    return _DECLARATION.sub("", decode(body, declared=declared), count=1).lstrip()


def is_whole(text: str) -> bool:
    """Whether the document has its end; in RDF that of the channel comes before the items."""
    return _END.search(text, max(0, *(text.rfind(f"</{name}") for name in _ITEM))) is not None


def without_last_piece(text: str) -> str:
    """Of a document that breaks off: up to the item in which it does."""
    begins = max(text.rfind(f"<{name}") for name in _ITEM)
    ends = max(text.rfind(f"</{name}") for name in _ITEM)
    return text[:begins] if begins > ends else text


def mended(text: str) -> str:
    return _LEFT_OPEN.sub(r"\1/>", _without_open_tags(_without_bare(text)))


def xml_events(text: str, *, faults: list[str] | None = None) -> Iterator[tuple[str, etree._Element]]:
    """Yield ("start" or "end", element) as far as the document can be understood; never raises for its content.

    At the end `faults` are told where elements may not stand as they were meant.
    """
    source = BytesIO(text.encode("utf-8", "replace").translate(None, delete=_FORBIDDEN))
    events = etree.iterparse(
        source,
        events=("start", "end"),
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    # XMLSyntaxError: nothing that even `recover` could make sense of, or the end of what it could.
    with suppress(etree.XMLSyntaxError):
        yield from events
    if faults is not None:
        # A prefix that nobody declared misplaces nothing.
        faults += (fault.message for fault in events.error_log if fault.domain != etree.ErrorDomains.NAMESPACE)


def _without_bare(text: str) -> str:
    """Every `&` that begins nothing as a reference, except where it stands for itself already."""
    before, *literals = text.split(_LITERAL)
    pieces = [_BARE.sub(_escaped, before)]
    for literal in literals:
        inside, end, after = literal.partition("]]>")
        pieces += (_LITERAL, inside, end, _BARE.sub(_escaped, after) if "&" in after else after)
    return "".join(pieces)


def _escaped(found: re.Match[str]) -> str:
    """A number with a capital X as XML writes it, and what HTML alone knows by name as its characters."""
    if found[1]:
        return f"&#x{found[1]};"
    characters = html5.get(f"{found[2]};") if found[2] else None
    if characters is not None:
        return "".join(f"&#{ord(character)};" for character in characters)
    return "&amp;" + found[0][1:]


def _without_open_tags(text: str) -> str:
    for name, opened in _OPENED.items():
        ends = text.count(f"</{name}")
        if len(opened.findall(text)) > ends:
            text = opened.sub(lambda found: f"{found[0][:-1]}/>", text)
            text = re.sub(rf"</{name}\s*>", "", text) if ends else text
    return text

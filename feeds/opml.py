"""Lists of shows, in and out (http://opml.org/spec2.opml)."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from feeds.adding import add_feed
from feeds.errors import SourceError
from feeds.http import shown
from feeds.markup import xml_events
from feeds.models import Feed

MOST_OUTLINES = 20_000


@dataclass(frozen=True, slots=True)
class Outline:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an OPML file brought; `failed` holds (title or address, reason)."""

    added: tuple[Feed, ...]
    known: tuple[Feed, ...]
    failed: tuple[tuple[str, str], ...]


def import_opml(body: bytes) -> Imported:
    """Add the shows of an OPML file; raise SourceError where it is none. A second import adds nothing."""
    added, known, failed = list[Feed](), list[Feed](), list[tuple[str, str]]()
    for outline in read_opml(body):
        try:
            feed, is_new = add_feed(outline.url, title=outline.title)
        except SourceError as error:
            failed.append((outline.title or shown(outline.url), str(error)))
            continue
        if is_new:
            added.append(feed)
        elif feed not in added:
            known.append(feed)
    return Imported(tuple(added), tuple(known), tuple(failed))


def read_opml(body: bytes) -> list[Outline]:
    """Every outline with a feed's address, however deeply it is nested; also those whose address is empty."""
    outlines, is_opml = list[Outline](), False
    for event, element in xml_events(body):
        name = str(element.tag).rpartition("}")[2].lower()
        is_opml = is_opml or name == "opml"
        if event == "start" and name == "outline" and len(outlines) < MOST_OUTLINES:
            attributes = {str(key).lower(): str(value) for key, value in element.attrib.items()}
            if "xmlurl" in attributes or attributes.get("type", "").lower() == "rss":
                title = attributes.get("title") or attributes.get("text", "")
                outlines.append(Outline(" ".join(title.split())[:300], attributes.get("xmlurl", "").strip()))
    if not is_opml:
        raise SourceError("this is not an OPML file: it has no <opml> element")
    return outlines


def export_opml(feeds: Iterable[Feed]) -> str:
    rows = "".join(
        f'    <outline type="rss" text={quoteattr(feed.title)} xmlUrl={quoteattr(feed.url or "")}'
        f" htmlUrl={quoteattr(feed.site_url)}/>\n"
        for feed in feeds
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head><title>Overheard: shows</title></head>\n'
        f"  <body>\n{rows}  </body>\n</opml>\n"
    )

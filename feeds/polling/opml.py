"""Lists of shows, in and out (http://opml.org/spec2.opml)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from feeds.models import Feed
from feeds.polling.adding import add_feeds, feed_address
from feeds.polling.broken_xml import mended, text_of, xml_events
from feeds.polling.http import shown
from feeds.reading.errors import BadAddress, SourceError

MOST_OUTLINES = 20_000


@dataclass(frozen=True, slots=True)
class Outline:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The shows that an OPML file names: address to title; `failed` holds (title or address, reason)."""

    titles: Mapping[str, str]
    failed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an OPML file brought; `failed` holds (title or address, reason)."""

    added: tuple[Feed, ...]
    known: tuple[Feed, ...]
    failed: tuple[tuple[str, str], ...]


def import_opml(body: bytes) -> Imported:
    """Add the shows of an OPML file; raise SourceError where it is none. A second import adds nothing."""
    listed = listed_in(body)
    shows = add_feeds(listed.titles)
    return Imported(shows.added, shows.known, listed.failed)


def listed_in(body: bytes) -> Listed:
    """Each show once, under the title it has first; raise SourceError where the file is no OPML."""
    titles, failed = dict[str, str](), list[tuple[str, str]]()
    for outline in read_opml(body):
        try:
            titles.setdefault(feed_address(outline.url), outline.title)
        except BadAddress as error:
            failed.append((outline.title or shown(outline.url), str(error)))
    return Listed(titles, tuple(failed))


def read_opml(body: bytes) -> list[Outline]:
    """Every outline with a feed's address, however deeply it is nested; also those whose address is empty."""
    outlines, is_opml = list[Outline](), False
    for event, element in xml_events(mended(text_of(body))):
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

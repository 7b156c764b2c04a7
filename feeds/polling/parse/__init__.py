"""Bytes of a feed to a ParsedFeed; nothing here touches the database or the network."""

from collections.abc import Collection
from dataclasses import replace

from feeds.polling.broken_xml import is_whole, mended, text_of, without_last_piece
from feeds.polling.parse.by_feedparser import parse_by_feedparser
from feeds.polling.parse.json_feed import parse_json
from feeds.polling.parse.parsed import ParsedEpisode, ParsedFeed, Person, TranscriptLink
from feeds.polling.parse.pieces import cut
from feeds.polling.parse.xml import parse_pieces, parse_xml
from feeds.reading.errors import NotAFeed

__all__ = ["ParsedEpisode", "ParsedFeed", "Person", "TranscriptLink", "is_web_page", "parse"]


def parse(body: bytes, *, url: str, content_type: str = "", known: Collection[str] = ()) -> ParsedFeed:
    """Return the feed with all items that can be told apart, or raise NotAFeed.

    Items whose fingerprints are `known` are not read: the feed holds their places only.

    RSS, RDF and Atom are mended where authors err alike, and read incrementally by libxml2, which forgives a lot. What
    it finds nothing in goes to feedparser, which forgives more, at up to thirty times the cost, in a process with a
    limit on its time.
    """
    if not body.strip(b"\0 \t\r\n"):
        raise NotAFeed("the feed is empty")
    if is_web_page(body):
        raise NotAFeed("a web page came instead of a feed")
    text = text_of(body, content_type=content_type)
    feed = parse_json(text, url=url) if text.startswith("{") else _parse_markup(text, url=url, known=known)
    if feed is None or (not feed.length and not feed.skipped and _mentions_items(body)):
        feed = parse_by_feedparser(body, url=url, content_type=content_type) or feed
    if feed is None:
        raise NotAFeed("neither RSS nor Atom came, nor anything like it")
    return feed


def _parse_markup(text: str, *, url: str, known: Collection[str]) -> ParsedFeed | None:
    if is_whole(text):
        pieces = cut(text)
        return parse_pieces(pieces, url=url, known=known) if pieces else parse_xml(mended(text), url=url)
    feed = parse_xml(mended(without_last_piece(text)), url=url)
    return feed and replace(feed, is_whole=False)


def is_web_page(body: bytes) -> bool:
    head = body[:2000].lower()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    has_feed = any(root in head for root in (b"<rss", b"<feed", b"<rdf:"))
    return start.startswith((b"<!doctype html", b"<html")) or (b"<html" in head and not has_feed)


def _mentions_items(body: bytes) -> bool:
    return b"<item" in body or b"<entry" in body

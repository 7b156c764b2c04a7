"""The feeds that a web page names in its head, for whoever types the address of a show's page."""

from urllib.parse import urljoin

from lxml import etree

from feeds.polling.adding import feed_address
from feeds.reading.decoding import charset_of, decode
from feeds.reading.errors import BadAddress
from feeds.reading.markup import html_events

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
MOST = 20


def named_feeds(page: bytes, *, url: str, content_type: str = "") -> list[str]:
    """Their addresses in the stored form, the likeliest first: a feed of comments is hardly ever what is meant."""
    html = decode(page, declared=charset_of(content_type))
    links = [element for event, element in html_events(html) if event == "start" and _names_a_feed(element)][:MOST]
    links.sort(key=lambda link: "comment" in f"{link.get('title', '')} {link.get('href', '')}".lower())
    addresses = (_address(link.get("href", ""), url=url) for link in links)
    return list(dict.fromkeys(address for address in addresses if address and address != url))


def _names_a_feed(element: etree._Element) -> bool:
    return (
        element.tag == "link"
        and "alternate" in element.get("rel", "").lower().split()
        and element.get("type", "").partition(";")[0].strip().lower() in _TYPES
    )


def _address(written: str, *, url: str) -> str:
    try:
        return feed_address(urljoin(url, written.strip()))
    except (BadAddress, ValueError):
        return ""

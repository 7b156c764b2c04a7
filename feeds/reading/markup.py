"""Hostile HTML through libxml2, and the text of any markup."""

import re
from collections.abc import Iterator

from lxml import etree

_BLOCKS = frozenset(
    ["address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "figure", "footer",
     "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
     "table", "td", "th", "tr", "ul"]
)  # fmt: skip
_NOT_TEXT = frozenset(["head", "script", "style", "template", "noscript", "iframe", "object", "svg", "title"])
_LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|&#?\w{1,31};")
MOST_HTML = 400_000


def text_of_element(element: etree._Element) -> str:
    """All text inside; references to unknown entities, left in place by the parser, are kept as they stand."""
    if len(element) == 0:
        return element.text or ""
    return "".join(_texts(element))


def _texts(element: etree._Element) -> Iterator[str]:
    for node in element.iter():
        yield node.text or ""
        if node is not element:
            yield node.tail or ""


def html_events(html: str) -> Iterator[tuple[str, etree._Element]]:
    """Yield ("start" or "end", element) of a page or a snippet; too long ones are cut."""
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    source = html[: MOST_HTML * 10].replace("\0", "").encode("utf-8", "replace")
    try:
        root = etree.fromstring(source, parser) if source.strip() else None
    except etree.XMLSyntaxError:
        root = None
    if root is not None:
        yield from etree.iterwalk(root, events=("start", "end"))


def text_of_html(html: str) -> str:
    """Readable plain text: blocks on lines of their own, no scripts, white space folded; plain text keeps its lines."""
    html = html[:MOST_HTML]
    raw = "".join(_pieces(html)) if _LOOKS_LIKE_HTML.search(html) else html
    lines = (" ".join(line.split()) for line in raw.splitlines())
    return "\n".join(line for line in lines if line)


def _pieces(html: str) -> Iterator[str]:
    hidden = 0
    for event, element in html_events(html):
        tag = element.tag
        if tag in _NOT_TEXT:
            hidden += 1 if event == "start" else -1
        edge = "\n" if tag in _BLOCKS else ""
        inside = element.text if event == "start" else element.tail
        # The tail of a hidden element stands outside of it already.
        yield edge
        if hidden == 0:
            # A line break in the source of a page is white space.
            yield (inside or "").replace("\n", " ").replace("\r", " ")

"""Hostile XML and HTML through libxml2, without entities, DTDs, network or great depth."""

import re
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from feeds.reading.decoding import charset_of, decode

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_DECLARED = re.compile(rb"^[\s\x00\xef\xbb\xbf]*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.DOTALL)
# Characters that no XML may hold; one NUL would end the document.
_FORBIDDEN = bytes(sorted(set(range(0x20)) - {0x09, 0x0A, 0x0D}))

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
_NOT_TEXT = frozenset(["head", "script", "style", "template", "noscript", "iframe", "object", "svg", "title"])
_LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|&#?\w{1,31};")
MOST_HTML = 400_000


def xml_events(body: bytes, *, content_type: str = "") -> Iterator[tuple[str, etree._Element]]:
    """Yield ("start" or "end", element) as far as the document can be understood; never raises for its content."""
    declared = [name.decode() for name in _DECLARED.findall(body[:400])] + charset_of(content_type)
    text = _DECLARATION.sub("", decode(body, declared=declared), count=1).lstrip()
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
    try:
        yield from events
    except etree.XMLSyntaxError:
        # Nothing that even `recover` could make sense of, or the end of what it could.
        return


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

"""HTML: the Podcasting 2.0 form (cite, time, p), and pages of blogs that carry a transcript among other things."""

import re
from collections.abc import Iterator

from lxml.etree import _Element

from feeds.reading.errors import NotATranscript
from feeds.reading.markup import html_events, text_of_element
from feeds.reading.transcripts.formats.error_pages import ERROR_PAGE, is_error_page
from feeds.reading.transcripts.formats.text import read_lines
from feeds.reading.transcripts.formats.times import clock, with_ends
from feeds.reading.transcripts.segments import Segment

FEWEST_CHARACTERS_OF_A_PAGE = 200
_NOT_CONTENT = {"head", "nav", "header", "footer", "aside", "form", "button", "select", "figure", "figcaption",
                "script", "style", "noscript"}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "title"}
_BLOCKS = {"p", "div", "li", "blockquote", "section", "article", "main", "td", "tr", "dd", "dt", "ul", "ol", "table",
           "body", "pre", "br"}  # fmt: skip
_TURN = re.compile(r"(?:\n|\s{2,})\s*(?=(?:--?|—|>>)\s)")
_MENUS = ("toc", "menu", "sidebar", "breadcrumb", "comment", "share", "related", "footer", "navbar")


def read(content: str) -> list[Segment]:
    if "<cite" in content.lower():
        segments = _cited(content)
        if segments:
            return with_ends(segments)
    lines = list(_spoken_lines(content))
    if is_error_page(" ".join(lines), markup=content):
        raise NotATranscript(ERROR_PAGE)
    if sum(len(line) for line in lines) < FEWEST_CHARACTERS_OF_A_PAGE:
        raise NotATranscript("the transcript is a web page with hardly any text on it")
    return read_lines(lines)


def _cited(content: str) -> list[Segment]:
    """`cite` names the speaker of all that follows, `time` the beginning of the next paragraph."""
    segments: list[Segment] = []
    speaker, time = None, None
    for event, element in html_events(content):
        if event == "start":
            continue
        words = _words_in(element)
        if element.tag == "cite":
            speaker = words.strip(" :") or None
        elif element.tag == "time":
            time = clock(words.strip("[]() "))
        elif element.tag == "p" and words:
            segments.append(Segment(_without_header(element, words), speaker, time))
            time = None
    return segments


def _words_in(element: _Element) -> str:
    return " ".join(text_of_element(element).split())


def _without_header(paragraph: _Element, words: str) -> str:
    """Some hosts put cite and time inside of the paragraph."""
    for child in paragraph.iter("cite", "time"):
        words = words.removeprefix(_words_in(child)).strip()
    return words


def _spoken_lines(content: str) -> Iterator[str]:
    """The text of blocks that read like prose: not headings, menus, or heaps of links."""
    hidden = 0
    words: list[str] = []
    linked = 0
    for event, element in html_events(content):
        if _is_hidden(element):
            hidden += 1 if event == "start" else -1
        if element.tag in _BLOCKS and (line := "".join(words).strip()):
            if linked <= len(line) / 2:
                # A dash at the head of a line begins somebody else's turn, even in the middle of a paragraph.
                yield from (" ".join(turn.split()) for turn in _TURN.split(line))
            yield ""
        if element.tag in _BLOCKS:
            words, linked = [], 0
        piece = (element.text if event == "start" else element.tail) or ""
        if hidden == 0:
            words.append(piece)
            linked += len(piece) if _is_link(element, event) else 0


def _is_hidden(element: _Element) -> bool:
    if element.tag in _NOT_CONTENT or element.tag in _HEADINGS:
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}".lower().split()
    return element.tag != "body" and any(menu in name for name in names for menu in _MENUS)


def _is_link(element: _Element, event: str) -> bool:
    return event == "start" and element.tag == "a"

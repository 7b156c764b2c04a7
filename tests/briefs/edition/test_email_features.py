"""The brief uses what docs/email.md lists, for which somebody looked at what the mail programs make of it."""

import re
from pathlib import Path

import html5lib
import pytest

from tests.briefs.edition.printing.test_render import make_spoken, part, print_brief

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "email.md"


def listed(heading: str) -> set[str]:
    """What stands in the first column under the heading."""
    section = DOCUMENT.read_text().split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\|([^|]+)\|", section, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


@pytest.fixture
def html() -> str:
    insights = [
        make_spoken(1),
        make_spoken(2, speaker="", start=None, audio_url="", quote=""),
        make_spoken(3, language="ar", text="One line\nand another"),
    ]
    return part(print_brief(insights), "html")


def declared(css: str) -> set[str]:
    return set(re.findall(r"([a-z-]+)\s*:[^;{}]+(?:;|$)", css))


def in_queries(html: str) -> str:
    return "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))


def test_its_elements_are_listed(html: str) -> None:
    used = {str(element.tag) for element in html5lib.parse(html, namespaceHTMLElements=False).iter()}
    assert used == listed("Elements")


def test_its_properties_are_listed(html: str) -> None:
    elements = html5lib.parse(html, namespaceHTMLElements=False).iter()
    inline = {name for element in elements for name in declared(element.get("style", ""))}
    assert inline | declared(in_queries(html)) == listed("Properties")


def test_its_media_queries_are_listed_and_nothing_else_stands_beside_the_elements(html: str) -> None:
    style = in_queries(html)
    assert set(re.findall(r"@media ([^{]+?) \{", style)) == listed("Media queries")
    assert not re.sub(r"@media [^{]+ \{\s*([^{}]+\{[^{}]*\}\s*)*\}", "", style).strip()


def test_spacing_stands_where_outlook_reads_it(html: str) -> None:
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        style = declared(element.get("style", ""))
        if element.tag not in ("td", "body"):
            assert not {name for name in style if name.startswith("padding")}, element.tag
        if element.tag in ("span", "a", "td", "table"):
            assert not {name for name in style if name.startswith("margin")}, element.tag

"""Reads a brief as it would travel, byte for byte, and says what is wrong with it."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import html5lib

HTML_AT_MOST = 80_000
STYLE_AT_MOST = 16_000
LINE_AT_MOST = 998
ONE_LINE = ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Message-ID", "Auto-Submitted", "From")
_URL = re.compile(r"https?://[^\s\"'<>]+")
_NAMESPACE = "{http://www.w3.org/1999/xhtml}"
_FORBIDDEN = {"script", "img", "form", "iframe", "link", "object", "svg", "video", "audio", "input", "button"}


def lint(content: bytes) -> list[str]:
    """Everything that is wrong; [] for a good brief."""
    message = message_from_bytes(content, policy=policy.default)
    html_part, text_part = message.get_body(("html",)), message.get_body(("plain",))
    if text_part is None:
        return ["there is no text part"]
    text = text_part.get_content()
    found = [*_lines(content), *_headers(content, message), *_links("text", _URL.findall(text))]
    if html_part is not None:
        html = html_part.get_content()
        found += [*_size(content, html), *_elements(html), *_same_in_both(html, text)]
    return found


def _lines(content: bytes) -> list[str]:
    lines = content.split(b"\r\n")
    bare = b"\n" in content.replace(b"\r\n", b"") or b"\r" in content.replace(b"\r\n", b"")
    long = [f"a line of {len(line)} bytes" for line in lines if len(line) > LINE_AT_MOST]
    wrong = {
        "a bare CR or LF": bare,
        "not 7 bit": not content.isascii(),
        "a part that ends in a soft line break": b"=\r\n\r\n--=_" in content or content.endswith(b"=\r\n"),
    }
    return [*long, *(name for name, found in wrong.items() if found)]


def _headers(content: bytes, message: EmailMessage) -> list[str]:
    block = content.split(b"\r\n\r\n", 1)[0].decode("ascii").split("\r\n")
    found = []
    for name in ONE_LINE:
        lines = [index for index, line in enumerate(block) if line.lower().startswith(f"{name.lower()}:")]
        if len(lines) != 1:
            found.append(f"{len(lines)} headers {name}")
        elif lines[0] + 1 < len(block) and block[lines[0] + 1].startswith((" ", "\t")):
            found.append(f"{name} is folded")
    url = str(message["List-Unsubscribe"]).strip("<>")
    if not url.startswith("https://") or len(url) > 58:
        found.append(f"List-Unsubscribe is {url}")
    if "\n" in str(message["Subject"]) or not str(message["Subject"]).strip():
        found.append("the subject is empty or has a line break")
    return found


def _size(content: bytes, html: str) -> list[str]:
    part = content.rsplit(b"\r\n--=_", 2)[1]
    found = [f"{len(part)} bytes of HTML"] if len(part) > HTML_AT_MOST else []
    styles = sum(len(style) for style in re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    return found + ([f"{styles} bytes of style"] if styles > STYLE_AT_MOST else [])


def _elements(html: str) -> list[str]:
    root = html5lib.parse(html)
    found = []
    for element in root.iter():
        name = str(element.tag).removeprefix(_NAMESPACE)
        if name in _FORBIDDEN:
            found.append(f"an element {name}")
        found += [f"{name} has {attribute}" for attribute in element.attrib if str(attribute).startswith("on")]
        if "display:none" in element.attrib.get("style", "").replace(" ", ""):
            found.append("something is hidden")
    return found + _links("html", _hrefs(html))


def _hrefs(html: str) -> list[str]:
    return [element.attrib["href"] for element in html5lib.parse(html).iter() if "href" in element.attrib]


def visible_words(html: str) -> str:
    body = html5lib.parse(html).find(f".//{_NAMESPACE}body")
    return " ".join(" ".join(body.itertext()).split()) if body is not None else ""


def _links(where: str, urls: list[str]) -> list[str]:
    return [f"{where} links to {url}" for url in urls if not url.startswith("https://")]


def _same_in_both(html: str, text: str) -> list[str]:
    in_html, in_text = set(_hrefs(html)), set(_URL.findall(text))
    words_html = len(visible_words(html).split())
    found = [f"only one part links to {url}" for url in sorted(in_html ^ in_text)]
    return found + (["the text part is thin"] if len(text.split()) < 0.6 * words_html else [])

"""How our mail is laid out: lines that every mail program shows whole, styles in every element, one sender's host."""

from __future__ import annotations

import functools
import textwrap
from email.utils import parseaddr

import css_inline
from django.conf import settings

WIDTH = 68


def folded(text: str) -> str:
    """On one line."""
    return " ".join(text.split())


def paragraph(text: str, *, first: str = "", rest: str = "") -> str:
    """A text from outside, indented; a word that is longer than a line is cut."""
    return textwrap.fill(folded(text), WIDTH, initial_indent=first, subsequent_indent=rest)


def wrapped(text: str) -> str:
    """A text of our own, line by line; an indented line is a link or a code and stays in one piece."""
    lines = (line if line.startswith(" ") else _fill(line) for line in text.strip().splitlines())
    return "\n".join(lines) + "\n"


def _fill(line: str) -> str:
    return textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)


def inlined(html: str) -> str:
    """With its styles written into every element, and nothing loaded from anywhere."""
    document: str = _inliner().inline(html)
    return document


@functools.cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


def sender_host() -> str:
    return _host(settings.DEFAULT_FROM_EMAIL)


def message_id(name: str) -> str:
    """The same for the same name: a mail that is sent twice shows up once."""
    return f"<{name}@{sender_host()}>"


@functools.lru_cache(maxsize=16)
def _host(sender: str) -> str:
    _, at, host = parseaddr(sender)[1].rpartition("@")
    return host if at else ""

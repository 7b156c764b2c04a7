"""Saved insights as files for elsewhere, each with its source, its time and its link. Pure."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import quote

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_COLUMNS = (
    *("headline", "text", "quote", "speaker", "show", "episode", "published"),
    *("time", "link", "listen", "topics", "saved"),
)
_MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>#|"})


@dataclasses.dataclass(frozen=True)
class Saved:
    """`start` is "23:41", "about 24 min" or empty; `listen_url` leads to the publisher's audio and may be empty."""

    headline: str
    text: str
    quote: str
    speaker: str
    show: str
    episode: str
    published_at: dt.datetime
    start: str
    url: str
    listen_url: str
    topics: tuple[str, ...]
    saved_at: dt.datetime


def as_markdown(saved: Iterable[Saved]) -> str:
    return "# Saved insights\n" + "".join(_markdown(one) for one in saved)


def as_json(saved: Iterable[Saved]) -> str:
    rows = [
        dataclasses.asdict(one) | {"published_at": one.published_at.isoformat(), "saved_at": one.saved_at.isoformat()}
        for one in saved
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def as_csv(saved: Iterable[Saved]) -> str:
    return _table(_COLUMNS, (_csv_row(one) for one in saved))


def as_readwise_csv(saved: Iterable[Saved]) -> str:
    """The columns that Readwise reads: the words that were said where there are any, our own as the note."""
    header = ["Highlight", "Title", "Author", "URL", "Note", "Location", "Date"]
    return _table(header, (_readwise_row(one) for one in saved))


FORMATS: dict[str, tuple[str, str, Callable[[Sequence[Saved]], str]]] = {
    "markdown": ("saved-insights.md", "text/markdown; charset=utf-8", as_markdown),
    "json": ("saved-insights.json", "application/json", as_json),
    "csv": ("saved-insights.csv", "text/csv; charset=utf-8", as_csv),
    "readwise": ("readwise.csv", "text/csv; charset=utf-8", as_readwise_csv),
}


def _markdown(one: Saved) -> str:
    at = f" at {one.start}" if one.start else ""
    said = f"\n> {_plain(one.quote)}\n>\n> {_plain(one.speaker) or 'said'}{at}\n" if one.quote else ""
    source = f"{_plain(one.show)}, “{_plain(one.episode)}”, {one.published_at:%d %B %Y}{at}"
    listen = f" · [listen](<{_target(one.listen_url)}>)" if one.listen_url else ""
    text = f"{_plain(one.text)}\n" if one.text else ""
    return f"\n## {_plain(one.headline)}\n\n{text}{said}\n{source} · [insight](<{_target(one.url)}>){listen}\n"


def _plain(text: str) -> str:
    """One line in which nothing is markup."""
    return " ".join(text.split()).translate(_MARKDOWN)


def _target(address: str) -> str:
    """As it stands between < and >, out of which nothing in it leads."""
    return "".join(quote(sign) if sign in "<>\\" or sign.isspace() else sign for sign in address)


def _csv_row(one: Saved) -> list[str]:
    return [
        one.headline,
        one.text,
        one.quote,
        one.speaker,
        one.show,
        one.episode,
        f"{one.published_at:%Y-%m-%d}",
        one.start,
        one.url,
        one.listen_url,
        "; ".join(one.topics),
        f"{one.saved_at:%Y-%m-%d %H:%M}",
    ]


def _readwise_row(one: Saved) -> list[str]:
    note = f"{one.headline} {one.text}".rstrip() if one.quote else one.headline
    title = f"{one.show}: {one.episode}"
    return [
        one.quote or one.text,
        title,
        one.speaker or one.show,
        one.url,
        note,
        one.start,
        f"{one.saved_at:%Y-%m-%d %H:%M:%S}",
    ]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue()


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell

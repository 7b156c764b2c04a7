from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.own.saved_export import Saved, as_csv, as_json, as_markdown, as_readwise_csv

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def saved(**fields: Any) -> Saved:
    known: dict[str, Any] = {
        "headline": "Grid batteries pay for themselves",
        "text": "The price of cells fell by half.",
        "quote": "We had it back in five years.",
        "speaker": "Ada Berg",
        "show": "The Grid Hour",
        "episode": "Storage",
        "published_at": NOON,
        "start": "23:41",
        "url": "https://brief.example/insights/1/",
        "listen_url": "https://cdn.example/1.mp3#t=1421",
        "topics": ("Climate & energy",),
        "saved_at": NOON,
    }
    return Saved(**known | fields)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_markdown_carries_source_time_and_link() -> None:
    text = as_markdown([saved()])
    assert "## Grid batteries pay for themselves" in text
    assert "> We had it back in five years." in text
    assert "The Grid Hour, “Storage”, 23 November 2026 at 23:41" in text
    assert "[insight](<https://brief.example/insights/1/>)" in text
    assert "[listen](<https://cdn.example/1.mp3#t=1421>)" in text


def test_nothing_said_becomes_markup() -> None:
    text = as_markdown([saved(headline="# [x](javascript:y)\n## <script>", quote="*a* | _b_")])
    assert "\n## <" not in text
    assert "\\[x\\]" in text
    assert "\\<script\\>" in text


@pytest.mark.parametrize("way_out", [">", "\\>", "> \n\n# x", "%3E>"])
def test_an_address_stays_within_its_brackets(way_out: str) -> None:
    text = as_markdown([saved(listen_url=f"https://cdn.example/{way_out}<script>[x](javascript:y)")])
    target = text.partition("[listen](<")[2]
    assert target.index(">") == len(target.rstrip("\n")) - 2
    assert "<" not in target


def test_json_comes_back_as_it_was() -> None:
    row = json.loads(as_json([saved()]))[0]
    assert row["speaker"] == "Ada Berg"
    assert row["topics"] == ["Climate & energy"]
    assert dt.datetime.fromisoformat(row["published_at"]) == NOON


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " ="])
def test_no_spreadsheet_takes_a_cell_for_a_formula(start: str) -> None:
    for write in (as_csv, as_readwise_csv):
        for row in rows(write([saved(headline=f"{start}1+1", quote=f"{start}cmd|x", speaker=f"{start}A")])):
            assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())


@given(st.text(), st.text(), st.text())
def test_any_text_survives_csv_and_stays_inert(headline: str, quote: str, speaker: str) -> None:
    text = as_csv([saved(headline=headline, quote=quote, speaker=speaker)])
    parsed = list(csv.reader(io.StringIO(text, newline="")))
    assert len(parsed) == 2
    assert len(parsed[1]) == 12
    assert parsed[1][0].removeprefix("'") == headline.removeprefix("'")
    assert not parsed[1][0].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_readwise_gets_its_own_columns() -> None:
    row = rows(as_readwise_csv([saved()]))[0]
    assert list(row) == ["Highlight", "Title", "Author", "URL", "Note", "Location", "Date"]
    assert row["Highlight"] == "We had it back in five years."
    assert row["Title"] == "The Grid Hour: Storage"
    assert row["Date"] == "2026-11-23 12:00:00"


def test_without_a_quote_readwise_gets_our_words() -> None:
    assert rows(as_readwise_csv([saved(quote="", speaker="")]))[0]["Highlight"] == "The price of cells fell by half."

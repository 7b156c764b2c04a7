from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.http import QueryDict
from django.utils.http import urlencode

from accounts.entering.signup_form import Verdict, read, stamp

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def posted(**fields: str | list[str]) -> QueryDict:
    with time_machine.travel(NOW - dt.timedelta(seconds=5), tick=False):
        drawn = stamp()
    with_defaults = {"email": "ada@example.org", "website": "", "stamp": drawn} | fields
    return QueryDict(urlencode(with_defaults, doseq=True))


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_an_address_alone_is_enough() -> None:
    asked = read(posted())
    assert (asked.verdict, asked.address) == (Verdict.GO, "ada@example.org")


def test_the_page_they_came_from_is_remembered() -> None:
    asked = read(posted(topic=["economics", "science"], time_zone="Europe/Berlin"))
    assert (asked.topics, asked.time_zone) == (("economics", "science"), "Europe/Berlin")


def test_a_slip_is_pointed_out_once() -> None:
    asked = read(posted(email="ada@gmial.com"))
    assert (asked.verdict, asked.suggested) == (Verdict.MISTYPED, "ada@gmail.com")
    assert read(posted(email="ada@gmail.con", as_typed="1")).verdict is Verdict.GO


def test_a_throw_away_mailbox_is_refused_in_words() -> None:
    asked = read(posted(email="ada@mailinator.com"))
    assert asked.verdict is Verdict.INVALID
    assert "thrown away" in asked.error


def test_the_field_nobody_sees_catches_programs() -> None:
    assert read(posted(website="https://spam.example")).verdict is Verdict.TRAPPED


def test_an_answer_at_once_is_no_persons() -> None:
    assert read(posted(stamp=stamp())).verdict is Verdict.HASTY


@pytest.mark.parametrize("forged", ["", "box", f"{NOW.timestamp() - 60}:AAAA"])
def test_a_box_that_we_did_not_draw_is_suspicious(forged: str) -> None:
    assert read(posted(stamp=forged)).verdict is Verdict.HASTY


def test_a_page_from_a_cache_or_an_old_tab_is_as_good_as_a_new_one() -> None:
    with time_machine.travel(NOW - dt.timedelta(days=30), tick=False):
        drawn = stamp()
    assert read(posted(stamp=drawn)).verdict is Verdict.GO

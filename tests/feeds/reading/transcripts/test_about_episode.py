import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.reading.transcripts.about_episode import AboutEpisode, about_episode


def of(**told: Any) -> AboutEpisode:
    return about_episode(json.dumps({"version": "1.0.0", "segments": [], **told}).encode())


def test_show_title_and_guests_are_read_where_the_file_has_them() -> None:
    found = of(podcast="Second  Derivative", title="The price of free", guests=["Ada Berg", " ", 5, "Tom\nReyes"])
    assert found == AboutEpisode("Second Derivative", "The price of free", ("Ada Berg", "Tom Reyes"))


def test_one_guest_may_stand_without_a_list() -> None:
    assert of(guests="Ada Berg").guests == ("Ada Berg",)


@pytest.mark.parametrize("told", [{}, {"podcast": None, "title": 3, "guests": {"name": "Ada"}}, {"guests": []}])
def test_what_is_missing_or_something_else_stays_empty(told: dict[str, Any]) -> None:
    assert of(**told) == AboutEpisode()


@pytest.mark.parametrize("data", [b"WEBVTT\n", b"[1]", b"{", b"", b'{"title": ' * 5000])
def test_what_is_no_json_object_says_nothing(data: bytes) -> None:
    assert about_episode(data) == AboutEpisode()


def test_endless_lists_and_titles_are_cut() -> None:
    found = of(title="x" * 5000, guests=["Ada"] * 5000)
    assert len(found.title) == 500
    assert len(found.guests) == 20


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: b"{" + text.encode()))
def test_no_bytes_whatever_break_it(data: bytes) -> None:
    assert isinstance(about_episode(data), AboutEpisode)

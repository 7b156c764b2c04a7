import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.reading.timeline import audio_at, clock, episode_line, iso_duration, moment


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0:00"),
        (7.9, "0:07"),
        (59.999, "0:59"),
        (60, "1:00"),
        (1421, "23:41"),
        (3600, "1:00:00"),
        (36_061, "10:01:01"),
    ],
)
def test_times_are_written_as_players_write_them(seconds: float, written: str) -> None:
    assert clock(seconds) == written


@given(st.floats(min_value=0, max_value=1e6))
def test_a_written_time_reads_back_as_its_whole_seconds(seconds: float) -> None:
    total = 0
    for part in clock(seconds).split(":"):
        total = total * 60 + int(part)
    assert total == int(seconds)


@pytest.mark.parametrize(
    ("start", "is_approximate", "written"),
    [
        (1421.0, False, "23:41"),
        (1421.0, True, "about 24 min"),
        (10.0, True, "about 1 min"),
        (3600.0, True, "about 1 h"),
        (7300.0, True, "about 2 h 2 min"),
        (None, False, ""),
        (None, True, ""),
    ],
)
def test_a_moment_is_exact_or_about_or_absent(start: float | None, is_approximate: bool, written: str) -> None:
    assert moment(start, is_approximate=is_approximate) == written


def test_the_tick_stands_where_the_insight_was_said() -> None:
    line = episode_line(1421, 3482)
    assert line is not None
    assert (line.at, line.of, line.percent, line.anchor) == ("23:41", "58:02", "40.81%", "middle")


@pytest.mark.parametrize(("start", "anchor"), [(0, "start"), (100, "middle"), (199, "end")])
def test_the_time_beside_the_tick_never_leaves_the_line(start: float, anchor: str) -> None:
    line = episode_line(start, 200)
    assert line is not None
    assert line.anchor == anchor


@pytest.mark.parametrize(("start", "duration"), [(None, 100), (10, None), (10, 0), (500, 100), (-1, 100), (None, None)])
def test_a_line_is_drawn_from_real_data_or_not_at_all(start: float | None, duration: float | None) -> None:
    assert episode_line(start, duration) is None


def test_a_duration_a_little_short_of_the_truth_still_has_its_line() -> None:
    line = episode_line(110, 100)
    assert line is not None
    assert line.percent == "100.00%"


@given(st.floats(min_value=0, max_value=1e6), st.floats(min_value=1, max_value=1e6))
def test_the_tick_is_always_on_the_line(start: float, duration: float) -> None:
    line = episode_line(start, duration)
    assert line is None or 0 <= line.position <= 1


def test_the_audio_opens_at_the_whole_second() -> None:
    assert audio_at("https://cdn.example.com/a.mp3?x=1", 1421.8) == "https://cdn.example.com/a.mp3?x=1#t=1421"


def test_a_fragment_of_the_publisher_gives_way_to_the_time() -> None:
    assert audio_at("https://cdn.example.com/a.mp3#old", 5) == "https://cdn.example.com/a.mp3#t=5"


def test_audio_without_a_known_time_opens_at_its_beginning() -> None:
    assert audio_at("https://cdn.example.com/a.mp3", None) == "https://cdn.example.com/a.mp3"


def test_durations_for_machines_are_iso_8601() -> None:
    assert iso_duration(1421.5) == "PT1421S"

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.reading.insights.grounding import Ground
from feeds.reading.insights.moments import ABOUT_WITHIN, Anchor, Moment, Timed, anchors, moment_at
from feeds.reading.transcripts.segments import Segment

FIRST = Anchor(0, 1000.0)


def between(seconds: float, *, at: int) -> Moment | None:
    """The moment of a character of a thousand that took so many seconds to say."""
    return moment_at(at, [FIRST, Anchor(1000, 1000.0 + seconds)])


def test_between_near_times_a_word_has_its_second() -> None:
    assert between(60.0, at=500) == Moment(1030.0)


def test_between_times_some_minutes_apart_the_moment_is_only_about_right() -> None:
    assert between(240.0, at=500) == Moment(1120.0, is_approximate=True)


@pytest.mark.parametrize("at", [0, 20, 980])
def test_beside_a_known_time_it_is_right_however_far_the_next_one_is(at: int) -> None:
    found = between(240.0, at=at)
    assert found is not None
    assert not found.is_approximate


def test_between_times_far_apart_nobody_knows_the_moment_but_at_either_end() -> None:
    assert between(ABOUT_WITHIN + 1, at=500) is None
    assert between(3600.0, at=0) == Moment(1000.0)


def test_before_the_first_time_nobody_knows_the_moment() -> None:
    assert moment_at(9, [Anchor(10, 5.0)]) is None
    assert moment_at(0, []) is None


@pytest.mark.parametrize(
    ("characters", "expected"), [(150, Moment(1010.0)), (1800, Moment(1120.0, True)), (9000, None)]
)
def test_behind_the_last_time_the_pace_of_talk_tells_it_for_a_while(characters: int, expected: Moment | None) -> None:
    assert moment_at(characters, [FIRST]) == expected


def test_a_time_that_runs_backwards_is_not_believed() -> None:
    found = anchors([Timed(0, 9, 50.0, None), Timed(10, 19, 20.0, None), Timed(20, 29, 60.0, None)])
    assert found == [Anchor(0, 50.0), Anchor(20, 60.0)]


def test_the_end_of_a_segment_is_that_of_the_untimed_ones_behind_it() -> None:
    found = anchors([Timed(0, 9, 50.0, 80.0), Timed(10, 19, None, None), Timed(20, 29, None, None)])
    assert found == [Anchor(0, 50.0), Anchor(29, 80.0)]


def test_three_quotes_of_one_long_unbroken_turn_do_not_share_its_beginning_as_their_time() -> None:
    said = [f"Sentence number {number} is about another thing." for number in range(400)]
    ground = Ground([Segment(" ".join(said), None, 961.0, 961.0 + 1800), Segment("Bye.", None, 2761.0, 2762.0)])
    found = [ground.find(said[number]) for number in (100, 200, 300)]
    assert [one.start_time for one in found if one] == [None, None, None]


def test_a_quote_that_is_timed_about_has_no_end() -> None:
    said = [f"Sentence number {number} is about another thing." for number in range(100)]
    found = Ground([Segment(" ".join(said), None, 0.0, 240.0)]).find(said[50])
    assert found is not None
    assert found.is_approximate
    assert found.start_time == pytest.approx(120.0, abs=3)
    assert found.end_time is None


TIMES = st.lists(st.none() | st.floats(0, 20_000), min_size=1, max_size=30)


@given(TIMES, st.integers(0, 4000))
def test_moments_lie_between_the_times_around_them_and_never_run_backwards(times: list[float | None], at: int) -> None:
    known = anchors(Timed(n * 100, n * 100 + 99, time, None) for n, time in enumerate(times))
    assert all(one.seconds <= other.seconds for one, other in itertools.pairwise(known))
    earlier, later = moment_at(at, known), moment_at(at + 7, known)
    if earlier and later:
        assert earlier.seconds <= later.seconds + 0.01
        assert earlier.seconds >= known[0].seconds - 0.01

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.polling import schedule

NOW = dt.datetime(2026, 11, 23, 3, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def every(gap: dt.timedelta, *, count: int = 12, last: dt.datetime = NOW) -> list[dt.datetime]:
    return [last - n * gap for n in range(count)]


@pytest.mark.parametrize(
    ("published", "interval"),
    [
        (every(DAY), 2 * HOUR),
        (every(HOUR), HOUR),
        (every(7 * DAY), 6 * HOUR),
        (every(7 * DAY, last=NOW - 91 * DAY), 24 * HOUR),
        ([NOW], 6 * HOUR),
        ([], 6 * HOUR),
    ],
    ids=["daily", "hourly", "weekly", "dormant", "one episode", "none"],
)
def test_a_feed_is_asked_in_step_with_its_episodes(published: list[dt.datetime], interval: dt.timedelta) -> None:
    assert schedule.after_success(now=NOW, published=published, jitter=0) == NOW + interval


def test_what_the_server_wishes_is_granted_for_a_day_at_most() -> None:
    assert schedule.after_success(now=NOW, published=every(DAY), wish=5 * HOUR, jitter=0) == NOW + 5 * HOUR
    assert schedule.after_success(now=NOW, published=[], wish=90 * DAY, jitter=0) == NOW + DAY


@pytest.mark.parametrize(
    ("cache_control", "ttl", "expected"),
    [
        ("public, max-age=7200", None, 2 * HOUR),
        ('max-age="3600"', 180, 3 * HOUR),
        ("no-cache", None, 0 * HOUR),
        ("max-age=x, max-age=", None, 0 * HOUR),
        ("max-age=99999999999999", None, DAY),
        ("", 10**7, DAY),
    ],
)
def test_wishes_come_from_max_age_and_ttl(cache_control: str, ttl: int | None, expected: dt.timedelta) -> None:
    assert schedule.wish(cache_control=cache_control, ttl_minutes=ttl) == expected


def test_failures_double_the_wait_from_one_hour_to_three_days() -> None:
    waits = [schedule.after_failure(now=NOW, failures=n, jitter=1) - NOW for n in (1, 2, 3, 7, 8, 500)]
    assert waits == [HOUR, 2 * HOUR, 4 * HOUR, 64 * HOUR, 72 * HOUR, 72 * HOUR]


def test_retry_after_is_the_least_wait_and_a_day_at_most() -> None:
    assert schedule.after_failure(now=NOW, failures=1, retry_after=7200, jitter=0) == NOW + 2 * HOUR
    assert schedule.after_failure(now=NOW, failures=1, retry_after=1, jitter=1) == NOW + HOUR
    assert schedule.after_failure(now=NOW, failures=1, retry_after=1e9, jitter=0) == NOW + DAY
    assert schedule.after_pause(now=NOW, retry_after=1800, jitter=0) == NOW + HOUR / 2


@given(failures=st.integers(0, 10**6), retry_after=st.none() | st.floats(0, 1e9), jitter=st.floats(0, 1))
def test_a_failing_feed_is_always_asked_again(failures: int, retry_after: float | None, jitter: float) -> None:
    due = schedule.after_failure(now=NOW, failures=failures, retry_after=retry_after, jitter=jitter)
    assert NOW + 0.7 * HOUR <= due <= NOW + 3 * DAY


def test_a_move_is_believed_after_three_sightings_in_a_week() -> None:
    assert schedule.is_move_believed(first_seen_at=NOW - 7 * DAY, sightings=3, now=NOW)
    assert not schedule.is_move_believed(first_seen_at=NOW - 6 * DAY, sightings=30, now=NOW)
    assert not schedule.is_move_believed(first_seen_at=NOW - 30 * DAY, sightings=2, now=NOW)

import datetime as dt

import pytest

from feeds.polling.http.manners import Manners
from feeds.polling.http.retry_after import retry_after_seconds

NOW = dt.datetime(2026, 11, 23, 3, 0, tzinfo=dt.UTC)


def test_a_host_that_is_being_asked_is_not_asked_again() -> None:
    manners = Manners()
    assert manners.try_enter("a.example", now=10) == 0
    assert manners.try_enter("a.example", now=10) > 0
    assert manners.try_enter("b.example", now=10) == 0


def test_a_host_rests_for_the_gap_after_each_request() -> None:
    manners = Manners()
    manners.try_enter("a.example", now=10)
    manners.leave("a.example", now=12, gap=1)
    assert manners.try_enter("a.example", now=12.25) == 0.75
    assert manners.try_enter("a.example", now=13) == 0


def test_a_pause_the_host_asked_for_is_kept() -> None:
    manners = Manners()
    manners.pause("a.example", now=0, seconds=60)
    manners.pause("a.example", now=0, seconds=5)
    assert manners.try_enter("a.example", now=30) == 30
    assert manners.pause_left("a.example", now=30) == 30
    assert manners.wait_left("a.example", now=61) == 0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Mon, 23 Nov 2026 03:02:00 GMT", 120),
        ("Mon, 23 Nov 2026 02:00:00 GMT", 0),
        ("Tue, 22 Dec 2026 02:00:00 GMT", 86400),
        ("99999999999999999999", 86400),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_retry_after_is_read_in_both_forms_and_capped(value: str, seconds: float | None) -> None:
    assert retry_after_seconds(value, now=NOW) == seconds

import pytest

from accounts.mail.pace import at_once, wait


@pytest.mark.parametrize(
    ("per_second", "since_last", "seconds"),
    [(0, 0, 0), (10, 0.02, 0.08), (10, 0.1, 0), (0.5, 0.5, 1.5)],
)
def test_mails_keep_their_distance(per_second: float, since_last: float, seconds: float) -> None:
    assert wait(per_second=per_second, since_last=since_last) == pytest.approx(seconds)


def test_a_stall_is_not_caught_up_with() -> None:
    assert wait(per_second=10, since_last=60) == 0
    assert wait(per_second=10, since_last=0) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("per_second", "limit", "number"), [(0, 5000, 5000), (2, 5000, 50), (0.001, 5000, 1), (1000, 5000, 5000)]
)
def test_a_run_ends_before_the_next_one_is_rung(per_second: float, limit: int, number: int) -> None:
    assert at_once(per_second=per_second, limit=limit) == number

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from briefs.edition.census import ENDS, OTHERS, Counted, add_up, census
from briefs.models import Brief
from tests.factories import make_brief, make_user

DAY = dt.date(2026, 11, 23)
counted = st.lists(
    st.builds(Counted, st.sampled_from(Brief.State.values), st.sampled_from(["", "paused", "late"]), st.integers(1, 9)),
    unique_by=lambda one: (one.state, one.reason),
)


@given(counted, st.integers(0, 5))
def test_every_state_has_its_place_in_the_sum(rows: list[Counted], unopened: int) -> None:
    found = add_up(DAY, due=sum(row.number for row in rows), counted=rows, unopened=unopened)
    assert found.adds_up
    live = sum(row.number for row in rows if row.state in ("due", "composed", "sending"))
    assert found.in_hand == live
    assert found.is_over == (live + unopened == 0)


def test_a_brief_that_nobody_counted_does_not_add_up() -> None:
    assert not add_up(DAY, due=3, counted=[Counted("sent", "", 2)]).adds_up


def test_rare_reasons_are_counted_together() -> None:
    rows = [Counted("failed", f"550 no such user {number}", 1) for number in range(20)]
    found = add_up(DAY, due=25, counted=[*rows, Counted("failed", "552 too large", 5)])
    assert found.reasons[0] == Counted("failed", "552 too large", 5)
    assert found.reasons[-1].reason == OTHERS
    assert sum(one.number for one in found.reasons) == found.ended["failed"] == 25


@pytest.mark.django_db
def test_the_census_of_a_day_counts_rows_and_promises_without_one() -> None:
    now = timezone.now()
    for state in ENDS:
        make_brief(state=state, reason="" if state == Brief.State.SENT else f"why {state}")
    make_brief(state=Brief.State.COMPOSED)
    make_brief(day=now.date() - dt.timedelta(days=1))
    make_user(next_brief_at=now - dt.timedelta(minutes=1))

    found = census(now.date(), now=now)

    assert (found.due, found.in_hand, found.unopened) == (8, 1, 1)
    assert set(found.ended.values()) == {1}
    assert [(one.state, one.reason) for one in found.reasons] == [(end, f"why {end}") for end in ENDS[1:]]


@pytest.mark.django_db
def test_the_command_prints_a_days_reasons() -> None:
    brief = make_brief(state=Brief.State.SKIPPED, reason="paused")
    out = StringIO()
    call_command("census", brief.day.isoformat(), stdout=out)
    assert "briefs due: 1" in out.getvalue()
    assert "1 paused" in out.getvalue()
    assert "not ended" not in out.getvalue()

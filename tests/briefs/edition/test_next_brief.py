from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import PAUSED_FOR_GOOD, User
from briefs.edition.next_brief import last_in_words, next_in_words
from briefs.models import Brief
from tests.factories import make_brief, make_user

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)  # a Monday


def berliner(**fields: Any) -> User:
    return make_user(time_zone="Europe/Berlin", **fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "tomorrow, 07:00 Europe/Berlin"),
        ({"brief_hour": 20}, "today, 20:00 Europe/Berlin"),
        ({"brief_days": [4]}, "Friday, 27 November, 07:00 Europe/Berlin"),
        ({"cadence": "weekly"}, "Monday, 30 November, 07:00 Europe/Berlin"),
        ({"paused_until": dt.date(2027, 1, 4)}, "Monday, 4 January 2027, 07:00 Europe/Berlin"),
        ({"paused_until": PAUSED_FOR_GOOD}, "none, until you end the pause"),
        ({"brief_days": []}, "none, because no day of the week is chosen"),
        ({"unsubscribed_at": NOW}, "none, because you stopped it"),
        ({"stopped_at": NOW, "stopped_reason": "hard bounce"}, "none, because mail to you is stopped: hard bounce"),
    ],
)
def test_the_next_brief_is_told_in_words(fields: dict[str, Any], words: str) -> None:
    assert next_in_words(berliner(**fields), now=NOW) == words


def test_a_computed_instant_wins_over_a_fresh_guess() -> None:
    user = berliner(next_brief_at=NOW + dt.timedelta(days=2))
    assert next_in_words(user, now=NOW) == "Wednesday, 25 November, 13:00 Europe/Berlin"


def test_a_day_that_had_its_brief_gets_no_second() -> None:
    user = berliner(brief_hour=20)
    make_brief(user, day=NOW.date(), due_at=NOW, sent_at=NOW)
    assert next_in_words(user, now=NOW) == "tomorrow, 20:00 Europe/Berlin"


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        (Brief.State.SENT, "", "Last brief: Monday, 23 November, delivered."),
        (Brief.State.SKIPPED, "paused", "Last brief: Monday, 23 November, skipped: paused."),
        (Brief.State.EMPTY, "nothing new", "Last brief: Monday, 23 November, not sent: nothing new."),
    ],
)
def test_what_became_of_the_last_brief_is_told(state: str, reason: str, words: str) -> None:
    user = berliner()
    make_brief(user, day=NOW.date(), state=state, reason=reason)
    assert last_in_words(user) == words


@pytest.mark.parametrize("state", Brief.State)
def test_every_state_has_words(state: str) -> None:
    user = berliner()
    make_brief(user, day=NOW.date(), state=state)
    last_in_words(user)


def test_before_the_first_brief_nothing_is_said() -> None:
    assert last_in_words(berliner()) == ""

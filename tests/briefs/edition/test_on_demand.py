from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from briefs.choosing.candidates import Candidates
from briefs.edition.compose import compose_due
from briefs.edition.on_demand import KEPT_FOR, RecentCandidates
from briefs.edition.printing.preview import preview
from briefs.edition.printing.sample import sample
from briefs.models import Brief, Interest
from feeds.library.takedown import take_down_insight
from tests.factories import make_insight, make_topic, make_user

pytestmark = pytest.mark.django_db


def headlines(user: User, *, now: dt.datetime) -> set[str]:
    return {item.insight.headline for item in sample(user, now=now).items}


def loads(captured: CaptureQueriesContext) -> int:
    """How often insights were looked for that are salient enough, as only candidates are."""
    return sum('"salience" >=' in query["sql"] for query in captured)


def test_a_second_sample_within_the_minute_loads_no_candidates() -> None:
    now = timezone.now()
    insight = make_insight("First claim", created_at=now)
    with CaptureQueriesContext(connection) as first:
        assert headlines(make_user(), now=now) == {insight.headline}
    with CaptureQueriesContext(connection) as second:
        assert headlines(make_user(), now=now + KEPT_FOR / 2) == {insight.headline}
        assert preview(make_user(), now=now + KEPT_FOR / 2).message is not None
    assert (loads(first), loads(second)) == (1, 0)


def test_a_minute_later_a_sample_holds_what_is_new() -> None:
    user, now = make_user(), timezone.now()
    make_insight("First claim", created_at=now)
    assert headlines(user, now=now) == {"First claim"}
    make_insight("Second claim", created_at=now)
    assert headlines(user, now=now + KEPT_FOR / 2) == {"First claim"}
    assert headlines(user, now=now + KEPT_FOR) == {"First claim", "Second claim"}


def test_an_earlier_moment_is_not_answered_with_later_candidates() -> None:
    user, now = make_user(), timezone.now()
    make_insight("Said since", created_at=now)
    assert headlines(user, now=now) == {"Said since"}
    assert headlines(user, now=now - KEPT_FOR) == set()


def test_what_was_taken_down_within_the_minute_is_in_no_sample() -> None:
    user, now = make_user(), timezone.now()
    regretted = make_insight("Regretted", created_at=now)
    make_insight("Not regretted", created_at=now)
    assert "Regretted" in headlines(user, now=now)
    take_down_insight(regretted, now=now)
    assert headlines(user, now=now) == {"Not regretted"}


def test_a_topic_may_be_younger_than_the_candidates() -> None:
    user, now = make_user(), timezone.now()
    make_insight("First claim", created_at=now)
    sample(user, now=now)
    for name, is_muted in (("Knots", False), ("Tassels", True)):
        Interest.objects.create(user=user, topic=make_topic(name), is_muted=is_muted)
    assert sample(user, now=now).why_empty == "nothing new matched what you asked for"


def test_a_brief_that_is_due_is_composed_of_what_is_there_now() -> None:
    user, now = make_user(), timezone.now()
    make_insight("First claim", created_at=now)
    sample(user, now=now)
    make_insight("Second claim", created_at=now)
    brief = Brief.objects.create(user=user, day=now.date(), due_at=now, next_attempt_at=now)
    compose_due(now=now)
    assert brief.items.count() == 2


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_at_once_share_one_load() -> None:
    make_insight(topics=["Economics"])  # the flush after an earlier test takes all topics away
    recent, now = RecentCandidates(), timezone.now()

    def ask(_: int) -> Candidates:
        try:
            return recent.at(now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(ask, range(4)))
    assert all(one is found[0] for one in found)

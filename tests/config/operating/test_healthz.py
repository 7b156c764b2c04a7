import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Letter
from config.operating.counting import backlog
from config.operating.figures import Backlog, overdue
from feeds.models import Episode, Feed
from tests.factories import make_brief, make_episode, make_feed, make_user

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
LONG_AGO = NOW - dt.timedelta(hours=1)
JUST_NOW = NOW - dt.timedelta(seconds=20)
LATER = NOW + dt.timedelta(minutes=5)


def overdue_work(*, now: dt.datetime) -> dict[str, Backlog]:
    return overdue(backlog(now=now), now=now)


def test_an_installation_with_nothing_to_do_is_well() -> None:
    response = Client().get("/healthz")

    assert (response.status_code, response.json()) == (200, {"stuck": [], "behind": {}})
    assert "no-store" in response["Cache-Control"]


def test_work_that_nobody_does_is_named_with_503() -> None:
    make_feed(created_at=timezone.now() - dt.timedelta(hours=1), next_check_at=None)

    response = Client().get("/healthz")

    answer = {"stuck": ["feeds"], "behind": {"feeds": {"waiting": 1, "oldest_seconds": 3600}}}
    assert (response.status_code, response.json()) == (503, answer)


def test_work_that_just_became_due_is_not_stuck() -> None:
    make_feed(created_at=JUST_NOW, next_check_at=None)
    make_episode(feed=_checked_feed(), state=Episode.State.WAITING, processed_at=None, next_attempt_at=JUST_NOW)

    assert overdue_work(now=NOW) == {}


def test_a_long_queue_that_moves_is_behind_and_not_stuck() -> None:
    feed = _checked_feed()
    make_feed(created_at=LONG_AGO, next_check_at=LONG_AGO)
    make_episode(feed=feed, state=Episode.State.WAITING, processed_at=None, next_attempt_at=LONG_AGO)
    make_episode(feed=feed, state=Episode.State.WAITING, processed_at=None, attempts=1, next_attempt_at=LATER)
    user = make_user()
    Letter.objects.create(user=user, kind="confirm", next_attempt_at=LONG_AGO)
    Letter.objects.create(user=user, kind="confirm", state=Letter.State.SENT, sent_at=JUST_NOW)

    found = overdue_work(now=NOW)
    assert {name: (overdue.waiting, overdue.oldest) for name, overdue in found.items()} == {
        "feeds": (1, LONG_AGO),
        "episodes": (1, LONG_AGO),
        "letters": (1, LONG_AGO),
    }
    assert all(overdue.is_moving for overdue in found.values())


def test_who_watches_is_told_that_work_is_behind_without_an_alarm() -> None:
    long_ago = timezone.now() - dt.timedelta(hours=1)
    make_feed(last_checked_at=timezone.now(), next_check_at=timezone.now() + dt.timedelta(hours=1))
    make_feed(created_at=long_ago, next_check_at=long_ago)

    response = Client().get("/healthz")

    assert (response.status_code, response.json()["stuck"]) == (200, [])
    assert response.json()["behind"] == {"feeds": {"waiting": 1, "oldest_seconds": 3600}}


def test_each_queue_is_watched() -> None:
    feed = make_feed(created_at=LONG_AGO, next_check_at=LONG_AGO, last_checked_at=LONG_AGO)
    make_episode(feed=feed, state=Episode.State.WAITING, processed_at=None, next_attempt_at=LONG_AGO)
    user = make_user()
    make_brief(user=user, state="due", sent_at=None, next_attempt_at=LONG_AGO)
    Letter.objects.create(user=user, kind="confirm", next_attempt_at=LONG_AGO)

    found = overdue_work(now=NOW)
    assert list(found) == ["feeds", "episodes", "briefs", "letters"]
    assert not any(overdue.is_moving for overdue in found.values())


def _checked_feed() -> Feed:
    return make_feed(last_checked_at=JUST_NOW, next_check_at=LATER)

import datetime as dt
import socket
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from accounts.models import Instance, User
from briefs.edition.last_brief import LEASE
from briefs.edition.next_brief import next_in_words
from briefs.edition.tick import heed_zone_database, open_due, schedule_unscheduled, tick
from briefs.models import Brief, Interest
from config.operating.counting import figures
from config.operating.report import as_text
from feeds.models import Insight
from tests.briefs.smtp_sink import running_sink
from tests.factories import make_brief, make_episode, make_feed, make_insight, make_topic, make_user

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def at(hour: int, *, day: int = 0, minute: int = 0) -> dt.datetime:
    return MONDAY + dt.timedelta(days=day, hours=hour, minutes=minute)


@pytest.fixture(autouse=True)
def mail(settings: Settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "accounts.mail.eml_files.EmailBackend"
    settings.MAIL_DIR = tmp_path
    return tmp_path


def said(count: int, *, before: dt.datetime) -> None:
    for number in range(count):
        episode = make_episode(feed=make_feed(), published_at=before - dt.timedelta(hours=3))
        moment = before - dt.timedelta(minutes=10 + number)
        make_insight(episode=episode, topics=["Economics"], created_at=moment)


def reader(**fields: Any) -> User:
    user = make_user(**fields)
    Interest.objects.create(user=user, topic=make_topic("Economics"))
    return user


def test_the_brief_comes_at_the_local_hour_and_once(mail: Path) -> None:
    user = reader(time_zone="Europe/Berlin")
    said(5, before=at(5))
    tick(now=at(5))
    assert not list(mail.iterdir())
    user.refresh_from_db()
    assert user.next_brief_at == at(6)
    ticked = tick(now=at(6, minute=1))
    assert (ticked.opened, ticked.composed, ticked.delivered) == (1, {"composed": 1}, {"sent": 1})
    assert len(list(mail.iterdir())) == 1
    tick(now=at(6, minute=2))
    assert len(list(mail.iterdir())) == 1
    user.refresh_from_db()
    assert user.next_brief_at == at(6, day=1)
    assert Brief.objects.get().day == MONDAY.date()


def test_a_day_without_anything_new_brings_no_mail(mail: Path) -> None:
    reader()
    said(2, before=at(7))
    for day in range(3):
        tick(now=at(7, day=day, minute=1))
        tick(now=at(8, day=day))
    assert [brief.state for brief in Brief.objects.order_by("day")] == ["sent", "empty"]
    assert len(list(mail.iterdir())) == 1


def test_after_an_outage_the_latest_brief_is_caught_up_once(mail: Path) -> None:
    reader()
    tick(now=at(5))
    said(3, before=at(9, day=3))
    tick(now=at(9, day=3))
    states = [(brief.day, brief.state) for brief in Brief.objects.order_by("day")]
    assert states == [(at(0, day=day).date(), "skipped") for day in range(3)] + [(at(0, day=3).date(), "sent")]
    assert all("six hours late" in brief.reason for brief in Brief.objects.filter(state="skipped"))
    assert len(list(mail.iterdir())) == 1


def test_a_brief_that_is_too_late_is_skipped_and_its_items_come_with_the_next(mail: Path) -> None:
    reader()
    tick(now=at(5))
    said(3, before=at(7))
    tick(now=at(14))
    assert Brief.objects.get().state == "skipped"
    assert not list(mail.iterdir())
    tick(now=at(7, day=1))
    assert Brief.objects.latest("day").items.count() == 3
    assert len(list(mail.iterdir())) == 1


def test_what_an_outage_past_the_next_mornings_kept_back_comes_when_it_is_over(settings: Settings) -> None:
    readers = [reader() for _ in range(3)]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with running_sink() as sink, socket.socket() as bound_and_deaf:
        bound_and_deaf.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = bound_and_deaf.getsockname()
        friday, monday = 4, 7
        tick(now=at(5, day=friday))
        for day, count in ((friday, 2), (5, 1), (6, 1), (monday, 1)):
            said(count, before=at(7, day=day))
        for hour in range(24 * friday + 7, 24 * monday + 8):
            tick(now=at(hour))
        assert not sink.accepted
        settings.EMAIL_PORT = sink.port
        tick(now=at(8, day=monday))
    messages = {str(message["To"]): message for message in sink.messages()}
    assert sorted(messages) == sorted(user.email for user in readers)
    assert len(sink.accepted) == len(readers)
    for message in messages.values():
        text = message.get_body(("plain",))
        assert text
        words = " ".join(text.get_content().split())
        assert all(headline in words for headline in Insight.objects.values_list("headline", flat=True))
    states = Brief.objects.filter(user=readers[0]).order_by("day").values_list("state", flat=True)
    assert list(states) == ["skipped", "skipped", "skipped", "sent"]


def test_moving_east_brings_no_second_brief_within_twelve_hours(mail: Path) -> None:
    user = reader(time_zone="America/New_York")
    tick(now=at(11))
    said(3, before=at(12))
    tick(now=at(12))
    User.objects.filter(pk=user.pk).update(time_zone="Pacific/Auckland", next_brief_at=None)
    said(3, before=at(17))
    for hour in range(13, 48):
        tick(now=at(hour))
    sent = sorted(brief.sent_at for brief in Brief.objects.filter(state="sent") if brief.sent_at)
    assert len(sent) >= 2
    assert all(later - earlier >= dt.timedelta(hours=12) for earlier, later in pairwise(sent))
    assert len({brief.day for brief in Brief.objects.all()}) == Brief.objects.count()


@pytest.mark.parametrize(
    ("minute", "states"),
    # 07:00 in Bangkok is twelve hours after 07:00 in New York.
    [(0, ["sent", "sent", "sent"]), (10, ["sent", "sent", "sent"]), (20, ["sent", "skipped", "sent"])],
)
def test_who_moves_across_the_sea_after_a_brief_is_told_what_will_happen_and_it_does(
    mail: Path, minute: int, states: list[str]
) -> None:
    user = reader(time_zone="America/New_York")
    tick(now=at(11))
    for hour in (11, 22, 40):
        said(3, before=at(hour))
    tick(now=at(12, minute=minute))
    User.objects.filter(pk=user.pk).update(time_zone="Asia/Bangkok", next_brief_at=None)
    user.refresh_from_db()
    tomorrow, day_after = "tomorrow, 07:00 Asia/Bangkok", "Wednesday, 25 November, 07:00 Asia/Bangkok"
    left_out = f"{day_after}; that of {tomorrow} is left out, being less than twelve hours after the last one"
    for now in (at(12, minute=30), at(13)):
        assert next_in_words(user, now=now) == (left_out if "skipped" in states else tomorrow)
        tick(now=now)
        user.refresh_from_db()
    for quarter in range(4 * 13, 4 * 51):
        tick(now=MONDAY + quarter * dt.timedelta(minutes=15))
    briefs = list(Brief.objects.order_by("day"))
    assert [brief.state for brief in briefs] == states
    assert [brief.due_at for brief in briefs] == [at(12), at(24), at(48)]
    assert [brief.reason != "" for brief in briefs] == [state == "skipped" for state in states]
    sent = [brief.sent_at for brief in briefs if brief.sent_at]
    assert all(later - earlier >= dt.timedelta(hours=12) for earlier, later in pairwise(sent))
    assert all(brief.sent_at - brief.due_at <= dt.timedelta(minutes=30) for brief in briefs if brief.sent_at)
    assert len(list(mail.iterdir())) == states.count("sent")


def test_a_doubtful_brief_that_was_claimed_late_keeps_its_distance_from_the_claim() -> None:
    user = reader(brief_hour=19, next_brief_at=at(19))
    claimed_at = at(12, minute=59)
    make_brief(
        user,
        day=at(0, day=-1).date(),
        state=Brief.State.UNKNOWN,
        due_at=at(7),
        next_attempt_at=claimed_at + LEASE,
        sent_at=None,
    )
    open_due(now=at(19))
    brief = Brief.objects.latest("day")
    assert (brief.state, brief.day) == ("skipped", at(0).date())
    assert "twelve hours" in brief.reason


def test_a_weekly_subscriber_gets_the_five_of_the_week(mail: Path) -> None:
    user = reader(cadence=User.Cadence.WEEKLY, brief_days=[6])
    tick(now=at(5))
    for day in range(6):
        said(1, before=at(12, day=day))
        tick(now=at(13, day=day))
    tick(now=at(7, day=6))
    brief = Brief.objects.get()
    assert (brief.kind, brief.state, brief.items.count()) == ("weekly", "sent", 5)
    user.refresh_from_db()
    assert user.next_brief_at == at(7, day=13)


def test_a_changed_clock_is_not_overwritten_by_a_tick_that_saw_the_old_one() -> None:
    user = reader()
    schedule_unscheduled(now=at(5))
    stale = User.objects.get(pk=user.pk)
    User.objects.filter(pk=user.pk).update(brief_hour=20, next_brief_at=None)
    assert stale.next_brief_at == at(7)
    open_due(now=at(7))
    schedule_unscheduled(now=at(7))
    user.refresh_from_db()
    assert user.next_brief_at == at(20)
    assert not Brief.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_is_being_changed_is_scheduled_once_the_change_is_made() -> None:
    user = reader()
    changed, seen = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(brief_hour=20, next_brief_at=None)
            changed.set()
            seen.wait(10)
        connection.close()

    changing = threading.Thread(target=change)
    changing.start()
    changed.wait(10)
    assert schedule_unscheduled(now=at(5)) == 0
    seen.set()
    changing.join()
    assert schedule_unscheduled(now=at(5)) == 1
    user.refresh_from_db()
    assert user.next_brief_at == at(20)


def test_who_is_not_confirmed_or_stopped_is_never_scheduled() -> None:
    for user in (make_user(confirmed=False), make_user(unsubscribed_at=MONDAY), make_user(stopped_at=MONDAY)):
        tick(now=at(7))
        user.refresh_from_db()
        assert user.next_brief_at is None
    assert not Brief.objects.exists()


def test_a_week_of_ticks_over_a_clock_change_and_an_outage_keeps_every_promise(mail: Path) -> None:
    clocks = [("Europe/Berlin", 7), ("America/New_York", 2), ("Asia/Kathmandu", 23), ("Pacific/Chatham", 7)]
    readers = [reader(time_zone=zone, brief_hour=hour) for zone, hour in clocks]
    start = dt.datetime(2027, 3, 11, tzinfo=dt.UTC)
    for hour in range(24 * 7):
        now = start + dt.timedelta(hours=hour)
        if hour % 24 == 0:
            said(4, before=now)
        if not 110 <= hour < 140:  # an outage
            tick(now=now)
    for user in readers:
        briefs = list(Brief.objects.filter(user=user).order_by("due_at"))
        sent = [brief.sent_at for brief in briefs if brief.state == "sent" and brief.sent_at]
        items = [item.insight_id for brief in briefs if brief.state == "sent" for item in brief.items.all()]
        assert len(items) == len(set(items))
        assert all(later - earlier >= dt.timedelta(hours=12) for earlier, later in pairwise(sent))
        assert all(brief.sent_at - brief.due_at <= dt.timedelta(hours=6) for brief in briefs if brief.sent_at)
        assert 5 <= len(sent) <= 7
        assert {brief.state for brief in briefs} <= {"sent", "skipped", "empty"}


@pytest.mark.parametrize("bad", [{"time_zone": "Mars/Olympus"}, {"brief_hour": 99}])
def test_one_subscriber_who_cannot_be_scheduled_is_set_aside_and_stops_nobody(bad: dict[str, Any], mail: Path) -> None:
    said(5, before=at(6))
    good, new = reader(next_brief_at=at(7)), reader()
    wrong, wrong_and_new = reader(next_brief_at=at(7)), reader()
    User.objects.filter(pk__in=[wrong.pk, wrong_and_new.pk]).update(**bad)

    for minute in range(3):
        tick(now=at(7, minute=minute))

    assert Brief.objects.get(user=good).state == Brief.State.SENT
    new.refresh_from_db()
    assert new.next_brief_at == at(7, day=1)
    for user in (wrong, wrong_and_new):
        user.refresh_from_db()
        assert str(*bad.values()) in user.schedule_error
        assert user.next_brief_at == at(8), "it is looked at again, and not at every tick"
        assert f"no brief is scheduled for subscriber {user.pk}" in as_text(figures(now=at(9)))
    User.objects.update(time_zone="UTC", brief_hour=7, next_brief_at=None)
    tick(now=at(9))
    assert not User.objects.exclude(schedule_error="").exists()


def test_a_newer_zone_database_moves_what_was_promised_and_an_older_one_nothing() -> None:
    Instance.objects.update_or_create(defaults={"zone_database": "2026a"})
    # As it was reckoned before the zone moved by an hour; who is due keeps their promise.
    moved = reader(next_brief_at=at(8))
    due = reader(next_brief_at=at(4))
    assert not heed_zone_database("2025b", now=at(5))
    assert not heed_zone_database("2026a", now=at(5))
    assert heed_zone_database("2026b", now=at(5))
    schedule_unscheduled(now=at(5))
    moved.refresh_from_db()
    due.refresh_from_db()
    assert (moved.next_brief_at, due.next_brief_at) == (at(7), at(4))
    assert Instance.objects.get().zone_database == "2026b"

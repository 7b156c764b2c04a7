import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from briefs.models import Brief
from config.models import NightRecord
from config.operating.figures import Figures, Night
from config.operating.nights import last_end, report_night
from config.tasks import report_last_night
from tests.factories import make_brief

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(("hour", "day"), [(12, 23), (13, 22), (0, 23)])
def test_a_night_ends_at_its_hour(hour: int, day: int) -> None:
    assert last_end(hour=hour, now=NOW) == dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)


def test_a_night_is_recorded_and_told_of_once() -> None:
    make_brief(due_at=NOW - dt.timedelta(hours=3), state=Brief.State.SENT)
    told: list[Figures] = []

    for minutes in (0, 10, 20):
        report_night(hour=10, now=NOW + dt.timedelta(minutes=minutes), tell=told.append)

    assert [one.night.sent for one in told] == [1]
    record = NightRecord.objects.get()
    assert (record.day, Night.from_json(record.figures).sent) == (NOW.date(), 1)


def test_a_report_that_could_not_be_mailed_is_tried_again() -> None:
    told: list[Figures] = []

    def away(_: Figures) -> None:
        raise OSError("the mail server is away")

    with pytest.raises(OSError, match="away"):
        report_night(hour=10, now=NOW, tell=away)
    assert not report_night(hour=10, now=NOW + dt.timedelta(minutes=1), tell=told.append), "not at every tick"
    assert report_night(hour=10, now=NOW + dt.timedelta(minutes=11), tell=told.append)
    assert len(told) == 1


def test_a_night_that_ended_long_ago_is_recorded_and_not_told_of() -> None:
    told: list[Figures] = []
    assert not report_night(hour=22, now=NOW, tell=told.append)
    assert (len(told), NightRecord.objects.count()) == (0, 1)


def test_the_tick_mails_the_report_to_the_operators_and_says_first_what_went_wrong(settings: Settings) -> None:
    settings.REPORT_TO = ["one@example.com", "two@example.com"]
    settings.REPORT_HOUR = timezone.now().hour
    make_brief(state=Brief.State.FAILED, reason="550 no such policy", due_at=timezone.now())

    report_last_night()

    assert [one.to for one in mail.outbox] == [["one@example.com"], ["two@example.com"]]
    assert "1 thing went wrong" in mail.outbox[0].subject
    assert str(mail.outbox[0].body).splitlines()[2:4] == [
        "What went wrong",
        f"  brief of {timezone.now().date()} for subscriber {Brief.objects.get().user_id}, failed: 550 no such policy",
    ]

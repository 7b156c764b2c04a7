"""Weeks with outages of the mail server and of everything, on a clock of their own; what arrived is the witness."""

from __future__ import annotations

import datetime as dt
import random
import zoneinfo
from collections import Counter, defaultdict
from collections.abc import Iterator
from email import message_from_bytes
from itertools import pairwise

import pytest
from pytest_django import Settings

from accounts.models import User
from briefs.edition.census import ENDS, census
from briefs.edition.tick import tick
from briefs.models import Brief, BriefItem, Interest
from tests.briefs.smtp_sink import Sink, running_sink
from tests.chaos.table import Judge
from tests.factories import make_episode, make_insight, make_topic, make_user

pytestmark = [pytest.mark.chaos, pytest.mark.django_db]

BEGIN = dt.datetime(2026, 3, 20, tzinfo=dt.UTC)
DAYS = 13
STEP = dt.timedelta(hours=1)
LENGTHS = [dt.timedelta(hours=1), dt.timedelta(hours=10), dt.timedelta(days=3)]
# Over the change of clocks in New York and in Berlin, and where there is none.
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Tokyo", "Pacific/Kiritimati", "UTC")
HOURS = (5, 7, 21)


class Outage:
    """From when to when, and whether all is down or the mail server alone."""

    def __init__(self, begin: dt.datetime, length: dt.timedelta, *, is_of_all: bool) -> None:
        self.begin, self.end, self.is_of_all = begin, begin + length, is_of_all

    def is_on(self, now: dt.datetime) -> bool:
        return self.begin <= now < self.end


def _outages(draw: random.Random) -> list[Outage]:
    """One of each length, none within two hours of another."""
    days = [2, 5, 9]
    return [
        Outage(BEGIN + dt.timedelta(days=day, minutes=30 * draw.randrange(24)), length, is_of_all=draw.random() < 0.5)
        for day, length in zip(days, draw.sample(LENGTHS, 3), strict=True)
    ]


def _steps() -> Iterator[dt.datetime]:
    now = BEGIN
    while now < BEGIN + dt.timedelta(days=DAYS):
        yield now
        now += STEP


def _subscribe() -> None:
    topic = make_topic()
    for zone in ZONES:
        for hour in HOURS:
            user = make_user(time_zone=zone, brief_hour=hour, confirmed_at=BEGIN)
            Interest.objects.create(user=user, topic=topic)


def _say_something(now: dt.datetime) -> None:
    """More every six hours than a brief holds in a day."""
    moment = now - dt.timedelta(minutes=1)
    for _ in range(2):
        episode = make_episode(published_at=now - dt.timedelta(hours=1), processed_at=moment)
        make_insight(episode=episode, topics=["Economics"], created_at=moment)


def _live(sink: Sink, outages: list[Outage]) -> list[tuple[dt.datetime, str]]:
    """Mails as they arrived: when, and to whom."""
    arrived: list[tuple[dt.datetime, str]] = []
    for number, now in enumerate(_steps()):
        on = [one for one in outages if one.is_on(now)]
        sink.at_sender = (lambda: "421 4.3.2 away") if on else (lambda: None)
        if number % 6 == 0:
            _say_something(now)
        if not any(one.is_of_all for one in on):
            tick(now=now)
        arrived += [(now, _reader(content)) for content in sink.accepted[len(arrived) :]]
    return arrived


def _reader(content: bytes) -> str:
    return str(message_from_bytes(content)["To"])


def _promised(user: User) -> set[dt.date]:
    """Every local day whose hour has come, and come long enough ago to be settled."""
    zone, end = zoneinfo.ZoneInfo(user.time_zone), BEGIN + dt.timedelta(days=DAYS) - dt.timedelta(hours=7)
    days = (BEGIN.date() + dt.timedelta(days=offset) for offset in range(-1, DAYS + 2))
    return {day for day in days if BEGIN < dt.datetime.combine(day, dt.time(user.brief_hour), zone) <= end}


def _too_near(arrived: list[tuple[dt.datetime, str]]) -> list[str]:
    by_reader: dict[str, list[dt.datetime]] = defaultdict(list)
    for at, reader in arrived:
        by_reader[reader].append(at)
    pairs = ((reader, *pair) for reader, times in by_reader.items() for pair in pairwise(times))
    return [reader for reader, first, second in pairs if second - first < dt.timedelta(hours=12)]


def test_outages_lose_no_morning_and_bring_none_twice(seed: int, judge: Judge, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    _subscribe()
    with running_sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        arrived = _live(sink, _outages(random.Random(seed)))  # noqa: S311

    users = User.objects.all()
    briefs = Brief.objects.select_related("user")
    sent = briefs.filter(state=Brief.State.SENT)
    rows = {(one.user_id, one.day): one for one in briefs}
    promised = {(user.pk, day) for user in users for day in _promised(user)}
    shown = Counter(BriefItem.objects.filter(brief__in=sent).values_list("brief__user", "insight"))
    judge("every promised morning has a row", promised - rows.keys())
    judge(
        "every row has ended, with its reason",
        [
            key
            for key in promised & rows.keys()
            if rows[key].state not in ENDS or not (rows[key].reason or rows[key].state == "sent")
        ],
    )
    judge("as many arrived as are recorded as sent", range(abs(len(arrived) - sent.count())))
    judge("two mails are twelve hours apart", _too_near(arrived))
    judge(
        "nothing comes more than six hours late",
        [one for one in sent if one.sent_at and one.sent_at - one.due_at > dt.timedelta(hours=6)],
    )
    judge("nothing is told twice", [key for key, number in shown.items() if number > 1])
    days = {day for _, day in rows}
    judge("the census of every day adds up", [day for day in days if not census(day, now=BEGIN).adds_up])
    assert arrived

import datetime as dt
import itertools
from collections.abc import Collection
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.edition.schedule import (
    LATEST,
    MINIMUM_GAP,
    PATIENCE,
    Clock,
    Coming,
    Slot,
    coming,
    is_too_late,
    keeps_gap,
    may_come_at,
    next_slot,
    slots_between,
)

EVERY_DAY = tuple(range(7))
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "America/Santiago",
    "America/Nuuk",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "UTC",
]
instants = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2031, 1, 1), timezones=st.just(dt.UTC))


def next_brief_at(
    *,
    time_zone: str,
    hour: int,
    days: Collection[int],
    now: dt.datetime,
    weekly: bool = False,
    paused_until: dt.date | None = None,
    last_day: dt.date | None = None,
) -> dt.datetime | None:
    slot = next_slot(Clock(time_zone, hour, days, weekly, paused_until), now=now, last_day=last_day)
    return slot.at if slot else None


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "hour", "now", "due"),
    [
        ("Europe/Berlin", 7, "2026-11-23T05:59", "2026-11-23T06:00"),
        ("Europe/Berlin", 7, "2026-11-23T06:00", "2026-11-24T06:00"),
        ("Asia/Kathmandu", 7, "2026-11-23T00:00", "2026-11-23T01:15"),
        # 02:00 to 03:00 does not exist.
        ("Europe/Berlin", 2, "2027-03-27T12:00", "2027-03-28T01:00"),
        ("America/New_York", 2, "2027-03-14T00:00", "2027-03-14T07:00"),
        # Half an hour is skipped, from 02:00 to 02:30.
        ("Australia/Lord_Howe", 2, "2026-10-03T00:00", "2026-10-03T15:30"),
        # Midnight itself does not exist.
        ("America/Havana", 0, "2027-03-13T12:00", "2027-03-14T05:00"),
        # Comes twice: the first counts.
        ("Europe/Berlin", 2, "2026-10-24T12:00", "2026-10-25T00:00"),
        ("America/New_York", 1, "2026-10-31T12:00", "2026-11-01T05:00"),
        # The whole of 30 December 2011 never happened there.
        ("Pacific/Apia", 7, "2011-12-29T18:00", "2011-12-30T17:00"),
    ],
)
def test_the_due_instant_is_exact(zone: str, hour: int, now: str, due: str) -> None:
    assert next_brief_at(time_zone=zone, hour=hour, days=EVERY_DAY, now=utc(now)) == utc(due)


def test_a_brief_whose_hour_falls_past_midnight_still_belongs_to_its_day() -> None:
    slot = next_slot(Clock("America/Nuuk", 23, EVERY_DAY), now=utc("2027-03-27T12:00"))
    assert slot == Slot(dt.date(2027, 3, 27), utc("2027-03-28T01:00"))


@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    days=st.sets(st.integers(0, 6), min_size=1),
    now=instants,
)
@settings(max_examples=300, deadline=None)
def test_the_next_brief_lies_ahead_on_a_wanted_day_at_the_wanted_hour(
    zone: str, hour: int, days: set[int], now: dt.datetime
) -> None:
    slot = next_slot(Clock(zone, hour, days), now=now)
    assert slot
    assert slot.at > now
    assert slot.day.weekday() in days
    local = slot.at.astimezone(ZoneInfo(zone))
    wanted = dt.datetime.combine(slot.day, dt.time(hour))
    assert local.replace(tzinfo=None) >= wanted
    assert local.replace(tzinfo=None) - wanted <= dt.timedelta(hours=2)
    # Nothing was left out: the same question a minute before the answer has the same answer.
    assert next_slot(Clock(zone, hour, days), now=slot.at - dt.timedelta(minutes=1)) == slot


@given(zone=st.sampled_from(ZONES), hour=st.integers(0, 23), now=instants)
@settings(max_examples=50, deadline=None)
def test_every_local_day_has_exactly_one_brief(zone: str, hour: int, now: dt.datetime) -> None:
    slots = []
    for _ in range(10):
        slot = next_slot(Clock(zone, hour, EVERY_DAY), now=now)
        assert slot
        slots.append(slot)
        now = slot.at
    assert all(b.day - a.day == dt.timedelta(days=1) for a, b in itertools.pairwise(slots))
    assert all(b.at - a.at > MINIMUM_GAP for a, b in itertools.pairwise(slots))


@given(st.lists(st.tuples(st.sampled_from(ZONES), st.integers(0, 23)), min_size=2, max_size=8), instants)
@settings(max_examples=100, deadline=None)
def test_moving_and_changing_the_hour_keep_one_a_day_and_the_gap(
    moves: list[tuple[str, int]], now: dt.datetime
) -> None:
    sent: list[dt.datetime] = []
    day: dt.date | None = None
    for zone, hour in moves:
        slot = next_slot(Clock(zone, hour, EVERY_DAY), now=now, last_day=day)
        assert slot
        assert day is None or slot.day > day
        foreseen = coming(
            Clock(zone, hour, EVERY_DAY), promised=slot.at, now=now, last_day=day, last_at=sent[-1] if sent else None
        )
        at = may_come_at(slot.at, last_at=sent[-1] if sent else None)
        assert (foreseen.at == slot.at) == (foreseen.left_out is None) == (at is not None)
        if at:
            assert dt.timedelta() <= at - slot.at <= PATIENCE
            sent.append(at)
        day, now = slot.day, slot.at + dt.timedelta(hours=1)
    assert all(keeps_gap(b, last_at=a) for a, b in itertools.pairwise(sent))


@pytest.mark.parametrize(
    ("short_of", "waits"),
    [(dt.timedelta(seconds=-1), dt.timedelta()), (dt.timedelta(seconds=30), dt.timedelta(seconds=30))],
)
def test_who_is_short_of_the_gap_by_little_waits_for_the_rest_of_it(
    short_of: dt.timedelta, waits: dt.timedelta
) -> None:
    due = utc("2026-11-24T00:00")
    assert may_come_at(due, last_at=due - MINIMUM_GAP + short_of) == due + waits


def test_who_is_short_of_it_by_more_is_left_out() -> None:
    due = utc("2026-11-24T00:00")
    assert may_come_at(due, last_at=due - MINIMUM_GAP + PATIENCE) == due + PATIENCE
    assert may_come_at(due, last_at=due - MINIMUM_GAP + PATIENCE + dt.timedelta(seconds=1)) is None
    assert may_come_at(due, last_at=None) == due


def test_what_is_left_out_is_foreseen_with_what_comes_after_it() -> None:
    bangkok = Clock("Asia/Bangkok", 7, EVERY_DAY)
    sent = utc("2026-11-23T12:20")
    known = {"promised": None, "now": utc("2026-11-23T13:00"), "last_day": dt.date(2026, 11, 23)}
    assert coming(bangkok, **known, last_at=sent) == Coming(utc("2026-11-25T00:00"), left_out=utc("2026-11-24T00:00"))  # type: ignore[arg-type]
    assert coming(bangkok, **known, last_at=sent - PATIENCE) == Coming(utc("2026-11-24T00:00"))  # type: ignore[arg-type]


def test_a_weekly_brief_comes_on_the_first_of_the_chosen_days() -> None:
    monday = utc("2026-11-23T07:00")
    due = next_brief_at(time_zone="UTC", hour=7, days=[4, 5], now=monday, weekly=True)
    assert due == utc("2026-11-27T07:00")
    assert next_brief_at(time_zone="UTC", hour=7, days=[4, 5], now=due, weekly=True) == utc("2026-12-04T07:00")


def test_a_pause_ends_on_the_day_it_names() -> None:
    due = next_brief_at(
        time_zone="UTC", hour=7, days=EVERY_DAY, now=utc("2026-11-23T00:00"), paused_until=dt.date(2027, 2, 1)
    )
    assert due == utc("2027-02-01T07:00")


def test_a_pause_for_good_has_no_next_brief() -> None:
    for_good = dt.date(9999, 12, 31)
    now = utc("2026-11-23T00:00")
    assert next_brief_at(time_zone="Asia/Tokyo", hour=7, days=EVERY_DAY, now=now, paused_until=for_good) is None


def test_without_any_day_there_is_no_next_brief() -> None:
    assert next_brief_at(time_zone="UTC", hour=7, days=[], now=utc("2026-11-23T00:00")) is None
    assert next_brief_at(time_zone="UTC", hour=7, days=[], now=utc("2026-11-23T00:00"), weekly=True) is None


def test_every_slot_of_an_outage_is_known_and_the_latest_alone_can_be_in_time() -> None:
    clock = Clock("UTC", 7, EVERY_DAY)
    now = utc("2026-11-26T09:00")
    slots = slots_between(clock, since=utc("2026-11-23T07:00"), now=now)
    assert slots == [Slot(dt.date(2026, 11, day), utc(f"2026-11-{day}T07:00")) for day in (23, 24, 25, 26)]
    assert [is_too_late(slot.at, now=now) for slot in slots] == [True, True, True, False]
    assert slots_between(clock, since=utc("2026-11-26T05:00"), now=utc("2026-11-26T06:00")) == []


@given(zone=st.sampled_from(ZONES), hour=st.integers(0, 23), since=instants, hours=st.integers(0, 24 * 50))
@settings(max_examples=100, deadline=None)
def test_what_was_promised_one_by_one_is_what_an_outage_has_missed(
    zone: str, hour: int, since: dt.datetime, hours: int
) -> None:
    clock, now = Clock(zone, hour, EVERY_DAY), since + dt.timedelta(hours=hours)
    promised: list[Slot] = []
    at = since - dt.timedelta(microseconds=1)
    while (slot := next_slot(clock, now=at, last_day=promised[-1].day if promised else None)) and slot.at <= now:
        promised.append(slot)
        at = slot.at
    assert slots_between(clock, since=since, now=now) == promised
    assert sum(now - slot.at <= LATEST for slot in promised) <= 1


def test_six_hours_late_is_the_limit() -> None:
    due = utc("2026-11-23T07:00")
    assert not is_too_late(due, now=due + dt.timedelta(hours=6))
    assert is_too_late(due, now=due + dt.timedelta(hours=6, seconds=1))

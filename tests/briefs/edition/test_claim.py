import datetime as dt
from operator import attrgetter

import pytest
from django.utils import timezone

from accounts.models import User
from briefs.edition.claim import Circumstances, Claim, claim, decide, give_back, record
from briefs.edition.last_brief import LEASE
from briefs.models import Brief
from tests.factories import make_brief, make_user

NOW = dt.datetime(2026, 11, 26, 7, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
EMAIL = attrgetter("email")


def decided(user: User | None = None, **fields: object) -> tuple[Brief.State, str]:
    receiving = user or User(confirmed_at=NOW)
    known: dict[str, object] = {"due_at": NOW, "is_suppressed": False, "last_at": None}
    return decide(NOW.date(), Circumstances(receiving, **known | fields), now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("reached", [None, NOW - 12 * HOUR])
def test_a_brief_in_time_is_sent_to_who_receives(reached: dt.datetime | None) -> None:
    assert decided(due_at=NOW - 6 * HOUR, last_at=reached) == (Brief.State.SENDING, "")


@pytest.mark.parametrize(
    "user",
    [
        User(confirmed_at=None),
        User(confirmed_at=NOW, is_active=False),
        User(confirmed_at=NOW, unsubscribed_at=NOW),
        User(confirmed_at=NOW, stopped_at=NOW),
    ],
)
def test_who_does_not_receive_is_left_alone(user: User) -> None:
    assert decided(user)[0] == Brief.State.SUPPRESSED


def test_suppression_comes_before_every_other_reason() -> None:
    assert decided(is_suppressed=True, due_at=NOW - 7 * HOUR)[0] == Brief.State.SUPPRESSED


def test_a_pause_ends_with_the_day_it_names() -> None:
    def paused_until(day: dt.date) -> User:
        return User(confirmed_at=NOW, paused_until=day)

    assert decided(paused_until(NOW.date() + dt.timedelta(days=1))) == (Brief.State.SKIPPED, "paused")
    assert decided(paused_until(NOW.date()))[0] == Brief.State.SENDING


def test_a_late_brief_and_one_too_near_the_last_are_skipped() -> None:
    late, near = decided(due_at=NOW - 7 * HOUR), decided(last_at=NOW - 11 * HOUR)
    assert (late[0], near[0]) == (Brief.State.SKIPPED, Brief.State.SKIPPED)
    assert "late" in late[1]
    assert "twelve hours" in near[1]


def composed(user: User | None = None) -> Brief:
    now = timezone.now()
    brief = make_brief(user, state=Brief.State.COMPOSED, sent_at=None, due_at=now, next_attempt_at=now)
    return Brief.objects.select_related("user").get(pk=brief.pk)


def claimed(brief: Brief, now: dt.datetime | None = None) -> Claim:
    taken = claim(brief, address_of=EMAIL, now=now or timezone.now())
    assert isinstance(taken, Claim)
    return taken


@pytest.mark.django_db
def test_a_brief_is_claimed_once_and_leased() -> None:
    brief, now = composed(), timezone.now()
    assert claimed(brief, now).attempt == 1
    assert claim(brief, address_of=EMAIL, now=now) is None
    brief.refresh_from_db()
    assert (brief.state, brief.attempts, brief.next_attempt_at) == (Brief.State.SENDING, 1, now + LEASE)


@pytest.mark.django_db
def test_what_comes_of_it_is_recorded() -> None:
    brief, now = composed(), timezone.now()
    record(claimed(brief), Brief.State.SENT, sent_at=now, subject="First")
    brief.refresh_from_db()
    assert (brief.state, brief.sent_at, brief.subject) == (Brief.State.SENT, now, "First")


@pytest.mark.django_db
def test_a_claim_that_lost_its_number_records_nothing() -> None:
    brief = composed()
    lost = claimed(brief)
    Brief.objects.update(state=Brief.State.COMPOSED, next_attempt_at=timezone.now())
    held = claimed(brief)
    record(lost, Brief.State.SENT, sent_at=timezone.now(), subject="First")
    brief.refresh_from_db()
    assert (brief.state, brief.sent_at, brief.attempts) == (Brief.State.SENDING, None, held.attempt)


@pytest.mark.django_db
def test_what_a_person_decided_meanwhile_stays() -> None:
    brief = composed()
    held = claimed(brief)
    Brief.objects.update(state=Brief.State.SKIPPED)
    record(held, Brief.State.SENT, sent_at=timezone.now())
    brief.refresh_from_db()
    assert brief.state == Brief.State.SKIPPED


@pytest.mark.django_db
def test_a_claim_of_which_nobody_heard_is_given_back_and_nobody_elses() -> None:
    brief, now = composed(), timezone.now()
    claimed(brief, now)
    give_back(brief, now=now - dt.timedelta(microseconds=1))
    brief.refresh_from_db()
    assert brief.state == Brief.State.SENDING
    give_back(brief, now=now)
    brief.refresh_from_db()
    assert (brief.state, brief.next_attempt_at) == (Brief.State.COMPOSED, now)
    assert claimed(brief, now).attempt == 2


@pytest.mark.django_db
def test_a_brief_that_was_never_claimed_is_not_given_back() -> None:
    brief = make_brief(state=Brief.State.SENT)
    give_back(brief, now=timezone.now())
    brief.refresh_from_db()
    assert brief.state == Brief.State.SENT


@pytest.mark.django_db
def test_the_subscriber_is_read_anew() -> None:
    brief = composed(make_user(brief_days=[0, 1, 2, 3, 4, 5, 6]))
    User.objects.update(brief_format=User.Format.TEXT, link_version=7, brief_days=[2])
    user = claimed(brief).user
    assert (user.brief_format, user.link_version, user.brief_days) == (User.Format.TEXT, 7, [2])
    assert user == User.objects.get()


@pytest.mark.django_db
def test_a_brief_waits_where_the_address_changed_since_it_was_listed() -> None:
    brief = composed()
    User.objects.update(email="another@example.org")
    assert claim(brief, address_of=EMAIL, now=timezone.now()) is None
    brief.refresh_from_db()
    assert brief.state == Brief.State.COMPOSED

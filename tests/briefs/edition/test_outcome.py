from __future__ import annotations

from functools import partial
from operator import attrgetter

import pytest
from django.utils import timezone

from briefs.edition.claim import Claim, claim, record
from briefs.edition.outcome import Outcomes
from briefs.models import Brief
from tests.factories import make_brief

pytestmark = pytest.mark.django_db


def sending() -> Claim:
    now = timezone.now()
    brief = make_brief(state=Brief.State.COMPOSED, sent_at=None, due_at=now, next_attempt_at=now)
    taken = claim(brief, address_of=attrgetter("email"), now=now)
    assert isinstance(taken, Claim)
    return taken


def sent(outcomes: Outcomes, claimed: Claim) -> None:
    state = outcomes.record(partial(record, claimed, Brief.State.SENT, sent_at=timezone.now()), what="a brief")
    assert state == Brief.State.SENT


def the_database_forgets(claimed: Claim) -> None:
    """As it does where it dies before what it said yes to came to the disk."""
    Brief.objects.filter(pk=claimed.brief.pk).update(state=Brief.State.SENDING, sent_at=None)


def state_of(claimed: Claim) -> str:
    return Brief.objects.get(pk=claimed.brief.pk).state


def test_what_the_database_forgot_is_written_again_with_the_next() -> None:
    outcomes, first, second = Outcomes(), sending(), sending()
    sent(outcomes, first)
    the_database_forgets(first)
    sent(outcomes, second)
    assert (state_of(first), state_of(second)) == (Brief.State.SENT, Brief.State.SENT)


def test_the_last_one_is_written_again_at_the_end() -> None:
    outcomes, last = Outcomes(), sending()
    sent(outcomes, last)
    the_database_forgets(last)
    outcomes.settle()
    assert state_of(last) == Brief.State.SENT


def test_what_is_on_the_disk_is_not_written_again() -> None:
    outcomes, first, second = Outcomes(), sending(), sending()
    sent(outcomes, first)
    outcomes.are_certain()
    the_database_forgets(first)
    sent(outcomes, second)
    outcomes.settle()
    the_database_forgets(second)
    outcomes.settle()
    assert (state_of(first), state_of(second)) == (Brief.State.SENDING, Brief.State.SENDING)


def test_what_a_person_decided_meanwhile_stays() -> None:
    outcomes, claimed = Outcomes(), sending()
    sent(outcomes, claimed)
    Brief.objects.filter(pk=claimed.brief.pk).update(state=Brief.State.SKIPPED)
    outcomes.settle()
    assert state_of(claimed) == Brief.State.SKIPPED

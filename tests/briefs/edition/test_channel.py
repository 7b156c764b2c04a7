"""Briefs through a channel that is no e-mail: the ledger does not know the difference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

import pytest
from django.core import mail
from django.db.models import Q
from django.utils import timezone

from accounts.keyed_hashes import address_hash
from accounts.letters.deliver import deliver_letters, request_letter
from accounts.mail.message import Message
from accounts.mail.verdict import Fate, Verdict
from accounts.models import Letter, Suppression, User
from briefs.edition.deliver import Delivered, deliver_through
from briefs.edition.holds import TROUBLE
from briefs.models import Brief
from tests.factories import make_brief, make_insight

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


class Objection(Exception):
    pass


@dataclass
class Noticeboard:
    """Pins briefs to a board with a place for each subscriber; `objects` tells what it makes of the next ones."""

    name: str = "board"
    is_there: bool = True
    objects: Fate | None = None
    pinned: list[tuple[str, str]] = field(default_factory=list)

    def is_reachable(self) -> bool:
        return self.is_there

    def address(self, user: User) -> str:
        return f"place {user.pk}"

    def provider(self, address: str) -> str:
        return ""

    def kept_by(self, providers: Collection[str]) -> Q:
        return Q(pk__in=[])

    def hand_over(self, message: Message, *, to: str) -> None:
        if self.objects:
            raise Objection
        self.pinned.append((to, str(message.subject)))

    def verdict(self, error: Exception) -> Verdict:
        assert isinstance(error, Objection)
        assert self.objects
        return Verdict(self.objects, "the board objects")


def composed(user: User | None = None, **fields: object) -> Brief:
    now = timezone.now()
    defaults: dict[str, object] = {"state": Brief.State.COMPOSED, "sent_at": None, "due_at": now}
    return make_brief(user, insights=[make_insight()], **defaults | {"next_attempt_at": now} | fields)


def deliver(board: Noticeboard, *, now: dt.datetime | None = None) -> Delivered:
    return deliver_through(board, now=now or timezone.now(), limit=100)


def test_a_brief_reaches_its_subscriber_once() -> None:
    brief, board = composed(), Noticeboard()
    assert deliver(board) == {Brief.State.SENT: 1}
    assert deliver(board) == {}
    assert board.pinned == [(f"place {brief.user_id}", brief.insights.get().headline)]
    brief.refresh_from_db()
    assert (brief.state, brief.subject) == (Brief.State.SENT, brief.insights.get().headline)
    assert mail.outbox == []


@pytest.mark.parametrize("change", [{"unsubscribed_at": timezone.now()}, {"stopped_at": timezone.now()}])
def test_who_stopped_is_left_alone(change: dict[str, object]) -> None:
    brief, board = composed(), Noticeboard()
    User.objects.filter(pk=brief.user_id).update(**change)
    assert deliver(board) == {Brief.State.SUPPRESSED: 1}
    assert board.pinned == []


def test_one_that_cannot_be_reached_costs_no_attempt() -> None:
    brief = composed()
    assert deliver(Noticeboard(is_there=False)) == {}
    brief.refresh_from_db()
    assert (brief.state, brief.attempts) == (Brief.State.COMPOSED, 0)


def test_what_it_puts_off_comes_later() -> None:
    brief, board = composed(), Noticeboard(objects=Fate.LATER)
    assert deliver(board) == {Brief.State.COMPOSED: 1}
    board.objects = None
    assert deliver(board, now=timezone.now() + HOUR) == {Brief.State.SENT: 1}
    brief.refresh_from_db()
    assert (brief.attempts, len(board.pinned)) == (2, 1)


@pytest.mark.parametrize(("fate", "state"), [(Fate.REFUSED, Brief.State.FAILED), (Fate.UNKNOWN, Brief.State.UNKNOWN)])
def test_what_it_refused_or_may_have_is_not_tried_again(fate: Fate, state: Brief.State) -> None:
    brief, board = composed(), Noticeboard(objects=fate)
    assert deliver(board) == {state: 1}
    board.objects = None
    assert deliver(board, now=timezone.now() + HOUR) == {}
    brief.refresh_from_db()
    assert "the board objects" in brief.reason
    assert not Suppression.objects.exists()


def test_an_address_that_is_gone_is_suppressed_and_the_mailbox_is_not() -> None:
    brief, board = composed(), Noticeboard(objects=Fate.GONE)
    assert deliver(board) == {Brief.State.FAILED: 1}
    assert Suppression.objects.get().address_hash == address_hash(f"place {brief.user_id}")
    board.objects = None
    composed(brief.user, day=brief.day + dt.timedelta(days=1))
    assert deliver(board) == {Brief.State.SUPPRESSED: 1}
    assert board.pinned == []
    request_letter(brief.user, Letter.Kind.SIGN_IN)
    assert deliver_letters(now=timezone.now()).sent == 1


def test_addresses_that_are_gone_are_no_trouble_of_the_channels() -> None:
    for _ in range(TROUBLE + 1):
        composed()
    assert deliver(Noticeboard(objects=Fate.GONE)) == {Brief.State.FAILED: TROUBLE + 1}

"""Briefs through a provider's API: a server on loopback plays Postmark's part."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Suppression
from briefs.edition.deliver import deliver_due
from briefs.models import Brief
from tests.accounts.mail.postmark import Answer, Postmark, inactive, running_postmark, send_through
from tests.factories import make_brief, make_insight

pytestmark = pytest.mark.django_db


@pytest.fixture
def postmark(settings: Settings) -> Iterator[Postmark]:
    with running_postmark(settings) as postmark:
        yield postmark


def composed() -> Brief:
    now = timezone.now()
    return make_brief(
        insights=[make_insight()], state=Brief.State.COMPOSED, sent_at=None, due_at=now, next_attempt_at=now
    )


def test_a_brief_goes_through_the_api_with_both_parts_and_its_headers(postmark: Postmark) -> None:
    brief = composed()
    assert deliver_due(now=timezone.now()) == {Brief.State.SENT: 1}
    (request,) = postmark.asked
    assert request["To"] == brief.user.email
    headline = brief.insights.get().headline
    assert request["Subject"] == headline
    assert headline in request["TextBody"]
    assert headline in request["HtmlBody"]
    assert (request["TrackOpens"], request["TrackLinks"]) == (False, "None")
    sent = {header["Name"] for header in request["Headers"]}
    assert {"Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"} <= sent


def test_an_address_on_the_list_of_the_provider_is_stopped(postmark: Postmark) -> None:
    brief = composed()
    postmark.answer = inactive(brief.user.email)
    assert deliver_due(now=timezone.now()) == {Brief.State.FAILED: 1}
    brief.user.refresh_from_db()
    assert not brief.user.is_receiving
    assert Suppression.objects.get().reason == Suppression.Reason.BOUNCE


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((401, {"ErrorCode": 10, "Message": "Bad or missing API token."}), Brief.State.COMPOSED),
        ((422, {"ErrorCode": 400, "Message": "The sender signature was not found."}), Brief.State.COMPOSED),
        ((413, {}), Brief.State.FAILED),
        ((429, {}), Brief.State.COMPOSED),
        ((503, {}), Brief.State.COMPOSED),
        ((500, {}), Brief.State.UNKNOWN),
        (None, Brief.State.UNKNOWN),
    ],
)
def test_what_the_provider_may_have_taken_is_never_sent_again(
    postmark: Postmark, answer: Answer, state: Brief.State
) -> None:
    brief = composed()
    postmark.answer = answer
    assert deliver_due(now=timezone.now()) == {state: 1}
    brief.user.refresh_from_db()
    assert brief.user.is_receiving


def test_a_provider_that_cannot_be_reached_has_taken_nothing(settings: Settings) -> None:
    with socket.socket() as bound_and_deaf:
        bound_and_deaf.bind(("127.0.0.1", 0))
        send_through(settings, f"http://127.0.0.1:{bound_and_deaf.getsockname()[1]}/")
        composed()
        assert deliver_due(now=timezone.now()) == {Brief.State.COMPOSED: 1}

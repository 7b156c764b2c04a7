import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from briefs.models import Brief, Hold
from config.operating.counting import figures
from config.operating.report import as_text
from feeds.models import Episode, LlmCall
from tests.factories import make_brief, make_episode, make_feed, make_insight, make_passage

pytestmark = pytest.mark.django_db


def test_the_report_counts_what_was_read_and_sent_and_names_what_failed() -> None:
    feed = make_feed("Broken Show", failures=3, error="HTTP 500", last_checked_at=timezone.now())
    make_episode("Lost Episode", feed=feed, state=Episode.State.FAILED, error="no transcript could be read")
    insight = make_insight()
    make_passage(), make_passage()
    make_brief(insights=[insight])
    make_brief(insights=[insight], state=Brief.State.UNKNOWN, reason="the answer was never heard")
    found = figures(now=timezone.now())
    night = found.night
    assert (night.scanned, found.counts["failing_shows"], night.failed, night.ready) == (1, 1, 1, 1)
    assert (night.sent, night.unknown, night.withheld) == (1, 1, 2)
    text = as_text(found)
    for said in (
        "Broken Show: HTTP 500",
        "Lost Episode: no transcript",
        "never heard",
        "1 sent, 0 empty, 0 skipped, 0 refused, 1 unknown",
        "1 ready, 2 kept",
    ):
        assert said in text


def test_the_report_says_that_no_brief_goes_out_and_why() -> None:
    now = timezone.now()
    known = {"since": now, "until": now + dt.timedelta(minutes=5)}
    Hold.objects.create(channel="email", reason="550 5.7.1 Not you", **known)
    Hold.objects.create(channel="email", provider="big.example.org", reason="550 5.7.1 Not from you", **known)
    text = as_text(figures(now=now))
    assert "no email to everybody, until" in text
    assert "no email to big.example.org, until" in text
    assert "550 5.7.1 Not from you" in text


def test_a_quiet_night_is_a_short_report() -> None:
    text = as_text(figures(now=timezone.now()))
    assert "0 sent" in text
    assert "wrong" not in text


def test_it_is_mailed_to_whom_the_operator_names() -> None:
    out = StringIO()
    call_command("nightly_report", "--mail", "operator@example.com", stdout=out)
    assert mail.outbox[0].to == ["operator@example.com"]
    assert out.getvalue().strip() in mail.outbox[0].body


def test_what_a_language_model_cost_is_told_and_what_is_not_known_counts_at_its_most() -> None:
    now = timezone.now()
    calls = [("answered", "0.0125", 1), ("unknown", "0.05", 2), ("answered", "9", 30)]
    for number, (state, cost, age) in enumerate(calls):
        LlmCall.objects.create(
            source_sha256="a" * 64, part=str(number), state=state, cost=Decimal(cost), expires_at=now,
            asked_at=now - dt.timedelta(hours=age),
        )  # fmt: skip
    found = figures(now=now)
    assert found.night.spend == Decimal("0.0625")

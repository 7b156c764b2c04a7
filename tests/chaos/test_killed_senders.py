"""Senders die at any instant; the log of the mail server is the witness, not our own counters."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from briefs.edition.deliver import deliver_due, hold_abandoned
from briefs.edition.last_brief import LEASE
from briefs.edition.printing.render import headers
from briefs.models import Brief, BriefItem
from tests.briefs.smtp_sink import Sink, running_sink
from tests.factories import make_insight, make_user

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parent.parent.parent
READERS = 250
KILLS = 12


def _compose(readers: int) -> None:
    now = timezone.now()
    insights = [make_insight() for _ in range(5)]
    users = [make_user() for _ in range(readers)]
    briefs = Brief.objects.bulk_create(
        Brief(user=user, day=now.date(), state=Brief.State.COMPOSED, due_at=now, next_attempt_at=now) for user in users
    )
    BriefItem.objects.bulk_create(
        BriefItem(brief=brief, insight=insight, position=position, reason=BriefItem.Reason.BEST, score=1)
        for brief in briefs
        for position, insight in enumerate(insights, start=1)
    )


def _sender(sink: Sink) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-m", "tests.chaos.sender", connection.settings_dict["NAME"], str(sink.port)]
    return subprocess.Popen(arguments, cwd=ROOT)  # noqa: S603


def _is_over() -> bool:
    return not Brief.objects.filter(state=Brief.State.COMPOSED).exists()


def test_two_senders_killed_again_and_again_send_everything_once(settings: Settings) -> None:
    _compose(READERS)
    rng = random.Random(5)  # noqa: S311
    kills = 0
    with running_sink() as sink:
        sink.at_data = lambda: time.sleep(0.004)
        senders = [_sender(sink), _sender(sink)]
        try:
            # Not before both are at work: a process that has not begun dies harmlessly.
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline and not _is_over():
                before = len(sink.accepted)
                while len(sink.accepted) < before + rng.randint(5, 15) and time.monotonic() < deadline:
                    time.sleep(0.005)
                    if _is_over():
                        break
                if kills < KILLS and not _is_over():
                    victim = rng.randrange(2)
                    senders[victim].kill()
                    senders[victim].wait()
                    senders[victim] = _sender(sink)
                    kills += 1
        finally:
            for sender in senders:
                sender.kill()
                sender.wait()
        # Whatever a slow machine left: one sender that nobody kills.
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        deliver_due(now=timezone.now())
        hold_abandoned(now=timezone.now() + 2 * LEASE)

    arrived = Counter(str(message["Message-ID"]) for message in sink.messages())
    states = Counter(Brief.objects.values_list("state", flat=True))
    sent = {headers(brief.user, brief.day)["Message-ID"] for brief in Brief.objects.filter(state=Brief.State.SENT)}
    assert kills >= 3
    assert set(states) <= {Brief.State.SENT, Brief.State.UNKNOWN}, states
    assert max(arrived.values()) == 1, "somebody got the same brief twice"
    assert sent <= set(arrived), "recorded as sent, but never arrived"
    assert states[Brief.State.UNKNOWN] <= kills + 2, "more is in doubt than one brief for each killed sender"
    assert len(arrived) + states[Brief.State.UNKNOWN] >= READERS

"""Workers die while a model answers them; the provider's log is the witness of what was paid for."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import psutil
import pytest
from django.db import connection
from django.utils import timezone

from feeds.asking.asker import Unanswered
from feeds.models import LlmCall
from tests.feeds.asking.paid import asker_of
from tests.feeds.asking.provider import Answer, Provider
from tests.feeds.library.llm.asked import ask, question
from tests.feeds.library.llm.talk import honest

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parent.parent.parent
QUESTIONS = 120
KILLS = 15
WORKERS = 4
DELAY = 0.15


def _parent(provider: Provider, cap: Decimal) -> subprocess.Popen[bytes]:
    database = connection.settings_dict["NAME"]
    arguments = [database, provider.base_url, str(WORKERS), str(QUESTIONS), str(cap)]
    return subprocess.Popen([sys.executable, "-m", "tests.chaos.asker", *arguments], cwd=ROOT)  # noqa: S603


def _kill_while_they_ask(provider: Provider, cap: Decimal) -> None:
    rng = random.Random(3)  # noqa: S311
    with _parent(provider, cap) as parent:
        try:
            for _ in range(KILLS):
                before, deadline = len(provider.log), time.monotonic() + 60
                while len(provider.log) < before + 2 and time.monotonic() < deadline:
                    time.sleep(0.005)
                time.sleep(rng.random() * DELAY)
                rng.choice(psutil.Process(parent.pid).children()).kill()
        finally:
            victims = psutil.Process(parent.pid).children()
            parent.kill()
            for victim in victims:
                victim.kill()


def test_killed_workers_pay_at_most_once_for_each_question_and_never_past_the_cap() -> None:
    cap = Decimal("0.4")
    with Provider(lambda body: Answer(honest(body).content, delay=DELAY)).running() as provider:
        _kill_while_they_ask(provider, cap)
        broken_off = LlmCall.objects.filter(state=LlmCall.State.RESERVED)
        assert broken_off.exists(), "nobody was killed in the middle of a call"
        broken_off.update(expires_at=timezone.now())
        for number in range(QUESTIONS):
            with contextlib.suppress(Unanswered):
                ask(asker_of(provider, day=str(cap)), question(seed=number))
    assert max(Counter(logged.key for logged in provider.answers()).values()) == 1
    assert provider.charged() <= LlmCall.objects.spent() <= cap
    assert LlmCall.objects.filter(state=LlmCall.State.UNKNOWN, cost__gt=0).exists()

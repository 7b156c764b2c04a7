"""Senders are killed by the phase of SMTP, the database is cut off, and the mail server has every bad habit.

What it took and what the rows say are the witnesses, not our own counters.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from django.db import DatabaseError, connection
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from briefs.edition.census import ENDS, census
from briefs.edition.printing.render import headers
from briefs.edition.tick import tick
from briefs.models import Brief, Interest
from tests.briefs.smtp_sink import Answer, Sink, running_sink
from tests.chaos.table import Judge
from tests.cut_database import hang_up_as_the_database
from tests.factories import make_insight, make_topic, make_user

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parent.parent.parent
READERS, GONE = 150, 6
TICKERS = 3
SPEED = 40
PHASES = ("sender", "recipient", "content", "dot", "data")
KILLS, CUTS = 10, 4
PATIENCE_SECONDS = 60


@dataclass
class Chaos:
    """What the mail server does, drawn from one seed. `unanswered` counts the dots after which it said nothing."""

    random: random.Random
    sink: Sink
    parent: psutil.Process | None = None
    kills: int = 0
    cuts: int = 0
    unanswered: int = 0

    def install(self) -> None:
        self.sink.at_phase = self.at_phase
        self.sink.at_sender = lambda: self.draw("550 5.7.1 we do not like you", "421 4.3.2 closing", "drop", rarely=40)
        self.sink.at_recipient = self.at_recipient
        self.sink.at_content = lambda: self.draw("451 4.3.0 not now", "drop", "lose", rarely=20)
        self.sink.at_data = self.at_data

    def draw(self, *answers: str, rarely: int) -> Answer:
        return self.random.choice(answers) if self.random.randrange(rarely) == 0 else None

    def at_recipient(self, address: str) -> Answer:
        if address.startswith("gone"):
            return "550 5.1.1 no such user"
        return self.draw("451 4.3.0 not now", "452 4.2.2 full", "421 4.7.0 busy", rarely=20)

    def at_data(self) -> Answer:
        time.sleep(self.random.random() / 50)
        answer = self.draw(
            "drop", "lose", "garbage", "421 4.3.2 closing", "451 4.3.0", "552 5.3.4 too large", rarely=12
        )
        self.unanswered += answer in ("drop", "lose", "garbage")
        return answer

    def at_phase(self, phase: str, port: int) -> None:
        """Kill the one that came to it, or take its database away."""
        wanted = PHASES[self.kills % len(PHASES)]
        if phase == wanted and self.kills < KILLS and self.random.randrange(6) == 0:
            self.kills += self._kill(port)
        elif phase == "data" and self.cuts < CUTS and self.random.randrange(20) == 0:
            self.cuts += 1
            hang_up_as_the_database()

    def _kill(self, port: int) -> bool:
        assert self.parent
        for child in self.parent.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if any(one.laddr.port == port for one in child.net_connections("tcp")):
                    child.kill()
                    return True
        return False


def _subscribe(now: dt.datetime) -> None:
    topic = make_topic()
    for number in range(8):
        moment = now - dt.timedelta(hours=1, minutes=number)
        make_insight(topics=[topic], created_at=moment)
    addresses = [f"gone{number}@gone.example" for number in range(GONE)] + [""] * (READERS - GONE)
    for address in addresses:
        user = make_user(address, brief_hour=now.hour, next_brief_at=now.replace(minute=0, second=0, microsecond=0))
        Interest.objects.create(user=user, topic=topic)


def _are_all_over() -> bool:
    """The database hangs up on this process, too."""
    try:
        return Brief.objects.filter(state__in=ENDS).count() == READERS
    except DatabaseError:
        connection.close()
        return False


def _run(chaos: Chaos, now: dt.datetime) -> None:
    arguments = [connection.settings_dict["NAME"], str(chaos.sink.port), str(TICKERS), now.isoformat(), str(SPEED)]
    with subprocess.Popen([sys.executable, "-m", "tests.chaos.ticker", *arguments], cwd=ROOT) as parent:  # noqa: S603
        chaos.parent = psutil.Process(parent.pid)
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < deadline and not _are_all_over():
                time.sleep(0.2)
        finally:
            victims = chaos.parent.children()
            parent.kill()
            for victim in victims:
                with contextlib.suppress(psutil.NoSuchProcess):
                    victim.kill()


def _see_to_the_rest(sink: Sink, settings: Settings, now: dt.datetime) -> None:
    """A server without bad habits, and one sender that nobody kills, over the hours in which a brief may yet come."""
    sink.behave()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    for minutes in range(0, 8 * 60, 20):
        tick(now=now + dt.timedelta(minutes=minutes))


def test_nothing_is_lost_or_doubled_whatever_dies_and_whatever_is_answered(
    seed: int, judge: Judge, settings: Settings
) -> None:
    now = timezone.now()
    _subscribe(now)
    with running_sink() as sink:
        chaos = Chaos(random.Random(seed), sink)  # noqa: S311
        chaos.install()
        _run(chaos, now)
        connection.close()
        _see_to_the_rest(sink, settings, now)
        arrived = Counter(str(message["Message-ID"]) for message in sink.messages())

    assert chaos.kills, "nobody was killed"
    by_id = {headers(one.user, one.day)["Message-ID"]: one for one in Brief.objects.select_related("user")}
    of_state = {state: [key for key, one in by_id.items() if one.state == state] for state in Brief.State.values}
    # Those still alive in the end were killed, too.
    most_unknown = chaos.kills + TICKERS + chaos.unanswered
    unknown = of_state[Brief.State.UNKNOWN]
    judge("nobody gets a brief twice", [key for key, number in arrived.items() if number > 1])
    judge("what is recorded as sent arrived", [key for key in of_state[Brief.State.SENT] if key not in arrived])
    judge(
        "what arrived is recorded as sent, or as unknown",
        [key for key in arrived if by_id[key].state not in (Brief.State.SENT, Brief.State.UNKNOWN)],
    )
    judge("one brief a killed sender is unknown, and those without an answer", unknown[most_unknown:])
    judge(
        "every brief that was due ends, with its reason",
        [one for one in by_id.values() if one.state not in ENDS or not (one.reason or one.state == Brief.State.SENT)]
        + list(User.objects.filter(briefs=None)),
    )
    judge("the census of the day adds up", [] if census(now.date(), now=now).adds_up else ["it does not"])
    stopped = set(User.objects.filter(stopped_at__isnull=False).values_list("email", flat=True))
    gone = {f"gone{number}@gone.example" for number in range(GONE)}
    judge("nobody is stopped but who is gone", stopped - gone)
    judge(
        "whoever is gone is stopped, unless it is unknown", gone - stopped - {by_id[key].user.email for key in unknown}
    )

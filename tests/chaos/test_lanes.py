"""While an import is being read, letters and briefs leave and shows are polled: with Redis and without one."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from accounts.letters.deliver import request_letter
from accounts.models import Letter
from briefs.models import Brief
from config.machine import lanes
from feeds.models import Episode
from tests.briefs.smtp_sink import Sink, running_sink
from tests.factories import make_brief, make_episode, make_feed, make_insight, make_user
from tests.feeds.library.test_process import VTT
from tests.feeds.polling.hostile_server import Hostile, hostile_server
from tests.feeds.rss import item, rss

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parent.parent.parent
BACKLOG = 30
PATIENCE_SECONDS = 300


@pytest.fixture(params=["with Redis", "without Redis"])
def broker(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("redis_url")) if request.param == "with Redis" else ""


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile_server() as server:
        yield server


@contextmanager
def running_lanes(broker: str, sink: Sink, server: Hostile, may_end: Path) -> Iterator[None]:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.chaos.lane_settings",
        "LANE_DATABASE": connection.settings_dict["NAME"],
        "LANE_REDIS": broker,
        "LANE_FETCH": ",".join(server.allowed),
        "LANE_SMTP": str(sink.port),
        "LANE_MAY_END": str(may_end),
    }
    started = [
        subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment)  # noqa: S603
        for name, arguments in lanes.processes(with_broker=bool(broker)).items()
        if name != "The lane for composing"  # nothing here is to be composed
    ]
    try:
        yield
    finally:
        for one in started:
            one.kill()
            one.wait()


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.1)


def test_a_letter_a_brief_and_a_poll_do_not_wait_for_an_import(broker: str, server: Hostile, tmp_path: Path) -> None:
    imported = make_feed("Imported", next_check_at=timezone.now() + dt.timedelta(days=1))
    link = [{"url": server.answer("/long.vtt", VTT), "type": "text/vtt", "language": "en"}]
    for _ in range(BACKLOG):
        make_episode(feed=imported, state=Episode.State.WAITING, processed_at=None, transcript_links=link)
    with ExitStack() as stack:
        sink = stack.enter_context(running_sink())
        stack.enter_context(running_lanes(broker, sink, server, tmp_path / "may end"))
        wait_for(imported.episodes.filter(attempts=1).exists)
        now = timezone.now()
        request_letter(make_user("ada@example.org"), Letter.Kind.LOGIN_CODE, code="ABC123")
        made = {"sent_at": None, "due_at": now, "composed_at": now, "next_attempt_at": now}
        make_brief(
            make_user("bo@example.org"),
            insights=[make_insight(feed=imported)],
            state=Brief.State.COMPOSED,
            **made,
        )
        due = make_feed("Due", url=server.answer("/due.xml", rss(item("1"))))
        wait_for(lambda: {message["To"] for message in sink.messages()} >= {"ada@example.org", "bo@example.org"})
        wait_for(due.episodes.exists)
    assert Letter.objects.get().state == Letter.State.SENT
    assert imported.episodes.filter(state=Episode.State.WAITING).count() == BACKLOG

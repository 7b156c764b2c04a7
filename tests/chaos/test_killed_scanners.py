"""Scanners die between a feed and its episodes, and between a transcript and its insights; the next one goes on."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from feeds.library import process
from feeds.models import Episode, Feed, Insight, Transcript
from feeds.reading.topics import TOPICS
from tests.factories import make_feed, make_topic
from tests.feeds.library.test_process import VTT
from tests.feeds.polling.hostile_server import Hostile, hostile_server
from tests.feeds.rss import item, rss

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parent.parent.parent
SHOWS, EACH = 12, 4
KILLS = 8
SCANNERS = 2


def _fill(server: Hostile) -> None:
    for topic in TOPICS:  # which the flush after an earlier test takes away
        make_topic(topic.name, slug=topic.slug)
    for show in range(SHOWS):
        urls = [server.answer(f"/{show}-{number}.vtt", VTT, delay=0.02) for number in range(EACH)]
        items = [item(f"{number}", transcript=url, hours_ago=number + 2) for number, url in enumerate(urls)]
        make_feed(f"Show {show}", url=server.answer(f"/{show}.xml", rss(*items, title=f"Show {show}"), delay=0.02))


def _kill_while_they_scan(server: Hostile) -> int:
    rng = random.Random(7)  # noqa: S311
    arguments = [connection.settings_dict["NAME"], str(server.port), str(SCANNERS)]
    kills, deadline = 0, time.monotonic() + 40
    with subprocess.Popen([sys.executable, "-m", "tests.chaos.scanner", *arguments], cwd=ROOT) as parent:  # noqa: S603
        try:
            while kills < KILLS and time.monotonic() < deadline:
                enough = len(server.log.paths) + rng.randint(2, 5)
                while len(server.log.paths) < enough and time.monotonic() < deadline:
                    time.sleep(0.005)
                time.sleep(rng.random() * 0.05)
                rng.choice(psutil.Process(parent.pid).children()).kill()
                kills += 1
        finally:
            victims = psutil.Process(parent.pid).children()
            parent.kill()
            for victim in victims:
                with contextlib.suppress(psutil.NoSuchProcess):
                    victim.kill()
    return kills


@pytest.fixture(autouse=True)
def _quoting(settings: Settings) -> Iterator[None]:
    settings.EXTRACTOR = "tests.feeds.library.test_process.QuotingExtractor"
    process.extractor.cache_clear()
    yield
    process.extractor.cache_clear()


def test_scanners_killed_again_and_again_lose_nothing_and_store_nothing_twice(settings: Settings) -> None:
    with hostile_server() as server:
        settings.FETCH_ALLOWED = server.allowed
        _fill(server)
        kills = _kill_while_they_scan(server)
        # A day later every claim of the dead is over, and one scanner that nobody kills sees to the rest.
        later = timezone.now() + dt.timedelta(days=1)
        call_command("scan", "--now", later.isoformat(), stdout=io.StringIO())
        asked = Counter(path for path in server.log.paths if path.endswith(".vtt"))

    assert kills >= 3
    assert Episode.objects.filter(attempts__gt=1).exists(), "nobody was killed in the middle of an episode"
    assert Feed.objects.filter(failures=0, last_checked_at__isnull=False).count() == SHOWS
    assert Counter(Episode.objects.values_list("state", flat=True)) == {Episode.State.DONE: SHOWS * EACH}
    assert Transcript.objects.count() == Insight.objects.count() == SHOWS * EACH
    assert set(Insight.objects.values_list("episode", flat=True)) == set(Episode.objects.values_list("pk", flat=True))
    assert asked.total() <= SHOWS * EACH + kills + SCANNERS, "more than one transcript was fetched again for each death"

import datetime as dt
import time

import pytest
from celery.signals import task_postrun
from django.db import OperationalError
from django.utils import timezone

from config.celery import LANES
from config.machine.watchdog import STOOD_STILL, WORK_OF, Watchdog, must_end
from config.operating.figures import Backlog

pytestmark = pytest.mark.django_db


def due(*, minutes: int, is_moving: bool) -> dict[str, Backlog]:
    return {"letters": Backlog(3, timezone.now() - dt.timedelta(minutes=minutes), is_moving)}


def ended_by(watchdog: Watchdog, ends: list[int], backlog: dict[str, Backlog], *, after: float) -> list[int]:
    watchdog.look(lambda: backlog, monotonic=watchdog._last_run + after)
    return ends


def test_every_lane_is_watched() -> None:
    assert set(WORK_OF) == set(LANES)


@pytest.mark.parametrize(
    ("minutes", "is_moving", "silent", "ends"),
    [
        (5, False, 121, [STOOD_STILL]),
        (5, False, 119, []),  # a run has just begun or ended: held, paced or without a server, it is at work
        (5, True, 121, []),  # rows move in a long run
        (1, False, 121, []),  # nothing is due for long enough
    ],
)
def test_only_a_silent_lane_with_old_work_that_nobody_moves_ends(
    minutes: int, is_moving: bool, silent: float, ends: list[int]
) -> None:
    said: list[int] = []
    watchdog = Watchdog("letters", end=said.append)
    assert ended_by(watchdog, said, due(minutes=minutes, is_moving=is_moving), after=silent) == ends


def test_work_of_another_lane_is_not_its_own() -> None:
    assert not must_end("letters", silent_seconds=1000, stuck=["briefs", "feeds"])


def test_a_database_that_is_away_ends_nothing() -> None:
    def away() -> dict[str, Backlog]:
        raise OperationalError("away")

    said: list[int] = []
    Watchdog("letters", end=said.append).look(away, monotonic=1e9)
    assert not said


def test_a_run_that_ends_is_progress() -> None:
    said: list[int] = []
    watchdog = Watchdog("letters", end=said.append)
    watchdog._last_run = -1e9
    watchdog.listen()
    task_postrun.send(sender=None)
    watchdog.look(lambda: due(minutes=5, is_moving=False), monotonic=time.monotonic())
    assert not said

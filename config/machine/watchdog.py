"""Ends a lane that stands still while work is due: whatever started it starts it again.

A process that lives is no proof: a worker may have lost its broker's ear for good, or wait for an answer for ever.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Collection
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.db import Error, connection
from django.utils import timezone

from config.operating.figures import PATIENCE, Backlog, standing_still

logger = logging.getLogger(__name__)

# What the figures call the work of each lane.
WORK_OF = {
    "letters": "letters",
    "composing": "briefs",
    "sending": "briefs",
    "polling": "feeds",
    "reading": "episodes",
}
STOOD_STILL = 70
_LOOK_SECONDS = 30


def must_end(lane: str, *, silent_seconds: float, stuck: Collection[str]) -> bool:
    """A run that begins or ends is progress, also one that a pace, a hold or a mail server's absence cut short."""
    return silent_seconds >= PATIENCE.total_seconds() and WORK_OF[lane] in stuck


class Watchdog:
    def __init__(self, lane: str, *, end: Callable[[int], None] = os._exit) -> None:
        self._lane, self._end = lane, end
        self._last_run = time.monotonic()

    def watch(self) -> None:
        """In a thread of its own, for as long as the process lives."""
        self.listen()
        threading.Thread(target=self._look_for_ever, name="watchdog", daemon=True).start()

    def listen(self) -> None:
        task_prerun.connect(self._note)
        task_postrun.connect(self._note)

    def look(self, backlog: Callable[[], dict[str, Backlog]], *, monotonic: float) -> None:
        """A database that is away is nobody's standing still."""
        try:
            stuck = standing_still(backlog(), now=timezone.now())
        except Error:
            return
        finally:
            connection.close()
        if must_end(self._lane, silent_seconds=monotonic - self._last_run, stuck=stuck):
            logger.error("the lane for %s stands still while work is due, and ends", self._lane)
            self._end(STOOD_STILL)

    def _note(self, **_: Any) -> None:
        self._last_run = time.monotonic()

    def _look_for_ever(self) -> None:
        from config.operating.counting import backlog  # noqa: PLC0415  # models are there once Django is set up

        while True:
            time.sleep(_LOOK_SECONDS)
            self.look(lambda: backlog(now=timezone.now()), monotonic=time.monotonic())

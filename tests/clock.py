"""When the tests take place: at `--now`, or else noon of a Monday, here and in the processes that they start."""

from __future__ import annotations

import datetime as dt
import os
import time
from argparse import ArgumentTypeError

import time_machine

USUAL = "2026-11-23T12:00Z"
AHEAD = "OVERHEARD_TESTS_AHEAD"


def moment(text: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no moment; write one like {USUAL}") from error
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def ahead_of_the_machine(now: dt.datetime) -> dict[str, str]:
    """What the environment tells a process that is to share this clock, which stands at `now`."""
    return {AHEAD: str(now.timestamp() - time.time())}


def share_the_clock() -> None:
    """In a process that a test started: go by the clock of that test, for as long as the process lives."""
    time_machine.travel(time.time() + float(os.environ[AHEAD])).start()
    time.time()  # the clock stands until somebody first looks at it

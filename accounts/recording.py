"""Writing down what only this process knows: what a mail server answered is not asked twice."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator

from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)

CONNECTION_LOST = (OperationalError, InterfaceError)


def persist(write: Callable[[], object], *, what: str) -> bool:
    """Run `write`, which may run twice, until the database has taken it; False where the connection was lost meanwhile.

    However long the database is away: nobody else could say it, and nothing else could be done without it.
    """
    for attempt, rest in enumerate(_rests()):
        try:
            write()
        except CONNECTION_LOST as error:
            if connection.in_atomic_block:
                raise
            logger.error("not written down yet: %s (%s)", what, " ".join(str(error).split()))
            connection.close()
            time.sleep(rest)
        else:
            return attempt == 0
    raise AssertionError


def _rests() -> Iterator[float]:
    """Seconds: the first is none, for a lost connection often leaves a database that is there."""
    rest = 0.0
    while True:
        yield rest
        rest = min(2 * rest + 0.1, 10.0)

"""Without Redis: a lane's ticks, one after the other in a process of its own. The rows are the queue already.

python -m config.machine.sweeps letters
"""

import logging
import signal
import sys
import time

import django

from config.celery import LANES, app
from config.machine.watchdog import Watchdog

logger = logging.getLogger(__name__)


def sweep_forever(lane: str) -> None:
    due = dict.fromkeys(LANES[lane], 0.0)
    while True:
        for task, seconds in LANES[lane].items():
            now = time.monotonic()
            if due[task] <= now:
                # From its beginning: what took longer than this is to be looked at again at once, for there is more.
                due[task] = now + seconds
                _run(task)
        time.sleep(1)


def _run(task: str) -> None:
    outcome = app.tasks[task].apply()
    if outcome.failed():
        logger.error("%s failed: %s", task, outcome.traceback)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # the database's last user stops it on the way out
    django.setup()
    app.loader.import_default_modules()
    Watchdog(sys.argv[1]).watch()
    sweep_forever(sys.argv[1])

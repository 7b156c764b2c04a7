"""Without Redis: the ticks of the worker, one after the other in one process. Nothing is missing but parallelism."""

import logging
import signal
import sys
import time

import django

from config.celery import app

logger = logging.getLogger(__name__)


def sweep_forever() -> None:
    # A doorbell rung during a sweep is answered on the spot: there is nobody else to hear it.
    app.conf.task_always_eager = True
    due = dict.fromkeys(app.conf.beat_schedule, 0.0)
    while True:
        for name, tick in app.conf.beat_schedule.items():
            if due[name] <= time.monotonic():
                _run(tick["task"])
                due[name] = time.monotonic() + tick["schedule"]
        time.sleep(1)


def _run(task: str) -> None:
    outcome = app.tasks[task].apply()
    if outcome.failed():
        logger.error("%s failed: %s", task, outcome.traceback)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # the database's last user stops it on the way out
    django.setup()
    app.loader.import_default_modules()
    sweep_forever()

"""Asking a worker to look now rather than at its next tick."""

import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from kombu.pools import producers

from config.celery import app, broker_url

logger = logging.getLogger(__name__)

# By then a tick has done what a bell was rung for: bells nobody hears must not gather in front of those who work.
_HEARD_FOR_SECONDS = 60


def ring(task: Any, *ids: int) -> None:
    """Run the Celery task with these ids soon after the transaction commits.

    Without a broker, or with one that is down, nothing happens: the work is in the database, and the next tick or
    sweep finds it.
    """
    if settings.REDIS_URL:
        transaction.on_commit(partial(_send, task, ids))


def _send(task: Any, ids: tuple[int, ...]) -> None:
    broker = app.connection_for_write(broker_url(settings.REDIS_URL))
    try:
        with producers[broker].acquire(block=True) as producer:
            task.apply_async(args=ids, producer=producer, retry=False, expires=_HEARD_FOR_SECONDS)
    except OperationalError as error:
        logger.warning("no doorbell for %s: %s", task.name, error)

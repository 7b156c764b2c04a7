"""The hands: a Celery app whose messages are doorbells. What is to be done is always a query, never a message.

So tasks are acknowledged before they run, are not retried and leave no results: what a lost message meant is found by
the next tick, and a task that kills its worker is not handed to the next one.
"""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def broker_url(redis_url: str) -> str:
    """Translate REDIS_URL, which may name a Unix socket, into Celery's form."""
    scheme, _, rest = redis_url.partition("://")
    if scheme != "unix":
        return redis_url
    path, _, options = rest.partition("?")
    database = dict(pair.split("=", 1) for pair in options.split("&") if "=" in pair).get("db", "0")
    return f"redis+socket://{path}?virtual_host={database}"


def _tick(task: str, seconds: int) -> dict[str, object]:
    # Nobody needs a tick that waited longer than the next one takes to come.
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app = Celery("overheard")
app.conf.update(
    broker_url=broker_url(settings.REDIS_URL) or "memory://",
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_connect_timeout": 2, "socket_timeout": 10, "max_retries": 0},
    task_ignore_result=True,
    # Reading an episode takes seconds, with a language model minutes; a brief must not wait behind it.
    task_default_queue="sending",
    task_routes={"feeds.tasks.*": {"queue": "reading"}},
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_scheduler="celery.beat:Scheduler",  # every tick is short: there is nothing to remember over a restart
    beat_schedule={
        "poll the feeds that are due": _tick("feeds.tasks.scan", 60),
        "read the episodes that wait": _tick("feeds.tasks.process_waiting", 30),
        "judge what was also said elsewhere": _tick("feeds.tasks.judge_related", 120),
        "compose the briefs that are due": _tick("briefs.tasks.compose_due", 60),
        "send the composed briefs": _tick("briefs.tasks.deliver_due", 30),
        "send the tests that subscribers asked for": _tick("briefs.tasks.deliver_tests", 15),
        "send the letters that wait": _tick("accounts.tasks.deliver_letters", 15),
        "forget what need not be kept": _tick("accounts.tasks.sweep_accounts", 3600),
        "forget who reported something": _tick("feeds.tasks.forget_reporters", 3600),
    },
)
app.autodiscover_tasks()

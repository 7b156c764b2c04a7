"""The hands: a Celery app whose messages are doorbells. What is to be done is always a query, never a message.

So tasks are acknowledged before they run, are not retried and leave no results: what a lost message meant is found by
the next tick, and a task that kills its worker is not handed to the next one.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready
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


# Each lane is worked by processes of its own, so that nothing waits behind another kind of work: a sign-in code neither
# behind a hundred thousand briefs nor behind an import of shows. How many seconds lie between two looks at the rows.
LANES: dict[str, dict[str, int]] = {
    "letters": {"accounts.tasks.deliver_letters": 5},
    "composing": {
        "briefs.tasks.compose_due": 60,
        "briefs.tasks.deliver_tests": 10,
        "briefs.tasks.sort_brought_shows": 600,
        "accounts.tasks.sweep_accounts": 3600,
        "feeds.tasks.forget_reporters": 3600,
        "config.tasks.report_last_night": 600,
    },
    "sending": {"briefs.tasks.deliver_due": 10},
    "polling": {"feeds.tasks.scan": 60},
    "reading": {
        "feeds.tasks.process_waiting": 10,
        "feeds.tasks.judge_related": 120,
        "feeds.tasks.work_out_ways": 60,
        "feeds.tasks.renew_search_words": 3600,
        "feeds.tasks.forget_page_changes": 3600,
    },
}


def _tick(task: str, seconds: int) -> dict[str, object]:
    # Nobody needs a tick that waited until the next one came. But a minute it must have: a worker may be slow, and the
    # clocks of two hosts a little apart.
    return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 60)}}


app = Celery("overheard")
app.conf.update(
    broker_url=broker_url(settings.REDIS_URL) or "memory://",
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_connect_timeout": 2, "socket_timeout": 10, "max_retries": 0},
    task_ignore_result=True,
    task_routes={task: {"queue": lane} for lane, tasks in LANES.items() for task in tasks},
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_scheduler="celery.beat:Scheduler",  # every tick is short: there is nothing to remember over a restart
    beat_schedule={task: _tick(task, seconds) for tasks in LANES.values() for task, seconds in tasks.items()},
)
app.autodiscover_tasks()


@worker_ready.connect  # type: ignore[untyped-decorator]
def _watch(sender: Any, **_: Any) -> None:
    """A worker is called by its lane; one of another name works several and is not watched."""
    from config.machine.watchdog import Watchdog  # noqa: PLC0415  # it needs what this module makes

    if (lane := sender.hostname.partition("@")[0]) in LANES:
        Watchdog(lane).watch()

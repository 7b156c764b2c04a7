"""Doorbells of the briefs: each finds its work in the database, so that a lost or doubled one changes nothing."""

import datetime as dt

from celery import shared_task
from django.utils import timezone

from briefs.edition import compose, deliver, tick
from briefs.edition.printing import sample
from briefs.own import listing
from config.web.doorbell import ring

# A run that goes on and on would neither hold what a dead sender left nor hear that it is to stop.
ONE_RUN = dt.timedelta(seconds=60)


@shared_task(ignore_result=True)
def compose_due() -> None:
    now = timezone.now()
    tick.schedule_unscheduled(now=now)
    tick.open_due(now=now)
    if compose.compose_due(now=now):
        ring(deliver_due)


@shared_task(ignore_result=True)
def deliver_due() -> None:
    deliver.deliver_due(now=timezone.now(), lasting=ONE_RUN)


@shared_task(ignore_result=True)
def sort_brought_shows() -> None:
    listing.list_shows()
    listing.let_unfollowed_go()


@shared_task(ignore_result=True)
def deliver_tests() -> None:
    sample.deliver_tests(now=timezone.now())

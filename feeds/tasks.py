"""Thin: each task asks what is due, calls the operation, and rings for the next step."""

import time

from celery import shared_task
from django.utils import timezone

from config.web.doorbell import ring
from feeds.library import reports
from feeds.library.changes import forget_old_changes
from feeds.library.finding.vocabulary import renew_vocabulary
from feeds.library.process import process
from feeds.library.related.on_page import work_out_waiting
from feeds.library.related.stance import judge_waiting
from feeds.library.turns import next_to_read
from feeds.polling.host_turns import next_to_ask
from feeds.polling.http import Door
from feeds.polling.refresh import Refreshed, refresh

# A sweep takes a bounded part of what is due, and ends in time for the next one, which finds the rest. A host that is
# slow, or has many shows, is left after POLLING_SECONDS for what else came due.
FEEDS_PER_LOOK = 500
POLLING_SECONDS = 15
SWEEP_SECONDS = 40
EPISODES_PER_LOOK = 5
READING_SECONDS = 60
INSIGHTS_PER_SWEEP = 5
WAYS_SECONDS = 20


@shared_task
def scan() -> None:
    door, until, asked = Door(), time.monotonic() + SWEEP_SECONDS, set[int]()
    while time.monotonic() < until:
        outcomes = _polled(door, asked=asked)
        if any(outcome.waiting for outcome in outcomes):
            ring(process_waiting)
        if not outcomes:
            return
        asked |= {outcome.feed_id for outcome in outcomes}


def _polled(door: Door, *, asked: set[int]) -> list[Refreshed]:
    now = timezone.now()
    feeds = next_to_ask(now=now, host_of=door.host_of, limit=FEEDS_PER_LOOK, asked=asked)
    return list(refresh(feeds, now=now, door=door, seconds=POLLING_SECONDS))


@shared_task
def forget_reporters() -> None:
    reports.forget_networks(now=timezone.now())
    reports.forget_contacts(now=timezone.now())


@shared_task
def renew_search_words() -> None:
    renew_vocabulary()


@shared_task
def forget_page_changes() -> None:
    forget_old_changes()


@shared_task
def process_waiting() -> None:
    """Look at the rows again and again, so that what came last need not wait for the end of the run."""
    until = time.monotonic() + READING_SECONDS
    while time.monotonic() < until and (waiting := next_to_read(now=timezone.now(), limit=EPISODES_PER_LOOK)):
        for episode_id in waiting:
            process(episode_id, now=timezone.now(), door=Door())


@shared_task
def judge_related() -> None:
    judge_waiting(now=timezone.now(), limit=INSIGHTS_PER_SWEEP)


@shared_task
def work_out_ways() -> None:
    work_out_waiting(now=timezone.now(), seconds=WAYS_SECONDS)

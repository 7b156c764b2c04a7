"""Thin: each task asks what is due, calls the operation, and rings for the next step."""

import time

from celery import shared_task
from django.utils import timezone

from config.web.doorbell import ring
from feeds.library import reports
from feeds.library.finding.vocabulary import renew_vocabulary
from feeds.library.process import process
from feeds.library.related.stance import judge_waiting
from feeds.library.turns import next_to_read
from feeds.models import Feed
from feeds.polling.http import Door
from feeds.polling.refresh import refresh

# A sweep takes a bounded part of what is due; the next one finds the rest.
FEEDS_PER_SWEEP = 500
EPISODES_PER_LOOK = 5
READING_SECONDS = 60
INSIGHTS_PER_SWEEP = 5


@shared_task
def scan() -> None:
    now = timezone.now()
    found = [outcome.waiting for outcome in refresh(Feed.objects.due(now)[:FEEDS_PER_SWEEP], now=now, door=Door())]
    if any(found):
        ring(process_waiting)


@shared_task
def forget_reporters() -> None:
    reports.forget_networks(now=timezone.now())
    reports.forget_contacts(now=timezone.now())


@shared_task
def renew_search_words() -> None:
    renew_vocabulary()


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

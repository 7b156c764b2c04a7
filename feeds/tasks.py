"""Thin: each task loads by id or asks what is due, calls the operation, and rings for the next step."""

from celery import shared_task
from django.utils import timezone

from config.web.doorbell import ring
from feeds.library import reports
from feeds.library.process import process
from feeds.library.related.stance import judge_waiting
from feeds.models import Episode, Feed
from feeds.polling.http import Door
from feeds.polling.refresh import refresh

# A sweep takes a bounded part of what is due; the next one finds the rest.
FEEDS_PER_SWEEP = 500
EPISODES_PER_SWEEP = 20
INSIGHTS_PER_SWEEP = 5


@shared_task
def scan() -> None:
    now = timezone.now()
    for outcome in refresh(Feed.objects.due(now)[:FEEDS_PER_SWEEP], now=now, door=Door()):
        for episode_id in outcome.waiting:
            ring(process_episode, episode_id)


@shared_task
def forget_reporters() -> None:
    reports.forget_networks(now=timezone.now())
    reports.forget_contacts(now=timezone.now())


@shared_task
def process_waiting() -> None:
    for episode_id in Episode.objects.waiting(timezone.now()).values_list("pk", flat=True)[:EPISODES_PER_SWEEP]:
        process_episode(episode_id)


@shared_task
def process_episode(episode_id: int) -> None:
    process(episode_id, now=timezone.now(), door=Door())


@shared_task
def judge_related() -> None:
    judge_waiting(now=timezone.now(), limit=INSIGHTS_PER_SWEEP)

"""The doorbell of the nightly report."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from config.operating.nights import report_night
from config.operating.telling import tell_operators


@shared_task(ignore_result=True)
def report_last_night() -> None:
    report_night(hour=settings.REPORT_HOUR, now=timezone.now(), tell=tell_operators)

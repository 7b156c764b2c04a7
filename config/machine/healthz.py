"""Whether this installation does its work: the database answers, and what is due is being done."""

import datetime as dt

from django.db import DatabaseError
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Letter
from briefs.models import Brief
from feeds.models import Episode, Feed

PATIENCE = dt.timedelta(seconds=120)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 `{"stuck": []}`, or 503 with what makes no progress, or with the database's failure."""
    try:
        stuck = stuck_work(now=timezone.now())
    except DatabaseError as error:
        return JsonResponse({"database": type(error).__name__}, status=503)
    return JsonResponse({"stuck": stuck}, status=503 if stuck else 200)


def stuck_work(*, now: dt.datetime) -> list[str]:
    """Name the queues in which something has been due for longer than PATIENCE while nothing moved."""
    since = now - PATIENCE
    checks = {
        "feeds": _feeds_are_stuck,
        "episodes": _episodes_are_stuck,
        "briefs": _briefs_are_stuck,
        "letters": _letters_are_stuck,
    }
    return [name for name, is_stuck in checks.items() if is_stuck(since, now)]


def _feeds_are_stuck(since: dt.datetime, now: dt.datetime) -> bool:  # noqa: ARG001
    due = Feed.objects.due(since).filter(created_at__lte=since)
    return due.exists() and not Feed.objects.filter(last_checked_at__gt=since).exists()


def _episodes_are_stuck(since: dt.datetime, now: dt.datetime) -> bool:
    claimed = Q(state=Episode.State.WAITING, attempts__gt=0, next_attempt_at__gt=now)
    moving = Episode.objects.filter(Q(processed_at__gt=since) | claimed)
    return Episode.objects.waiting(since).exists() and not moving.exists()


def _briefs_are_stuck(since: dt.datetime, now: dt.datetime) -> bool:  # noqa: ARG001
    due = Brief.objects.to_compose(since).exists() or Brief.objects.to_send(since).exists()
    return due and not Brief.objects.filter(Q(composed_at__gt=since) | Q(sent_at__gt=since)).exists()


def _letters_are_stuck(since: dt.datetime, now: dt.datetime) -> bool:  # noqa: ARG001
    due = Letter.objects.filter(state=Letter.State.WAITING, next_attempt_at__lte=since)
    return due.exists() and not Letter.objects.filter(sent_at__gt=since).exists()

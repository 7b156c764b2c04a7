"""Whether this installation does its work: the database answers, and what is due is being done."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.db.models import Count, Expression, F, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Instance, Letter
from briefs.models import Brief
from feeds.models import Episode, Feed

PATIENCE = dt.timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Work of one kind that has been due for longer than PATIENCE."""

    waiting: int
    oldest: dt.datetime
    is_moving: bool


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 while work is done, with what is behind; 503 with what stands still, or with the database's failure."""
    now = timezone.now()
    try:
        found = overdue_work(now=now)
        reason = Instance.objects.values_list("fence_reason", flat=True).first()
    except DatabaseError as error:
        return JsonResponse({"database": type(error).__name__}, status=503)
    stuck = [name for name, overdue in found.items() if not overdue.is_moving]
    behind = {
        name: {"waiting": overdue.waiting, "oldest_seconds": int((now - overdue.oldest).total_seconds())}
        for name, overdue in found.items()
    }
    fenced = {"fenced": reason} if reason else {}
    return JsonResponse({"stuck": stuck, "behind": behind} | fenced, status=503 if stuck or fenced else 200)


def overdue_work(*, now: dt.datetime) -> dict[str, Overdue]:
    """Name the queues in which something has been due for longer than PATIENCE, and say whether anything moves."""
    since = now - PATIENCE
    looks: dict[str, Callable[[dt.datetime, dt.datetime], Overdue | None]] = {
        "feeds": _feeds,
        "episodes": _episodes,
        "briefs": _briefs,
        "letters": _letters,
    }
    return {name: overdue for name, look in looks.items() if (overdue := look(since, now))}


def _feeds(since: dt.datetime, now: dt.datetime) -> Overdue | None:  # noqa: ARG001
    due = Feed.objects.due(since).filter(created_at__lte=since)
    moved = Feed.objects.filter(last_checked_at__gt=since)
    return _overdue([due], Coalesce("next_check_at", "created_at"), moved)


def _episodes(since: dt.datetime, now: dt.datetime) -> Overdue | None:
    claimed = Q(state=Episode.State.WAITING, attempts__gt=0, next_attempt_at__gt=now)
    moved = Episode.objects.filter(Q(processed_at__gt=since) | claimed)
    return _overdue([Episode.objects.waiting(since)], F("next_attempt_at"), moved)


def _briefs(since: dt.datetime, now: dt.datetime) -> Overdue | None:  # noqa: ARG001
    due = [Brief.objects.to_compose(since), Brief.objects.to_send(since)]
    moved = Brief.objects.filter(Q(composed_at__gt=since) | Q(sent_at__gt=since))
    return _overdue(due, F("next_attempt_at"), moved)


def _letters(since: dt.datetime, now: dt.datetime) -> Overdue | None:  # noqa: ARG001
    due = Letter.objects.filter(state=Letter.State.WAITING, next_attempt_at__lte=since)
    return _overdue([due], F("next_attempt_at"), Letter.objects.filter(sent_at__gt=since))


def _overdue(due: Sequence[QuerySet[Any]], due_since: Expression | F, moved: QuerySet[Any]) -> Overdue | None:
    counted = [one.order_by().aggregate(waiting=Count("pk"), oldest=Min(due_since)) for one in due]
    oldest = [one["oldest"] for one in counted if one["oldest"]]
    if not oldest:
        return None
    return Overdue(sum(one["waiting"] for one in counted), min(oldest), is_moving=moved.exists())

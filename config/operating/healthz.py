"""Whether this installation does its work: the database answers, and what is due is being done."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.operating.counting import backlog, fence
from config.operating.figures import overdue, standing_still


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 while work is done, with what is behind; 503 with what stands still, or with the database's failure."""
    now = timezone.now()
    try:
        due, reason = backlog(now=now), fence()
    except DatabaseError as error:
        return JsonResponse({"database": type(error).__name__}, status=503)
    stuck = standing_still(due, now=now)
    behind = {
        name: {"waiting": one.waiting, "oldest_seconds": int(one.age(now).total_seconds())}
        for name, one in overdue(due, now=now).items()
    }
    fenced = {"fenced": reason} if reason else {}
    return JsonResponse({"stuck": stuck, "behind": behind} | fenced, status=503 if stuck or fenced else 200)

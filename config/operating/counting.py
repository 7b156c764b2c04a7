"""The figures, counted from the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Expression, F, Min, Model, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import Instance, Letter, SoftBounce, Suppression, User
from briefs.models import Brief, Hold
from config.operating.figures import PATIENCE, Backlog, Figures, Night, Trouble, Troubles
from feeds.models import Episode, Feed, Insight, InsightReport, LlmCall

PERIOD = dt.timedelta(hours=24)
SHOWN = 20
_UNCERTAIN_SHOWN = 10


def figures(*, now: dt.datetime) -> Figures:
    since = now - PERIOD
    found = _troubling(since)
    return Figures(
        now=now,
        night=night(until=now),
        subscribers=User.objects.get_queryset().receiving().count(),
        backlog=backlog(now=now),
        counts={name: rows.count() for name, rows in found.items()},
        troubles=_troubles(found),
        refusals=_refusals(since),
        fence=fence(),
    )


def night(*, until: dt.datetime) -> Night:
    begin = until - PERIOD

    def within(name: str) -> dict[str, dt.datetime]:
        return {f"{name}__gt": begin, f"{name}__lte": until}

    read = _by_state(Episode.objects.filter(**within("processed_at")))
    briefs = _by_state(Brief.objects.filter(**within("due_at")))
    return Night(
        scanned=Feed.objects.filter(last_checked_at__gt=begin).count(),
        new=Episode.objects.filter(**within("created_at")).count(),
        read=read.get(Episode.State.DONE, 0),
        silent=read.get(Episode.State.SILENT, 0),
        failed=Episode.objects.filter(state=Episode.State.FAILED, **within("next_attempt_at")).count(),
        ready=Insight.objects.ready().filter(**within("created_at")).count(),
        withheld=Insight.objects.passages().filter(**within("created_at")).count(),
        sent=briefs.get(Brief.State.SENT, 0),
        empty=briefs.get(Brief.State.EMPTY, 0),
        skipped=briefs.get(Brief.State.SKIPPED, 0) + briefs.get(Brief.State.SUPPRESSED, 0),
        refused=briefs.get(Brief.State.FAILED, 0),
        unknown=briefs.get(Brief.State.UNKNOWN, 0),
        spend=LlmCall.objects.filter(**within("asked_at")).spent(),
    )


def fence() -> str:
    """Why nothing is sent from this database; empty where it may send."""
    return Instance.objects.values_list("fence_reason", flat=True).first() or ""


# What is due -----------------------------------------------------------------------------------------------------


def backlog(*, now: dt.datetime) -> dict[str, Backlog]:
    """By queue, those with nothing due left out."""
    since = now - PATIENCE
    found = {
        "feeds": _feeds(since, now),
        "episodes": _episodes(since, now),
        "briefs": _briefs(since, now),
        "letters": _letters(since, now),
    }
    return {name: one for name, one in found.items() if one}


def _feeds(since: dt.datetime, now: dt.datetime) -> Backlog | None:
    moved = Feed.objects.filter(last_checked_at__gt=since)
    return _backlog([Feed.objects.due(now)], Coalesce("next_check_at", "created_at"), moved)


def _episodes(since: dt.datetime, now: dt.datetime) -> Backlog | None:
    claimed = Q(state=Episode.State.WAITING, attempts__gt=0, next_attempt_at__gt=now)
    moved = Episode.objects.filter(Q(processed_at__gt=since) | claimed)
    return _backlog([Episode.objects.waiting(now)], F("next_attempt_at"), moved)


def _briefs(since: dt.datetime, now: dt.datetime) -> Backlog | None:
    moved = Brief.objects.filter(Q(composed_at__gt=since) | Q(sent_at__gt=since))
    return _backlog([Brief.objects.to_compose(now), Brief.objects.to_send(now)], F("next_attempt_at"), moved)


def _letters(since: dt.datetime, now: dt.datetime) -> Backlog | None:
    due = Letter.objects.filter(state=Letter.State.WAITING, next_attempt_at__lte=now)
    return _backlog([due], F("next_attempt_at"), Letter.objects.filter(sent_at__gt=since))


def _backlog(due: Sequence[QuerySet[Any]], due_since: Expression | F, moved: QuerySet[Any]) -> Backlog | None:
    counted = [one.order_by().aggregate(waiting=Count("pk"), oldest=Min(due_since)) for one in due]
    oldest = [one["oldest"] for one in counted if one["oldest"]]
    if not oldest:
        return None
    return Backlog(sum(one["waiting"] for one in counted), min(oldest), is_moving=moved.exists())


# What went wrong, and what is to be decided ----------------------------------------------------------------------


def _troubling(since: dt.datetime) -> dict[str, QuerySet[Any]]:
    """By the names in Troubles."""
    standing = Insight.objects.standing().ready()
    unanswered = InsightReport.objects.filter(resolved_at=None)
    return {
        "holds": Hold.objects.filter(until__gt=since),
        "unscheduled": User.objects.get_queryset().receiving().exclude(schedule_error=""),
        "unknown_briefs": Brief.objects.filter(state=Brief.State.UNKNOWN).order_by("-due_at"),
        "refused_briefs": Brief.objects.filter(state=Brief.State.FAILED, due_at__gt=since).order_by("-due_at"),
        "failing_shows": Feed.objects.exclude(error="").exclude(state=Feed.State.OFF).order_by("-last_checked_at"),
        "failed_episodes": Episode.objects.filter(
            state=Episode.State.FAILED, next_attempt_at__gt=since
        ).order_by("-next_attempt_at"),
        "open_reports": unanswered.select_related("insight").order_by("-created_at"),
        "uncertain_insights": standing.filter(created_at__gt=since, extractor="local").order_by("ready"),
    }  # fmt: skip


def _troubles(found: dict[str, QuerySet[Any]]) -> Troubles:
    return Troubles(
        holds=[Trouble(f"no {hold}", hold.reason, _page(hold)) for hold in found["holds"][:SHOWN]],
        unscheduled=[
            Trouble(f"no brief is scheduled for subscriber {one.pk}", one.schedule_error, _page(one))
            for one in found["unscheduled"][:SHOWN]
        ],
        unknown_briefs=[_brief(one) for one in found["unknown_briefs"][:SHOWN]],
        refused_briefs=[_brief(one) for one in found["refused_briefs"][:SHOWN]],
        failing_shows=[Trouble(one.title, one.error, _page(one)) for one in found["failing_shows"][:SHOWN]],
        failed_episodes=[Trouble(one.title, one.error, _page(one)) for one in found["failed_episodes"][:SHOWN]],
        open_reports=[
            Trouble(f"{one.get_reason_display()}: {one.insight}", one.message, _page(one))
            for one in found["open_reports"][:SHOWN]
        ],
        uncertain_insights=[
            Trouble(one.headline, f"{one.ready:.0%} likely to be fit to print", _page(one))
            for one in found["uncertain_insights"][:_UNCERTAIN_SHOWN]
        ],
    )


def _brief(brief: Brief) -> Trouble:
    return Trouble(f"brief of {brief.day} for subscriber {brief.user_id}, {brief.state}", brief.reason, _page(brief))


def _page(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _refusals(since: dt.datetime) -> dict[str, int]:
    """Mail that was refused, by what it means."""
    stopped = Suppression.objects.filter(created_at__gt=since).order_by().values_list("reason")
    by_reason = dict(stopped.annotate(Count("id")))
    return {
        "mailbox gone": by_reason.get(Suppression.Reason.BOUNCE, 0),
        "complaint": by_reason.get(Suppression.Reason.COMPLAINT, 0),
        "mailbox refused for now": SoftBounce.objects.filter(day__gt=since.date()).count(),
        "held for everybody or a provider": Hold.objects.filter(until__gt=since).count(),
        "brief refused for good": Brief.objects.filter(state=Brief.State.FAILED, due_at__gt=since).count(),
        "letter refused for good": Letter.objects.filter(
            state=Letter.State.FAILED, next_attempt_at__gt=since
        ).count(),
    }  # fmt: skip


def _by_state(rows: QuerySet[Any]) -> dict[str, int]:
    return dict(rows.order_by().values_list("state").annotate(Count("id")))

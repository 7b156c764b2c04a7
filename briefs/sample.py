"""A subscriber's next brief as it would be at this moment: to look at, or as a test by mail. Nothing is recorded."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from email.utils import parseaddr

from django.conf import settings

from accounts.models import AccountEvent, User
from briefs.compose import choose
from briefs.models import BriefItem
from briefs.preview import preview
from feeds.models import Insight

TESTS_PER_HOUR = 3
_TEST = "test brief sent"


@dataclasses.dataclass(frozen=True)
class SampleItem:
    insight: Insight
    reason: str


@dataclasses.dataclass(frozen=True)
class Sample:
    """Without items, `why_empty` says why in words."""

    items: tuple[SampleItem, ...]
    why_empty: str


def sample(user: User, *, now: dt.datetime) -> Sample:
    composed = choose([user.pk], now=now)[0]
    insights = Insight.objects.with_source().in_bulk([item.insight_id for item in composed.items])
    items = [SampleItem(insights[one.insight_id], _words(one.reason, one.detail)) for one in composed.items]
    return Sample(tuple(items), composed.why_empty)


def may_send_test(user: User, *, now: dt.datetime) -> bool:
    recent = user.events.filter(kind=_TEST, created_at__gt=now - dt.timedelta(hours=1))
    return user.is_receiving and recent.count() < TESTS_PER_HOUR


def send_test(user: User, *, now: dt.datetime) -> bool:
    """Mail the sample to the subscriber; False if there is nothing in it. Raises what the mail server raises."""
    message = preview(user, now=now).message
    if message is None:
        return False
    AccountEvent.objects.create(user=user, kind=_TEST, created_at=now)
    message.subject = f"Test: {message.subject}"
    # Not the Message-ID of today's brief, which a mail program would then take for a copy.
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    message.extra_headers["Message-ID"] = f"<test-{uuid.uuid4().hex}@{host}>"
    message.send()
    return True


def _words(reason: str, detail: str) -> str:
    return BriefItem(reason=reason, reason_detail=detail).reason_in_words

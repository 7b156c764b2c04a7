"""A subscriber's next brief as it would be at this moment: to look at, or as a test by mail. Nothing is recorded."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db import transaction

from accounts.letters.deliver import Delivered, deliver_letters, request_letter
from accounts.letters.write import letter_id
from accounts.mail.message import Message
from accounts.models import AccountEvent, Letter, User
from briefs.choosing.voices import shown_voices
from briefs.edition.on_demand import chosen_now
from briefs.edition.printing.preview import preview
from briefs.edition.printing.shortness import fewer_in_words
from briefs.models import BriefItem
from feeds.models import Insight

TESTS_PER_HOUR = 3


@dataclasses.dataclass(frozen=True)
class SampleItem:
    insight: Insight
    reason: str
    voices: tuple[Insight, ...]


@dataclasses.dataclass(frozen=True)
class Sample:
    """Without items, `why_empty` says why in words."""

    items: tuple[SampleItem, ...]
    why_empty: str

    @property
    def fewer(self) -> str:
        return fewer_in_words(len(self.items), quotes=sum(not item.insight.is_ready for item in self.items))


def sample(user: User, *, now: dt.datetime) -> Sample:
    composed = chosen_now(user, now=now)
    insights = Insight.objects.with_source().in_bulk([item.insight_id for item in composed.items])
    others = shown_voices(pk for one in composed.items for pk in one.voices)
    items = [
        SampleItem(
            insights[one.insight_id],
            _words(one.reason, one.detail),
            tuple(others[pk] for pk in one.voices if pk in others),
        )
        for one in composed.items
    ]
    return Sample(tuple(items), composed.why_empty)


def may_send_test(user: User, *, now: dt.datetime) -> bool:
    recent = user.letters.filter(kind=Letter.Kind.TEST_BRIEF, created_at__gt=now - dt.timedelta(hours=1))
    return user.is_receiving and recent.count() < TESTS_PER_HOUR


def request_test(user: User, *, now: dt.datetime) -> bool:
    """Have a worker mail the sample; False if there is nothing in it."""
    if not chosen_now(user, now=now).items:
        return False
    with transaction.atomic():
        request_letter(user, Letter.Kind.TEST_BRIEF)
        AccountEvent.objects.create(user=user, kind="test brief asked for", created_at=now)
    return True


def deliver_tests(*, now: dt.datetime) -> Delivered:
    """Send the tests that wait: letters like others, with words that are known here alone."""
    return deliver_letters(now=now, kinds=[Letter.Kind.TEST_BRIEF], writer=_write_test)


def _write_test(letter: Letter) -> Message | None:
    """The brief as it was when the letter was asked for."""
    message = preview(letter.user, now=letter.created_at).message
    if message:
        message.subject = f"Test: {message.subject}"
        # Not the Message-ID of today's brief, which a mail program would then take for a copy.
        message.extra_headers["Message-ID"] = letter_id(letter)
    return message


def _words(reason: str, detail: str) -> str:
    return BriefItem(reason=reason, reason_detail=detail).reason_in_words

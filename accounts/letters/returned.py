"""What a mail provider tells later of mail that it took: a mailbox that is gone, a complaint, a wish to hear no more.

Events come more than once, late, in any order and with no id to know them by, so the subscriber's row decides.
"""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.dispatch import receiver
from django.utils import timezone

from accounts.addresses import InvalidAddress, canonical
from accounts.models import Suppression, User
from accounts.soft_bounces import note_soft_bounce
from accounts.subscription import has_answered_since, stop_mail, unsubscribe

_COMPLAINED = "your mail provider passed on a complaint: you, or somebody who reads your mail, marked one as spam"


class Meaning(enum.Enum):
    REFUSED = enum.auto()
    GONE = enum.auto()
    COMPLAINT = enum.auto()
    UNSUBSCRIBED = enum.auto()


_OF_A_TYPE = {EventType.COMPLAINED: Meaning.COMPLAINT, EventType.UNSUBSCRIBED: Meaning.UNSUBSCRIBED}
# Not for "blocked" or "other", which may be about this sender: a bad day of ours must not stop everybody's mail. Some
# providers give no reason.
_OF_A_BOUNCE = dict.fromkeys((RejectReason.BOUNCED, RejectReason.INVALID, None), Meaning.GONE)
# Refused by the provider itself, which has the address on its own list; it says for what.
_OF_A_REJECTION = _OF_A_BOUNCE | {
    RejectReason.SPAM: Meaning.COMPLAINT,
    RejectReason.UNSUBSCRIBED: Meaning.UNSUBSCRIBED,
}


@receiver(tracking)
def heed(event: AnymailTrackingEvent, **_: Any) -> None:
    """An address that is nobody's changes nothing: the provider hears the same answer and does not ask again."""
    if not ((meaning := meaning_of(event)) and (user := _subscriber(event.recipient))):
        return
    now = timezone.now()
    at = event.timestamp or now
    if not has_answered_since(user, at):
        _act(user, meaning, told=event.mta_response or event.description or "", at=at, now=now)


def meaning_of(event: AnymailTrackingEvent) -> Meaning | None:
    if event.event_type == EventType.BOUNCED:
        return Meaning.REFUSED if _is_soft(event) else _OF_A_BOUNCE.get(event.reject_reason)
    if event.event_type == EventType.REJECTED:
        return _OF_A_REJECTION.get(event.reject_reason)
    return _OF_A_TYPE.get(event.event_type)


def _is_soft(event: AnymailTrackingEvent) -> bool:
    """Some call a full mailbox a bounce, too: they say “soft” where they name the event, and Mailjet sets a flag."""
    kinds = (event.esp_event.get(key) for key in ("Type", "type", "event"))
    return event.esp_event.get("hard_bounce") is False or any("soft" in str(kind).lower() for kind in kinds)


def _subscriber(address: str | None) -> User | None:
    try:
        return User.objects.filter(email=canonical(address or "")).first()
    except InvalidAddress:
        return None


def _act(user: User, meaning: Meaning, *, told: str, at: dt.datetime, now: dt.datetime) -> None:
    words = f"your mail provider sent it back: {' '.join(told.split()) or 'no such mailbox'}"
    match meaning:
        case Meaning.REFUSED:
            note_soft_bounce(user.email, user, words=words, now=at)
        case Meaning.GONE:
            stop_mail(user, Suppression.Reason.BOUNCE, words=words, now=now)
        case Meaning.COMPLAINT:
            stop_mail(user, Suppression.Reason.COMPLAINT, words=_COMPLAINED, now=now)
        case Meaning.UNSUBSCRIBED:
            unsubscribe(user.pk, now=now)

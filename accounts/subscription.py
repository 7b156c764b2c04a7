"""Stopping, pausing and starting the brief: one statement each, in effect for mail that is already queued."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from accounts.addresses import pattern_of_mailbox
from accounts.keyed_hashes import address_hash, address_hashes, mailbox_hash
from accounts.models import AccountEvent, SoftBounce, Suppression, User

# An old link may be anywhere by now; it stops the brief for ever, but starts it again only on the same day.
UNDO = dt.timedelta(days=1)
_ALLOWED_AGAIN = "mail allowed again"
_STARTED_AGAIN = "started again"
_WEEKLY = "weekly instead of daily"


def unsubscribe(user_id: int, *, now: dt.datetime) -> None:
    """Do nothing for accounts that are gone or unsubscribed already."""
    with transaction.atomic():
        if User.objects.filter(pk=user_id, unsubscribed_at=None).update(unsubscribed_at=now, next_brief_at=None):
            _note(user_id, "unsubscribed", now=now)


def may_start_by_link(user: User, *, now: dt.datetime) -> bool:
    """Of an unsubscription and of a complaint on the same day; a pause or a bounce ends by a link at any time."""
    ended = [at for at in (user.unsubscribed_at, user.stopped_at if has_complained(user) else None) if at]
    return all(now - at <= UNDO for at in ended)


def has_complained(user: User) -> bool:
    about = Suppression.objects.filter(address_hash__in=address_hashes(user.email))
    return user.stopped_at is not None and about.filter(reason=Suppression.Reason.COMPLAINT).exists()


def resume(user: User, *, now: dt.datetime) -> None:
    """End an unsubscription and a pause; the next brief is computed by the sweep."""
    with transaction.atomic():
        waiting = User.objects.filter(pk=user.pk).exclude(unsubscribed_at=None, paused_until=None)
        if waiting.update(unsubscribed_at=None, paused_until=None, next_brief_at=None):
            _note(user.pk, _STARTED_AGAIN, now=now)
    user.refresh_from_db()


def pause(user: User, *, until: dt.date, now: dt.datetime) -> None:
    """`until` is the first local day with a brief again."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(paused_until=until, unsubscribed_at=None, next_brief_at=None)
        _note(user.pk, "paused", f"until {until:%d %B %Y}", now=now)
    user.refresh_from_db()


def go_weekly(user: User, *, now: dt.datetime) -> None:
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(cadence=User.Cadence.WEEKLY, unsubscribed_at=None, next_brief_at=None)
        _note(user.pk, _WEEKLY, now=now)
    user.refresh_from_db()


def stop_address(address: str, user: User, because: Suppression.Reason, *, words: str, now: dt.datetime) -> None:
    """Stop the subscriber's mail where the address is theirs; a new one of theirs, or an old one, goes on the list."""
    if address == user.email:
        stop_mail(user, because, words=words, now=now)
    else:
        _list(address, because, now=now)


def stop_mail(user: User, because: Suppression.Reason, *, words: str, now: dt.datetime) -> None:
    """Neither briefs nor letters go there until the owner says otherwise, account or not; the first stop counts."""
    with transaction.atomic():
        if stopped := _stop(_concerned(user, because), words[:200], now=now):
            _list(user.email, because, now=now)
        for pk in stopped:
            _note(pk, "mail stopped", words[:200], now=now)


def _concerned(user: User, because: Suppression.Reason) -> QuerySet[User]:
    if because == Suppression.Reason.COMPLAINT:
        return User.objects.filter(email__regex=pattern_of_mailbox(user.email))
    return User.objects.filter(pk=user.pk)


def _stop(users: QuerySet[User], words: str, *, now: dt.datetime) -> list[int]:
    stopped = list(users.filter(stopped_at=None).select_for_update().order_by("pk").values_list("pk", flat=True))
    User.objects.filter(pk__in=stopped).update(stopped_at=now, stopped_reason=words)
    return stopped


def why_not_mailed(address: str, user: User | None) -> str:
    """What its owner said against mail to this address, or a mail server did; empty where nothing is known."""
    if user and user.unsubscribed_at:
        return f"unsubscribed on {user.unsubscribed_at:%d %B %Y}"
    if user and user.stopped_at:
        return f"mail was stopped on {user.stopped_at:%d %B %Y} ({user.stopped_reason or 'no reason was noted'})"
    listed = Suppression.objects.filter(address_hash__in=address_hashes(address)).first()
    return (
        f"on the suppression list since {listed.created_at:%d %B %Y}, {listed.get_reason_display()}" if listed else ""
    )


def allow_mail(address: str, user: User | None, *, reason: str, now: dt.datetime) -> None:
    """An operator's word that the owner wants mail after all; it stays on the account with its reason."""
    with transaction.atomic():
        Suppression.objects.filter(address_hash__in=address_hashes(address)).delete()
        if user:
            again = {"unsubscribed_at": None, "stopped_at": None, "stopped_reason": "", "next_brief_at": None}
            User.objects.filter(pk=user.pk).update(**again)
            _note(user.pk, _ALLOWED_AGAIN, f"by an operator: {reason}"[:200], now=now)


def mail_again(user: User, *, now: dt.datetime) -> None:
    """The owner says that a bounced or complained-about address is wanted after all."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(stopped_at=None, stopped_reason="", next_brief_at=None)
        Suppression.objects.filter(address_hash__in=address_hashes(user.email)).delete()
        SoftBounce.objects.filter(user=user).delete()
        _note(user.pk, _ALLOWED_AGAIN, now=now)
    user.refresh_from_db()


def has_answered_since(user: User, then: dt.datetime) -> bool:
    """Whether the owner asked for mail after that moment: what happened before it stops nothing any more."""
    return user.events.filter(kind__in=(_ALLOWED_AGAIN, _STARTED_AGAIN, _WEEKLY), created_at__gt=then).exists()


def _list(address: str, because: Suppression.Reason, *, now: dt.datetime) -> None:
    """A complaint is made by who reads the mailbox, and is about every address of it.

    A bounce is about one address: on a server that knows no tags, anybody could have made up one that is nobody's.
    """
    hashed = mailbox_hash(address) if because == Suppression.Reason.COMPLAINT else address_hash(address)
    Suppression.objects.update_or_create({"reason": because, "created_at": now}, address_hash=hashed)


def _note(user_id: int, kind: str, detail: str = "", *, now: dt.datetime) -> None:
    AccountEvent.objects.create(user_id=user_id, kind=kind, detail=detail, created_at=now)

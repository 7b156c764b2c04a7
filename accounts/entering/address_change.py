"""A new address: confirmed at the new one, told to the old one, and taken back from there if need be.

For fourteen days after a change the old mailbox has the last word. Meanwhile there is no second change, and no erasure
without its button: otherwise whoever got into an account once could put its owner's objection out of reach.
"""

from __future__ import annotations

import datetime as dt
import enum

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.dispatch import Signal

from accounts.letters.deliver import request_letter
from accounts.models import AccountEvent, AddressChange, Letter, Session, User

OBJECTION_PERIOD = dt.timedelta(days=14)
_LETTERS_PER_DAY = 3

# Sent with `user`, for other apps to revoke what they handed out under the address of before.
address_moved = Signal()


class Change(enum.Enum):
    DONE = "done"
    TAKEN = "taken"
    TOO_SOON = "an earlier change can still be objected to"
    TOO_MANY = "three letters in a day are enough"


def open_change(user: User, *, now: dt.datetime) -> AddressChange | None:
    """The change to which its old address can still object."""
    return _still_open(now).filter(user=user).order_by("created_at").first()


def known_change(change_id: int, *, now: dt.datetime) -> AddressChange | None:
    """The change with that id, objected to or not, as long as it can be."""
    recent = AddressChange.objects.filter(created_at__gt=now - OBJECTION_PERIOD)
    return recent.filter(pk=change_id).select_related("user").first()


def request_change(user: User, new_address: str, *, now: dt.datetime) -> Change:
    """Write to the new address, whoever has it; nothing changes until its button is pressed."""
    if open_change(user, now=now):
        return Change.TOO_SOON
    recent = user.letters.filter(kind=Letter.Kind.CONFIRM_ADDRESS, created_at__gt=now - dt.timedelta(days=1))
    if recent.count() >= _LETTERS_PER_DAY:
        return Change.TOO_MANY
    request_letter(user, Letter.Kind.CONFIRM_ADDRESS, to=new_address)
    return Change.DONE


def change_address(user: User, new_address: str, *, now: dt.datetime) -> Change:
    """Move the subscription and tell the old address. Every older link and session of this subscriber ends."""
    with transaction.atomic():
        old_address = User.objects.select_for_update().get(pk=user.pk).email
        if open_change(user, now=now):
            return Change.TOO_SOON
        if _is_reserved(new_address, now=now) or not _move(user, new_address):
            return Change.TAKEN
        change = AddressChange.objects.create(user=user, old_address=old_address, created_at=now)
        request_letter(user, Letter.Kind.ADDRESS_CHANGED, to=old_address, change=change.pk)
        AccountEvent.objects.create(user=user, kind="address changed", created_at=now)
    return Change.DONE


def object_to(change_id: int, *, now: dt.datetime) -> User | None:
    """Undo this change and all after it; nothing that was set up meanwhile opens the account. None if it is too late.

    A subscription that began at the old address since then is its owner's own, and gives way to the first one.
    """
    with transaction.atomic():
        change = _still_open(now).select_for_update().select_related("user").filter(pk=change_id).first()
        if change is None:
            return None
        user = change.user
        User.objects.filter(email=change.old_address).exclude(pk=user.pk).delete()
        _move(user, change.old_address)
        Authenticator.objects.filter(user=user).delete()
        user.address_changes.filter(created_at__gte=change.created_at).update(objected_at=now)
        AccountEvent.objects.create(user=user, kind="address taken back", created_at=now)
    return user


def forget_changes(*, now: dt.datetime) -> None:
    AddressChange.objects.filter(created_at__lte=now - OBJECTION_PERIOD).delete()


def _still_open(now: dt.datetime) -> QuerySet[AddressChange]:
    return AddressChange.objects.filter(objected_at=None, created_at__gt=now - OBJECTION_PERIOD)


def _is_reserved(address: str, *, now: dt.datetime) -> bool:
    return _still_open(now).filter(old_address=address).exists()


def _move(user: User, address: str) -> bool:
    """False where the address has a subscription of its own; a sign-up that was never confirmed gives way."""
    User.objects.filter(email=address, confirmed_at=None).delete()
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(email=address, link_version=F("link_version") + 1)
    except IntegrityError:
        return False
    Session.objects.filter(user=user).delete()
    user.refresh_from_db()
    address_moved.send(User, user=user)
    return True

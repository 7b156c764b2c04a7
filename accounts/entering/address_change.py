"""A new address: confirmed at the new one, told to the old one, taken back from there if need be."""

from __future__ import annotations

import datetime as dt
import enum

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.letters.deliver import request_letter
from accounts.models import AccountEvent, Letter, User

_LETTERS_PER_DAY = 3


class Change(enum.Enum):
    DONE = "done"
    TAKEN = "taken"


def request_change(user: User, new_address: str, *, now: dt.datetime) -> bool:
    """Write to the new address, whoever has it; nothing changes until its button is pressed. False past the limit."""
    recent = user.letters.filter(kind=Letter.Kind.CONFIRM_ADDRESS, created_at__gt=now - dt.timedelta(days=1))
    if recent.count() >= _LETTERS_PER_DAY:
        return False
    request_letter(user, Letter.Kind.CONFIRM_ADDRESS, to=new_address)
    return True


def change_address(user: User, new_address: str, *, now: dt.datetime) -> Change:
    """Move the subscription and tell the old address. Every older link of this subscriber stops working."""
    old_address = user.email
    with transaction.atomic():
        if not _move(user, new_address):
            return Change.TAKEN
        request_letter(user, Letter.Kind.ADDRESS_CHANGED, to=old_address)
        AccountEvent.objects.create(user=user, kind="address changed", created_at=now)
    return Change.DONE


def restore_address(user: User, old_address: str, *, now: dt.datetime) -> Change:
    """The old address objects: it gets the subscription back, and nothing else that was set up opens it any more."""
    with transaction.atomic():
        if not _move(user, old_address):
            return Change.TAKEN
        Authenticator.objects.filter(user=user).delete()
        # Changes the session hash, which signs out everybody everywhere.
        user.set_unusable_password()
        user.save(update_fields=["password"])
        AccountEvent.objects.create(user=user, kind="address taken back", created_at=now)
    return Change.DONE


def _move(user: User, address: str) -> bool:
    """False where the address has a subscription of its own; a sign-up that was never confirmed gives way."""
    User.objects.filter(email=address, confirmed_at=None).delete()
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(email=address, link_version=F("link_version") + 1)
    except IntegrityError:
        return False
    user.refresh_from_db()
    return True

"""What was handed out under an address goes when the subscription moves to another."""

from __future__ import annotations

from django.dispatch import receiver

from accounts.entering.address_change import address_moved
from accounts.models import User
from briefs.models import PrivateFeed


@receiver(address_moved)
def close_private_feed(sender: type[User], *, user: User, **_: object) -> None:  # noqa: ARG001
    PrivateFeed.objects.filter(user=user).delete()

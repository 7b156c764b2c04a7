"""The address under which one subscriber, and nobody else, votes on and saves one insight without signing in.

Fifteen of these stand in every brief, so the token is short: 32 characters, nothing but two numbers and a MAC. It is
good for nothing else, does not expire, and is revoked with the subscriber's other links by raising `link_version`.
"""

import base64
import binascii
import hmac
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.tokens import BadToken

_NUMBER_BYTES = 6
_MAC_BYTES = 12
_PLACE = "PLACE"


def act_url(user: User, insight_id: int) -> str:
    token = feedback_token(user.pk, insight_id, version=user.link_version)
    return f"{settings.SITE_URL}{_path().replace(_PLACE, token)}"


@cache
def _path() -> str:
    """Looking the address up takes longer than signing the token."""
    return reverse("briefs:act", args=[_PLACE])


def feedback_token(user_id: int, insight_id: int, *, version: int) -> str:
    numbers = user_id.to_bytes(_NUMBER_BYTES, "big") + insight_id.to_bytes(_NUMBER_BYTES, "big")
    return base64.urlsafe_b64encode(numbers + _mac(numbers, version, settings.SECRET_KEY)).decode("ascii")


def read_feedback_token(token: str) -> tuple[int, int]:
    """The ids of the subscriber and of the insight. Raises BadToken, also when the subscriber's links were revoked."""
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadToken("damaged") from error
    numbers, mac = raw[: 2 * _NUMBER_BYTES], raw[2 * _NUMBER_BYTES :]
    user_id, insight_id = (int.from_bytes(half, "big") for half in (numbers[:_NUMBER_BYTES], numbers[_NUMBER_BYTES:]))
    version = User.objects.filter(pk=user_id).values_list("link_version", flat=True).first()
    if version is None:
        raise BadToken("the account is gone")
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(hmac.compare_digest(mac, _mac(numbers, version, key)) for key in keys):
        raise BadToken("forged or revoked")
    return user_id, insight_id


def _mac(numbers: bytes, version: int, key: str) -> bytes:
    signed = numbers + version.to_bytes(4, "big")
    return salted_hmac("overheard.feedback", signed, secret=key, algorithm="sha256").digest()[:_MAC_BYTES]

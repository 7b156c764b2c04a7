"""What the sign-up box posts, and what is to be done with it before any address is looked up. No database."""

from __future__ import annotations

import dataclasses
import enum
import time
from typing import TypedDict

from django.core import signing
from django.http import QueryDict

from accounts.addresses import InvalidAddress, canonical, is_disposable, suggestion

# From drawing the box to posting it. A person needs more, also one with a password manager; most programs less.
QUICKEST_SECONDS = 0.4
_THROW_AWAY = (
    "That is a mailbox that is thrown away within the hour; the brief comes every morning. "
    "Please use an address that you read. To hide yours, an alias from your mail provider works well."
)


class Verdict(enum.Enum):
    GO = "go"
    INVALID = "invalid"
    MISTYPED = "probably mistyped"
    HASTY = "answered faster than a person could"
    TRAPPED = "filled in the field that people do not see"


class _CameFrom(TypedDict):
    topics: tuple[str, ...]
    time_zone: str


@dataclasses.dataclass(frozen=True)
class Signup:
    """`topics` are slugs of the page they came from; `time_zone` is the browser's, or empty. Neither is checked."""

    verdict: Verdict
    address: str
    topics: tuple[str, ...] = ()
    time_zone: str = ""
    error: str = ""
    suggested: str = ""


def stamp() -> str:
    return _signer().sign(f"{time.time():.3f}")


def read(posted: QueryDict) -> Signup:
    """Decide from the form alone, so that the answer cannot depend on who is known here."""
    typed = posted.get("email", "")
    came_from = _CameFrom(topics=tuple(posted.getlist("topic")), time_zone=posted.get("time_zone", ""))
    if posted.get("website"):
        return Signup(Verdict.TRAPPED, typed)
    try:
        address = canonical(typed)
    except InvalidAddress as error:
        return Signup(Verdict.INVALID, typed, error=str(error), **came_from)
    # First: domains one slip away from a large one serve throw-away mail, too, and few people mean those.
    meant = suggestion(address)
    if meant and not posted.get("as_typed"):
        return Signup(Verdict.MISTYPED, address, suggested=meant, **came_from)
    if is_disposable(address):
        return Signup(Verdict.INVALID, typed, error=_THROW_AWAY, **came_from)
    verdict = Verdict.HASTY if _is_hasty(posted.get("stamp", "")) else Verdict.GO
    return Signup(verdict, address, **came_from)


def _is_hasty(signed: str) -> bool:
    """A page may come from a cache and be old; only a stamp that is missing, forged or brand new is suspicious."""
    try:
        drawn_at = float(_signer().unsign(signed))
    except signing.BadSignature:
        return True
    return time.time() - drawn_at < QUICKEST_SECONDS


def _signer() -> signing.Signer:
    return signing.Signer(salt="overheard.signup-box")

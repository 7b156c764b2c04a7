"""What the language model may cost, and what it has cost.

The most that a call can cost is set aside in a transaction of its own before the call is made, under a lock that lets
one process at a time look at the sums; so no cap is ever passed, however many workers ask. An answer that was paid for
is kept and read again: a question that may have been charged is never asked a second time, and one whose asker died is
counted at its most.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q

from feeds.models import LlmCall, LlmCallQuerySet

# The number of the lock among PostgreSQL's advisory ones; it only has to be always the same.
_LOCK = int.from_bytes(hashlib.sha256(b"feeds.LlmCall").digest()[:8], signed=True)


@dataclass(frozen=True, slots=True)
class Key:
    """One question; a second one with the same key is not paid for."""

    source_sha256: str
    prompt_version: str
    model: str
    schema_version: str
    part: str


@dataclass(frozen=True, slots=True)
class Caps:
    """Money that a day (in UTC) and all questions about one source may cost; None: as much as the day."""

    day: Decimal
    source: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Reserved:
    """Ask now, and settle."""

    call_id: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Known:
    """Asked and answered before."""

    answer: str
    asked_about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Busy:
    """Another worker is asking; after `until` it is taken for dead."""

    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """Not to be asked now, or never."""

    reason: str
    is_final: bool


def reserve(
    key: Key, *, most: Decimal, caps: Caps, asked_about: Sequence[str], now: dt.datetime, lease: dt.timedelta
) -> Reserved | Known | Busy | Closed:
    """Set `most` aside for a call that is over within `lease`; committed when this returns."""
    with transaction.atomic(durable=True):
        _one_at_a_time()
        call = LlmCall.objects.filter(_is(key)).first()
        if call is not None and (known := _known(call, now=now)):
            return known
        if reason := _beyond(caps, most=most, key=key, now=now):
            return Closed(reason, is_final=False)
        call = call or LlmCall(**_fields(key), attempts=0)
        call.state, call.error, call.asked_about = LlmCall.State.RESERVED, "", list(asked_about)
        call.attempts, call.cost = call.attempts + 1, most
        call.asked_at, call.expires_at = now, now + lease
        call.save()
        return Reserved(call.pk, call.attempts)


def settle(
    reserved: Reserved,
    *,
    answer: str,
    fault: str,
    cost: Decimal | None,
    input_tokens: int | None,
    output_tokens: int | None,
    now: dt.datetime,
) -> None:
    """An answer came; `fault` says why it is of no use. Where the `cost` is not known, the most stays counted."""
    state = LlmCall.State.USELESS if fault else LlmCall.State.ANSWERED
    known_cost = {} if cost is None else {"cost": cost}
    _open(reserved).update(
        state=state,
        answer=answer.replace("\0", ""),
        error=fault[:200],
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        answered_at=now,
        **known_cost,
    )


def turned_away(reserved: Reserved, *, reason: str) -> None:
    """Nothing was charged, so nothing is counted, and the question may be asked again."""
    _open(reserved).update(state=LlmCall.State.TURNED_AWAY, cost=0, error=reason[:200])


def lost(reserved: Reserved, *, reason: str) -> None:
    _open(reserved).update(state=LlmCall.State.UNKNOWN, error=reason[:200])


def _known(call: LlmCall, *, now: dt.datetime) -> Known | Busy | Closed | None:
    """What is known of a question that was asked before; None where it may be asked again."""
    if call.state == LlmCall.State.ANSWERED:
        return Known(call.answer, tuple(call.asked_about))
    if call.state == LlmCall.State.TURNED_AWAY:
        return None
    if call.state == LlmCall.State.RESERVED:
        if now < call.expires_at:
            return Busy(call.expires_at)
        call.state, call.error = LlmCall.State.UNKNOWN, "whoever asked died before the answer"
        call.save(update_fields=["state", "error"])
    return Closed(f"asked before: {call.error}", is_final=True)


def _beyond(caps: Caps, *, most: Decimal, key: Key, now: dt.datetime) -> str:
    if LlmCall.objects.spent_on(now.astimezone(dt.UTC).date()) + most > caps.day:
        return "the day's budget is spent"
    of_source = LlmCall.objects.filter(source_sha256=key.source_sha256)
    if caps.source is not None and of_source.spent() + most > caps.source:
        return "the source's budget is spent"
    return ""


def _one_at_a_time() -> None:
    """Until the transaction ends; sums of rows have no row to lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _fields(key: Key) -> dict[str, str]:
    return {
        "source_sha256": key.source_sha256,
        "prompt_version": key.prompt_version,
        "model": key.model,
        "schema_version": key.schema_version,
        "part": key.part,
    }


def _is(key: Key) -> Q:
    return Q(**_fields(key))


def _open(reserved: Reserved) -> LlmCallQuerySet:
    """The call, unless it was asked anew since; an answer that comes after its lease is still the truth."""
    waiting = [LlmCall.State.RESERVED, LlmCall.State.UNKNOWN]
    return LlmCall.objects.filter(pk=reserved.call_id, attempts=reserved.attempt, state__in=waiting)

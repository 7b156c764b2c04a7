"""Whether this database is the one that this host sent from: one that was restored or copied sends nothing.

The database counts its runs of sending, and each host keeps beside it how far it saw that count. A database behind its
host was restored. One that a host has never seen is a copy, unless another host goes on counting in it meanwhile. A
snapshot of database and host together cannot be told from the original.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import logging
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Instance

logger = logging.getLogger(__name__)

# For so long a host that is new to a database looks whether others go on sending from it.
NEWCOMER_WAITS = dt.timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a host keeps: the count that it saw last, and for a newcomer since when it looks on."""

    identity: str = ""
    runs: int = 0
    newcomer_since: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    may_send: bool
    seen: Seen
    reason: str = ""


def judge(identity: str, runs: int, seen: Seen, *, now: dt.datetime) -> Verdict:
    """Pure: what a host that has seen this may do with a database that says so."""
    if runs == 0 or (seen.identity == identity and not seen.newcomer_since and runs >= seen.runs):
        return Verdict(True, Seen(identity, runs + 1))
    if seen.identity == identity and not seen.newcomer_since:
        reason = f"the database counts {runs} runs of sending and this host saw {seen.runs}: it was restored"
        return Verdict(False, seen, reason)
    if seen.identity != identity:
        return Verdict(False, Seen(identity, runs, newcomer_since=now.isoformat()))
    if runs > seen.runs:
        return Verdict(True, Seen(identity, runs + 1))
    if now - dt.datetime.fromisoformat(seen.newcomer_since) < NEWCOMER_WAITS:
        return Verdict(False, seen)
    return Verdict(False, seen, "this host never sent from this database, and no other host does: it is a copy")


def may_send(*, now: dt.datetime) -> bool:
    """Count one more run; False where a person must first say what became of the time in between."""
    with _host_file() as file:
        verdict = _judge_and_count(_read(file), now=now)
        _write(
            file, verdict.seen
        )  # only what is committed: a file ahead of the database would say that it was restored
    return verdict.may_send


def _judge_and_count(seen: Seen, *, now: dt.datetime) -> Verdict:
    with transaction.atomic():
        row = _locked_row()
        if row.fence_reason:
            return Verdict(False, seen, row.fence_reason)
        verdict = judge(row.identity.hex, row.runs, seen, now=now)
        if verdict.may_send:
            row.runs, row.last_run_at = verdict.seen.runs, now
        elif verdict.reason:
            logger.error("nothing is sent: %s; see manage.py confirm_instance", verdict.reason)
            row.fence_reason = verdict.reason
        row.save()
        return verdict


def confirm() -> None:
    """From now on it is a database of its own, which every host has to get to know."""
    Instance.objects.update(identity=uuid.uuid4(), runs=0, fence_reason="")


def _locked_row() -> Instance:
    Instance.objects.get_or_create(pk=1)
    return Instance.objects.select_for_update().get(pk=1)


@contextlib.contextmanager
def _host_file() -> Iterator[IO[str]]:
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    path = Path(settings.VAR_DIR, f"sent-from-{connection.settings_dict['NAME']}.json")
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _read(file: IO[str]) -> Seen:
    file.seek(0)
    text = file.read()
    return Seen(**json.loads(text)) if text else Seen()


def _write(file: IO[str], seen: Seen) -> None:
    file.truncate(0)
    file.write(json.dumps(asdict(seen)))
    file.flush()

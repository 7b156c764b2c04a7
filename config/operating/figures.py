"""The figures themselves: what is counted, and what of it is a trouble."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

PATIENCE = dt.timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class Night:
    """What 24 hours came to. Withheld is what was kept as a passage."""

    scanned: int = 0
    new: int = 0
    read: int = 0
    silent: int = 0
    failed: int = 0
    ready: int = 0
    withheld: int = 0
    sent: int = 0
    empty: int = 0
    skipped: int = 0
    refused: int = 0
    unknown: int = 0
    spend: Decimal = Decimal(0)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"spend": str(self.spend)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Night:
        known = {one.name for one in fields(cls)} & stored.keys()
        return cls(**{name: stored[name] for name in known} | {"spend": Decimal(stored.get("spend", "0"))})


@dataclass(frozen=True, slots=True)
class Backlog:
    """Work of one kind that is due, and whether any was done within PATIENCE."""

    waiting: int
    oldest: dt.datetime
    is_moving: bool

    def age(self, now: dt.datetime) -> dt.timedelta:
        return max(now - self.oldest, dt.timedelta(0))


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that failed or is to be decided, with its reason and the page where an operator sees to it."""

    what: str
    why: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class Troubles:
    """The newest of each kind, and under `counts` how many there are in all, by the same names."""

    holds: Sequence[Trouble] = ()
    unscheduled: Sequence[Trouble] = ()
    unknown_briefs: Sequence[Trouble] = ()
    refused_briefs: Sequence[Trouble] = ()
    failing_shows: Sequence[Trouble] = ()
    failed_episodes: Sequence[Trouble] = ()
    open_reports: Sequence[Trouble] = ()
    uncertain_insights: Sequence[Trouble] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything at one moment."""

    now: dt.datetime
    night: Night
    subscribers: int
    backlog: Mapping[str, Backlog]
    counts: Mapping[str, int]
    troubles: Troubles
    refusals: Mapping[str, int]
    fence: str = ""


def overdue(backlog: Mapping[str, Backlog], *, now: dt.datetime) -> dict[str, Backlog]:
    """What has been due for longer than PATIENCE."""
    return {name: one for name, one in backlog.items() if one.age(now) >= PATIENCE}


def standing_still(backlog: Mapping[str, Backlog], *, now: dt.datetime) -> list[str]:
    return [name for name, one in overdue(backlog, now=now).items() if not one.is_moving]


def went_wrong(figures: Figures) -> list[Trouble]:
    """What makes a night a bad one: mail that did not go out, and work that stands still."""
    troubles = figures.troubles
    still = [
        Trouble(f"nothing moves in {name}", f"{one.waiting} due, the oldest for {in_words(one.age(figures.now))}")
        for name, one in overdue(figures.backlog, now=figures.now).items()
        if not one.is_moving
    ]
    fence = [Trouble("nothing is sent", figures.fence)] if figures.fence else []
    return [*fence, *troubles.holds, *still, *troubles.unknown_briefs, *troubles.refused_briefs, *troubles.unscheduled]


def in_words(length: dt.timedelta) -> str:
    """“3 minutes”: the largest unit that fits, counted down."""
    seconds = int(length.total_seconds())
    for name, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            number = seconds // size
            return f"{number} {name}{'' if number == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"

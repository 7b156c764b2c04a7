"""The attacks by name, and how often each is tried."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

from benchmarks.attacks import strangers, subscribers

Attack = Callable[[int, int], Iterator[bool]]


@dataclasses.dataclass(frozen=True)
class Outcome:
    tries: int
    held: int


ATTACKS: dict[str, tuple[Attack, int]] = {
    "half-sent heads and bodies, silent connections": (strangers.half_requests, 40),
    "files where none is taken": (strangers.uploads, 4),
    "sixteen searches at once": (strangers.searches, 6),
    "answers that tell who is a subscriber": (strangers.enumeration, 20),
    "somebody's codes, used up by a stranger": (strangers.codes_used_up, 30),
    "codes guessed": (strangers.codes_guessed, 3),
    "forms posted from another site": (strangers.foreign_forms, 10),
    "the same, in a subscriber's session": (subscribers.foreign_forms_in_a_session, 5),
    "HTML in titles, names and quotes": (strangers.stored_payloads, 3),
    "shows at inner addresses": (subscribers.inner_addresses, 4),
    "a session planted before the sign-in": (subscribers.planted_session, 5),
}


def attempt(name: str, port: int, *, tries: int | None = None) -> Outcome:
    attack, usually = ATTACKS[name]
    held = list(attack(port, tries or usually))
    return Outcome(len(held), sum(held))

"""What the answer of a mail server says of a mail, by its codes (RFC 5321, RFC 3463) and by when it was given."""

from __future__ import annotations

import re
from enum import Enum

from accounts.mail.smtp import Phase


class Fate(Enum):
    LATER = "certainly not sent; try again"
    REFUSED = "refused for good; the next one may be taken"
    GONE = "refused for good, and so will be all that goes to this address"
    UNKNOWN = "nobody can tell whether it was sent"


class About(Enum):
    """Whom it concerns, and so what else has to wait."""

    US = "our account, our address or our way of speaking: no mail goes out"
    SERVER = "the mail server"
    PROVIDER = "what the provider of the mailbox thinks of us: no mail goes there"
    MAILBOX = "this mailbox"
    MESSAGE = "this mail"
    UNSAID = "refused, and it was not said on whose account"


Judgement = tuple[Fate, About]
Detail = tuple[int, int] | None

_ENHANCED = re.compile(r"\b[245]\.(\d{1,3})\.(\d{1,3})\b")
# The mailbox, its system or its syntax does not exist.
_NO_SUCH_MAILBOX = {(1, 1), (1, 2), (1, 3), (1, 6), (1, 10)}
_BAD_SENDER = {(1, 7), (1, 8)}
_FULL = (2, 2)
_TOO_LARGE = {(2, 3), (3, 4)}
_BAD_CREDENTIALS = (7, 8)
_EXCEEDED = 552
_SYNTAX = range(500, 505)
_SIGN_IN_FIRST = {530, 534, 535, 538}
_CLOSING = 421


def heard(code: int, words: str, phase: Phase) -> Judgement:
    """`code` is -1 where the server said something that is no answer."""
    if phase == Phase.HANDED_OVER and code not in range(400, 600):
        return Fate.UNKNOWN, About.SERVER
    detail = _detail(words)
    return _for_good(code, detail, phase) if code >= 500 else (Fate.LATER, _in_the_way(code, detail, phase))


def _detail(words: str) -> Detail:
    found = _ENHANCED.search(words)
    return (int(found[1]), int(found[2])) if found else None


def _in_the_way(code: int, detail: Detail, phase: Phase) -> About:
    """Of what will be over some time."""
    if code == _CLOSING or code < 0 or phase == Phase.SENDER:
        return About.SERVER
    match detail:
        case (2, _):
            return About.MAILBOX
        case (7, _):
            return About.PROVIDER
        case (_, _):
            return About.SERVER
        case None:
            return About.MAILBOX if phase == Phase.RECIPIENT else About.SERVER


def _for_good(code: int, detail: Detail, phase: Phase) -> Judgement:
    if detail in _NO_SUCH_MAILBOX and phase != Phase.SENDER:
        return Fate.GONE, About.MAILBOX
    if detail in _TOO_LARGE or (code == _EXCEEDED and detail != _FULL):
        return Fate.REFUSED, About.MESSAGE
    if phase == Phase.SENDER or code in _SYNTAX or code in _SIGN_IN_FIRST or detail in _BAD_SENDER | {_BAD_CREDENTIALS}:
        return Fate.LATER, About.US
    return _refused_there(detail, phase)


def _refused_there(detail: Detail, phase: Phase) -> Judgement:
    match detail:
        case (1 | 2 | 4, _):
            return Fate.REFUSED, About.MAILBOX
        case (3, _):
            return Fate.LATER, About.SERVER
        case (5, _):
            return Fate.LATER, About.US
        case (6, _):
            return Fate.REFUSED, About.MESSAGE
        case (7, _):
            return Fate.LATER, About.PROVIDER
        case _:
            return (Fate.REFUSED, About.UNSAID) if phase == Phase.RECIPIENT else (Fate.LATER, About.PROVIDER)

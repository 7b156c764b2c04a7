"""The ways by which briefs reach their subscribers. The ledger knows none of them."""

from __future__ import annotations

from typing import Protocol

from accounts.mail.connection import Connection
from accounts.mail.message import Message
from accounts.mail.verdict import Verdict, verdict
from accounts.models import User


class Channel(Protocol):
    def is_reachable(self) -> bool:
        """Asked before a brief is claimed: what never reached anybody is no attempt."""

    def address(self, user: User) -> str:
        """Where it reaches them; the list of suppressed addresses is asked about this one."""

    def hand_over(self, message: Message, *, to: str) -> None:
        """Return once it is taken; raise whatever went wrong, for `verdict` to tell."""

    def verdict(self, error: Exception) -> Verdict: ...


class Email:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_reachable(self) -> bool:
        return self._connection.is_open()

    def address(self, user: User) -> str:
        return user.email

    def hand_over(self, message: Message, *, to: str) -> None:
        message.to = [to]
        self._connection.send(message)

    def verdict(self, error: Exception) -> Verdict:
        return verdict(error)

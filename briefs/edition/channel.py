"""The ways by which briefs reach their subscribers. The ledger knows none of them."""

from __future__ import annotations

import functools
import operator
from collections.abc import Collection
from typing import Protocol

from django.db.models import Q

from accounts.mail.connection import Connection
from accounts.mail.message import Message
from accounts.mail.verdict import Verdict, verdict
from accounts.models import User


class Channel(Protocol):
    name: str

    def is_reachable(self) -> bool:
        """Asked before a brief is claimed: what never reached anybody is no attempt."""

    def address(self, user: User) -> str:
        """Where it reaches them; the list of suppressed addresses is asked about this one."""

    def provider(self, address: str) -> str:
        """Who keeps that address, where they may refuse mail to all of theirs; else nothing."""

    def kept_by(self, providers: Collection[str]) -> Q:
        """The subscribers whose address is kept by one of them."""

    def hand_over(self, message: Message, *, to: str) -> None:
        """Return once it is taken; raise whatever went wrong, for `verdict` to tell."""

    def verdict(self, error: Exception) -> Verdict: ...


class Email:
    name = "email"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_reachable(self) -> bool:
        return self._connection.is_open()

    def address(self, user: User) -> str:
        return user.email

    def provider(self, address: str) -> str:
        return address.rpartition("@")[2].lower()

    def kept_by(self, providers: Collection[str]) -> Q:
        conditions = [Q(email__endswith=f"@{provider}") for provider in providers]
        return functools.reduce(operator.or_, conditions, Q(pk__in=[]))

    def hand_over(self, message: Message, *, to: str) -> None:
        message.to = [to]
        self._connection.send(message)

    def verdict(self, error: Exception) -> Verdict:
        return verdict(error)

"""What came of claimed briefs, kept in mind until the database has it for certain."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction

from accounts.recording import persist
from briefs.models import Brief


class Outcomes:
    """Those of one sender.

    Recording one does not wait for the disk: the commit of the next claim takes it along. Until then it is held here,
    so that a database that cuts the connection, or dies, is told again.
    """

    def __init__(self) -> None:
        self._uncertain: list[Callable[[], object]] = []
        self.were_interrupted = False

    def record(self, write: Callable[[], Brief.State], *, what: str) -> Brief.State:
        """`write` may run twice, and says what the brief came to."""
        said: list[Brief.State] = []
        self._uncertain.append(lambda: said.append(write()))
        self._persist(self._write, what=what)
        return said[-1]

    def are_certain(self) -> None:
        """To be called after a commit that waited for the disk."""
        self._uncertain.clear()

    def settle(self) -> None:
        """At the end, when no claim follows."""
        if self._uncertain:
            self._persist(self._write_to_disk, what="the last brief of this run")
            self.are_certain()

    def _persist(self, write: Callable[[], object], *, what: str) -> None:
        if not persist(write, what=what):
            self.were_interrupted = True

    def _write(self) -> None:
        for write in self._uncertain:
            write()

    def _write_to_disk(self) -> None:
        """A commit waits only where there is something to write: what was recorded before is not written again."""
        with transaction.atomic(), connection.cursor() as cursor:
            self._write()
            cursor.execute("SET LOCAL synchronous_commit TO DEFAULT")
            cursor.execute("SELECT pg_logical_emit_message(true, 'briefs', '')")

"""Locks in the database that belong to this process, each a number in a space of its own.

They end with the connection of their holder, so a `kill -9` leaves none behind.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection


@contextmanager
def held(space: int, numbers: Collection[int]) -> Iterator[frozenset[int]]:
    """Those of the numbers that nobody else holds, kept until the end of the block; whoever comes second is not kept
    waiting. Both halves are 32 bits."""
    ours = _try(space, sorted(numbers))
    try:
        yield ours
    finally:
        # Without the connection there are no locks either.
        with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, n) FROM unnest(%s::int[]) n", [space, list(ours)])


def _try(space: int, numbers: list[int]) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, pg_try_advisory_lock(%s, n) FROM unnest(%s::int[]) n", [space, numbers])
        return frozenset(number for number, is_ours in cursor.fetchall() if is_ours)

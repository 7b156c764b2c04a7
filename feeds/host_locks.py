"""One poller a host at any time, in all processes together.

Within a process `feeds.http` keeps the pause between two requests; between processes a lock in the database keeps the
same host from being polled twice at once. It ends with the connection of its holder, so a `kill -9` leaves none behind.
"""

import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection

# PostgreSQL has room for some thousand locks in all: hosts share these, and whoever comes second waits for a sweep.
LOCKS = 1024
# The first half of the lock's number, so that nobody else's advisory locks are meant.
POLLING = 0x6F76


@contextmanager
def locked(hosts: Collection[str]) -> Iterator[frozenset[str]]:
    """Those of the hosts that nobody else polls, kept until the end of the block."""
    numbers = {host: zlib.crc32(host.encode()) % LOCKS for host in hosts}
    ours = _try(sorted(set(numbers.values())))
    try:
        yield frozenset(host for host, number in numbers.items() if number in ours)
    finally:
        # Without the connection there are no locks either.
        with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, n) FROM unnest(%s::int[]) n", [POLLING, list(ours)])


def _try(numbers: list[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, pg_try_advisory_lock(%s, n) FROM unnest(%s::int[]) n", [POLLING, numbers])
        return {number for number, is_ours in cursor.fetchall() if is_ours}

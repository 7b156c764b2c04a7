"""One poller a host at any time, in all processes together.

Within a process `feeds.polling.http` keeps the pause between two requests; between processes a lock in the database
keeps the same host from being polled twice at once.
"""

import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from feeds.polling.session_locks import held

# PostgreSQL has room for some thousand locks in all: hosts share these, and whoever comes second waits for a sweep.
LOCKS = 1024
POLLING = 0x6F76


@contextmanager
def locked(hosts: Collection[str]) -> Iterator[frozenset[str]]:
    """Those of the hosts that nobody else polls, kept until the end of the block."""
    numbers = {host: zlib.crc32(host.encode()) % LOCKS for host in hosts}
    with held(POLLING, set(numbers.values())) as ours:
        yield frozenset(host for host, number in numbers.items() if number in ours)

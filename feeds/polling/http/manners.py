"""How often one host is asked: one request at a time, a pause between two, and longer when it says so."""

import threading
from dataclasses import dataclass

# Asked again this soon whether a host that is being asked right now is free.
BUSY_POLL = 0.02


@dataclass(slots=True)
class _Host:
    busy: bool = False
    free_at: float = 0.0
    asked_to_wait_until: float = 0.0


class Manners:
    """Shared by all threads of a process; `now` is a monotonic clock in seconds."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def try_enter(self, host: str, *, now: float) -> float:
        """Return 0.0 when the host is the caller's until `leave`, else the seconds after which to ask again."""
        with self._lock:
            known = self._hosts.setdefault(host, _Host())
            wait = max(known.free_at, known.asked_to_wait_until) - now
            if known.busy or wait > 0:
                return max(wait, BUSY_POLL)
            known.busy = True
            return 0.0

    def wait_left(self, host: str, *, now: float) -> float:
        """Seconds until the pause between two requests, or the one asked for, is over."""
        with self._lock:
            known = self._hosts.get(host)
            return max(known.free_at - now, known.asked_to_wait_until - now, 0.0) if known else 0.0

    def leave(self, host: str, *, now: float, gap: float) -> None:
        with self._lock:
            self._hosts[host].busy = False
            self._hosts[host].free_at = now + gap

    def pause(self, host: str, *, now: float, seconds: float) -> None:
        """The host asked for it (Retry-After); it holds for every address on it."""
        with self._lock:
            known = self._hosts.setdefault(host, _Host())
            known.asked_to_wait_until = max(known.asked_to_wait_until, now + seconds)

    def pause_left(self, host: str, *, now: float) -> float:
        with self._lock:
            known = self._hosts.get(host)
            return max(known.asked_to_wait_until - now, 0.0) if known else 0.0

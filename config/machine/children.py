"""Processes that live and die with this one."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_GRACE_SECONDS = 15
LONG_LIFE_SECONDS = 120
_LONGEST_REST_SECONDS = 60

logger = logging.getLogger(__name__)


class ChildEndedError(Exception):
    """A child ended that should not have; the message is a sentence, or empty where the child has said why."""


class ParentGoneError(Exception):
    """The shell that started this process is gone."""


class Deaths:
    """Of one child: how often it died since it last lived long, and when it may be started again."""

    def __init__(self) -> None:
        self._number = 0
        self._again_at: float | None = None
        self._started_at = 0.0

    def may_live_again(self, now: float) -> bool:
        """To be asked while it is dead, the first time soon after its death."""
        if self._again_at is None:
            self._number = 1 if now - self._started_at > LONG_LIFE_SECONDS else self._number + 1
            self._again_at = now + min(2.0 ** (self._number - 1), _LONGEST_REST_SECONDS)
        if now < self._again_at:
            return False
        self._started_at, self._again_at = now, None
        return True


class Children:
    """Each in a session of its own, so that Ctrl-C reaches this process alone, which then stops them in order."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._arguments: dict[str, tuple[str, ...]] = {}
        self._deaths: defaultdict[str, Deaths] = defaultdict(Deaths)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._needed: dict[str, subprocess.Popen[bytes]] = {}
        self._parent = os.getppid()

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  there are no threads here
        )
        self._running[name] = child
        self._arguments[name] = arguments
        return child

    def depend_on(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """Watch over one that somebody else starts and stops."""
        self._needed[name] = process

    def finish(self, name: str, *arguments: str) -> None:
        child = self.start(name, *arguments)
        while child.poll() is None:
            self._check_parent()
            time.sleep(0.05)
        del self._running[name]
        if child.returncode:
            raise ChildEndedError

    def wait_for(self, is_ready: Callable[[], bool]) -> None:
        while not is_ready():
            self._check_parent()
            self._check(self._needed | self._running)
            time.sleep(0.1)

    def watch(self) -> None:
        """From here on a child that ends is started again, after a rest that grows with every death."""
        while True:
            self._check_parent()
            self._check(self._needed)
            self.revive(now=time.monotonic())
            time.sleep(0.5)

    def revive(self, *, now: float) -> None:
        for name, child in self._running.items():
            if child.poll() is not None and self._deaths[name].may_live_again(now):
                logger.error("%s ended with status %s and is started again", name, child.returncode)
                self.start(name, *self._arguments[name])

    def stop(self) -> None:
        deadline = time.monotonic() + _GRACE_SECONDS
        for child in reversed(self._running.values()):
            child.terminate()
        for child in reversed(self._running.values()):
            try:
                child.wait(max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                _kill_session(child)

    def _check(self, processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
        for name, child in processes.items():
            if child.poll() is not None:
                raise ChildEndedError(f"{name} ended by itself with status {child.returncode}, so everything stops.")

    def _check_parent(self) -> None:
        if os.getppid() != self._parent:
            raise ParentGoneError


def die_with_parent() -> None:
    """On Linux the kernel ends the child should this process be killed outright."""
    if sys.platform == "linux":
        parent_death_signal = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGTERM)


def _kill_session(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()

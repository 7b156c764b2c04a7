"""Processes that live and die with this one."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_GRACE_SECONDS = 15


class ChildEndedError(Exception):
    """A child ended that should not have; the message is a sentence, or empty where the child has said why."""


class ParentGoneError(Exception):
    """The shell that started this process is gone."""


class Children:
    """Each in a session of its own, so that Ctrl-C reaches this process alone, which then stops them in order."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
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
            self._check()
            time.sleep(0.1)

    def watch(self) -> None:
        while True:
            self._check()
            time.sleep(0.5)

    def stop(self) -> None:
        deadline = time.monotonic() + _GRACE_SECONDS
        for child in reversed(self._running.values()):
            child.terminate()
        for child in reversed(self._running.values()):
            try:
                child.wait(max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                _kill_session(child)

    def _check(self) -> None:
        self._check_parent()
        for name, child in (self._needed | self._running).items():
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

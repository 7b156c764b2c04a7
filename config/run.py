"""`make run`: the quickstart, then the site with a worker beside it, and all of it gone at the end.

Every child is a session of its own, so that Ctrl-C reaches this process alone, which then stops them in order.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import database, embedded_redis

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = "127.0.0.1:8765"
_GRACE_SECONDS = 15
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Obstacle(Exception):
    """Why it cannot run, in a sentence."""


class Stopped(Exception):
    """A signal came, or the shell that started this went away."""


def main(port: str) -> None:
    for number in _SIGNALS:
        signal.signal(number, _stop)
    os.environ.setdefault("PORT", port)
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with contextlib.ExitStack() as stack:
        stack.callback(_ignore_signals)
        stack.enter_context(_alone())
        stack.enter_context(_postgres())
        environment = os.environ | {"FETCH_ALLOWED": ",".join([*settings.FETCH_ALLOWED, SAMPLES])}
        environment["REDIS_URL"] = stack.enter_context(_redis())
        children = stack.enter_context(_children(environment))
        children.start("-m", "feeds.samples.server", "--port", SAMPLES.partition(":")[2])
        children.finish("manage.py", "quickstart")
        children.start("-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi")
        children.start(*(_worker() if environment["REDIS_URL"] else ["-m", "config.sweeps"]))
        children.wait_until_served(f"http://127.0.0.1:{port}/healthz")
        print(_welcome(), flush=True)
        children.watch()


def _welcome() -> str:
    return f"""
The site is served at {settings.SITE_URL}; Ctrl-C stops it, the database and everything else.
Those shows are samples. The real ones come with

    .venv/bin/python manage.py import_opml feeds/starter.opml
"""


def _stop(number: int, frame: object) -> None:  # noqa: ARG001
    raise Stopped


def _ignore_signals() -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Obstacle("Overheard already runs from this folder.") from None
        yield


@contextlib.contextmanager
def _postgres() -> Iterator[None]:
    """Hold the embedded server, if that is what is used, so that it outlives every child and stops with this."""
    data = settings.DATABASES["default"].get("DATA_DIR")
    if data is None:
        yield
        return
    database.ensure_running(data)
    try:
        yield
    finally:
        database.release(data)


@contextlib.contextmanager
def _redis() -> Iterator[str]:
    """Give the REDIS_URL that the children shall use: the one from the settings, our own, or none."""
    if settings.REDIS_URL or embedded_redis.executable() is None:
        yield settings.REDIS_URL
        return
    with embedded_redis.running(settings.VAR_DIR / "redis") as url:
        yield url


def _worker() -> list[str]:
    return [
        "-W", "ignore:You're running the worker with superuser privileges:RuntimeWarning",
        "-m", "celery", "-A", "config.celery", "worker", "-B", "-P", "threads", "-c", "2",
        "--without-gossip", "--without-mingle", "--loglevel", "warning", "--quiet",
    ]  # fmt: skip


class _Children:
    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._running: list[subprocess.Popen[bytes]] = []
        self._parent = os.getppid()

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  there are no threads here
        )
        self._running.append(child)
        return child

    def finish(self, *arguments: str) -> None:
        child = self.start(*arguments)
        while child.poll() is None:
            self._check_parent()
            time.sleep(0.05)
        self._running.remove(child)
        if child.returncode:
            raise Obstacle("")  # it has said why

    def wait_until_served(self, url: str) -> None:
        while True:
            self._check()
            try:
                with urllib.request.urlopen(url, timeout=5):  # noqa: S310
                    return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)

    def watch(self) -> None:
        while True:
            self._check()
            time.sleep(0.5)

    def stop(self) -> None:
        deadline = time.monotonic() + _GRACE_SECONDS
        for child in reversed(self._running):
            child.terminate()
        for child in reversed(self._running):
            try:
                child.wait(max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                _kill_session(child)

    def _check(self) -> None:
        self._check_parent()
        for child in self._running:
            if child.poll() is not None:
                what = " ".join(map(str, child.args[1:4])) if isinstance(child.args, list) else child.args
                raise Obstacle(f"“{what!s}” ended by itself with status {child.returncode}; so everything stops.")

    def _check_parent(self) -> None:
        if os.getppid() != self._parent:
            raise Stopped


@contextlib.contextmanager
def _children(environment: dict[str, str]) -> Iterator[_Children]:
    children = _Children(environment)
    try:
        yield children
    finally:
        _ignore_signals()
        children.stop()


def _die_with_parent() -> None:
    """On Linux the kernel ends the child should this process be killed outright."""
    if sys.platform == "linux":
        parent_death_signal = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGTERM)


def _kill_session(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Stopped:
        print("\nStopped.")
    except (Obstacle, database.ServerError, embedded_redis.ServerError, ImproperlyConfigured) as error:
        sys.exit(str(error) or 1)

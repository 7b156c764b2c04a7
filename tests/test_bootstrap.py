import pathlib
import socket

import pytest

import bootstrap


def test_a_python_that_is_too_old_or_too_new_is_told_so() -> None:
    for version in [(3, 9, 2), (3, 15, 0)]:
        with pytest.raises(bootstrap.Obstacle, match=r"needs Python 3\.11 to 3\.14, and .* is 3\."):
            bootstrap.check_python(version)
    bootstrap.check_python((3, 12, 1))


def test_a_port_in_use_is_named_with_the_way_around_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(bootstrap.Obstacle, match=f"Port {port} cannot be had: .* make run PORT={port + 1}"):
            bootstrap.check_port(port)


def test_a_folder_that_is_not_writable_is_named(tmp_path: pathlib.Path) -> None:
    with pytest.raises(bootstrap.Obstacle, match="cannot be written"):
        bootstrap.check_folder(tmp_path / "gone")  # root may write everywhere else


@pytest.fixture
def environment(tmp_path: pathlib.Path) -> bootstrap.Environment:
    """One that was filled from its runtime lock, with an interpreter that always succeeds."""
    for lock in bootstrap.LOCKS.values():
        (tmp_path / lock).write_text(f"{lock}==1")
    found = bootstrap.Environment(tmp_path)
    found.python.parent.mkdir(parents=True)
    found.python.symlink_to("/bin/true" if pathlib.Path("/bin/true").exists() else "/usr/bin/true")
    found.marker.write_text(found._fingerprint("runtime"))
    return found


def test_an_environment_is_used_again_while_its_lock_stands(environment: bootstrap.Environment) -> None:
    assert environment.has("runtime")
    assert not environment.has("development")

    (environment.root / "requirements.txt").write_text("another==2")
    assert not environment.has("runtime")


def test_the_tools_of_make_test_do_not_go_with_the_next_make_run(environment: bootstrap.Environment) -> None:
    environment.marker.write_text(environment._fingerprint("development"))

    assert environment.has("runtime")
    assert environment.has("development")


@pytest.mark.parametrize("break_it", ["no marker", "unfinished", "no interpreter"])
def test_a_half_made_environment_is_not_taken_for_a_whole_one(
    environment: bootstrap.Environment, break_it: str
) -> None:
    if break_it == "no marker":
        environment.marker.unlink()
    elif break_it == "unfinished":
        environment.marker.write_text(bootstrap.UNFINISHED)
    else:
        environment.python.unlink()

    assert not environment.has("runtime")


def test_a_command_that_fails_is_named() -> None:
    with pytest.raises(bootstrap.Obstacle, match="This failed: false now"):
        bootstrap.run(["false", "now"])

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time

import psutil
import pytest

from config.machine.children import ChildEndedError, Children, Deaths

ROOT = pathlib.Path(__file__).resolve().parents[3]
SLEEPER = ("-c", "import time; time.sleep(600)")
# Prints the number of its child, and waits for it to end.
PARENT = """
import os
from config.machine.children import Children
children = Children(dict(os.environ))
print(children.start("The sleeper", "-c", "import time; time.sleep(600)").pid, flush=True)
children.watch()
"""


@pytest.fixture
def children() -> Children:
    return Children(dict(os.environ))


def _wait_for_new_children(old: list[psutil.Process]) -> None:
    """Other tests of this process may have left a server or a browser running."""
    psutil.wait_procs([child for child in psutil.Process().children() if child not in old])


def test_all_are_stopped_together(children: Children) -> None:
    started = [children.start(name, *SLEEPER) for name in ("one", "two")]

    children.stop()

    assert [child.returncode for child in started] == [-signal.SIGTERM] * 2


def test_one_that_ends_before_all_are_ready_is_named(children: Children) -> None:
    children.start("The worker", "-c", "raise SystemExit(3)")

    with pytest.raises(ChildEndedError, match="The worker ended by itself with status 3"):
        children.wait_for(lambda: False)


def test_one_that_ends_is_started_again_after_longer_rests(children: Children, tmp_path: pathlib.Path) -> None:
    lives = tmp_path / "lives"
    script = f"open({str(lives)!r}, 'a').write('.')"
    others = psutil.Process().children()
    children.start("The worker", "-c", script)
    for now in range(6):
        _wait_for_new_children(others)
        children.revive(now=now)
    _wait_for_new_children(others)
    assert lives.read_text() == "..."


def test_one_that_lived_long_is_started_again_soon() -> None:
    deaths = Deaths()
    at = [now for now in range(2000) if (now < 10 or now > 1000) and deaths.may_live_again(now)]
    assert at[:4] == [1, 4, 9, 1002]


def test_one_that_is_awaited_may_end_and_must_succeed(children: Children) -> None:
    children.finish("The quickstart", "-c", "")
    with pytest.raises(ChildEndedError):
        children.finish("The quickstart", "-c", "raise SystemExit(1)")


def test_ctrl_c_in_the_terminal_reaches_the_parent_alone(children: Children) -> None:
    child = children.start("The site", *SLEEPER)

    assert os.getpgid(child.pid) != os.getpgid(0)
    children.stop()


@pytest.mark.chaos
@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_no_child_outlives_a_killed_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()

    with contextlib.suppress(psutil.NoSuchProcess):
        while child.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)

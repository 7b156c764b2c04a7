import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time

import psutil
import pytest

from config.machine.children import ChildEndedError, Children

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


def test_all_are_stopped_together(children: Children) -> None:
    started = [children.start(name, *SLEEPER) for name in ("one", "two")]

    children.stop()

    assert [child.returncode for child in started] == [-signal.SIGTERM] * 2


def test_one_that_ends_by_itself_is_named(children: Children) -> None:
    children.start("The worker", "-c", "raise SystemExit(3)")

    with pytest.raises(ChildEndedError, match="The worker ended by itself with status 3"):
        children.watch()


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

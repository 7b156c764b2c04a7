"""Set up .venv from the lock, or say in a sentence why not. Needs Python and nothing else.

    python3 bootstrap.py runtime [PORT]      what `make run` needs; PORT must be free
    python3 bootstrap.py development         the same and the tools of `make test` and `make check`

The syntax is old on purpose: a Python that is too old must get far enough to be told so.
"""

import hashlib
import importlib.util
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST, NEWEST = (3, 11), (3, 14)  # PostgreSQL’s wheel ends there
LOCKS = {"runtime": "requirements.txt", "development": "requirements-dev.txt"}
UNFINISHED = "unfinished"


class Obstacle(Exception):
    """What a person has to change first, in a sentence."""


def main(wanted: str, port: str = "") -> None:
    check_python(sys.version_info[:3])
    check_folder(ROOT)
    if port:
        check_port(int(port))
    environment = Environment(ROOT)
    if not environment.has(wanted):
        environment.install(wanted)


def check_python(version: "tuple[int, ...]") -> None:
    if not OLDEST <= version[:2] <= NEWEST:
        found = ".".join(map(str, version))
        raise Obstacle(
            f"Overheard needs Python 3.11 to 3.14, and {sys.executable} is {found}. "
            "Name another one: make run PYTHON=python3.12"
        )
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        package = f"python{version[0]}.{version[1]}-venv"
        raise Obstacle(f"This Python comes without venv. On Debian or Ubuntu: apt-get install {package}")


def check_folder(folder: Path) -> None:
    if not os.access(folder, os.W_OK):
        raise Obstacle(f"{folder} cannot be written by you, and Overheard keeps its packages and its data there.")


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Obstacle(
                f"Port {port} cannot be had: {error.strerror}. Stop what uses it, or: make run PORT={port + 1}"
            ) from error


class Environment:
    """The checkout's .venv, and the marker in it that says which lock it was filled from.

    The marker says "unfinished" from before the first package until after the last one.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self.marker = self.folder / "installed"

    def has(self, wanted: str) -> bool:
        """The development set holds the runtime set, so it serves both."""
        good = {self._fingerprint("development"), self._fingerprint(wanted)}
        return self._found() in good and run([str(self.python), "-c", ""], check=False)

    def install(self, wanted: str) -> None:
        found = self._found()
        if found.startswith("development"):
            wanted = "development"  # a new lock takes nobody's tools away
        print(f"Installing what {LOCKS[wanted]} lists into .venv; this happens again only when it changes.", flush=True)
        is_broken = found == UNFINISHED or not self.python.exists()
        run([sys.executable, "-m", "venv", *(["--clear"] if is_broken else []), str(self.folder)])
        self.marker.write_text(UNFINISHED)
        self._install_uv()
        self._sync(str(self.root / LOCKS[wanted]))
        self.marker.write_text(self._fingerprint(wanted))

    def _install_uv(self) -> None:
        pin = re.search(r"^uv==(?:.*\\\n)*.*\n", (self.root / LOCKS["development"]).read_text(), re.MULTILINE)
        assert pin, "the lock pins uv"  # noqa: S101
        only_uv = self.folder / "uv.txt"
        only_uv.write_text(pin.group())
        self._pip("--require-hashes", "-r", str(only_uv))

    def _sync(self, lock: str) -> None:
        uv = [str(self.python), "-m", "uv", "pip", "sync", "--quiet", "--python", str(self.python)]
        if not run([*uv, "--require-hashes", lock], check=False):
            # uv does not read pip's configuration, and a mirror may be all that this machine can reach.
            self._pip("--no-deps", "--require-hashes", "-r", lock)

    def _pip(self, *arguments: str) -> None:
        run([str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments])

    def _found(self) -> str:
        return self.marker.read_text() if self.marker.exists() else ""

    def _fingerprint(self, wanted: str) -> str:
        return f"{wanted} {hashlib.sha256((self.root / LOCKS[wanted]).read_bytes()).hexdigest()}"


def run(command: "list[str]", *, check: bool = True) -> bool:
    try:
        succeeded = subprocess.call(command) == 0  # noqa: S603
    except FileNotFoundError:
        succeeded = False
    if check and not succeeded:
        raise Obstacle(f"This failed: {' '.join(command)}")
    return succeeded


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Obstacle as obstacle:
        sys.exit(str(obstacle))
    except KeyboardInterrupt:
        sys.exit("Interrupted; the next run starts the installation again.")
    except OSError as error:
        sys.exit(f"The installation stopped: {error}")

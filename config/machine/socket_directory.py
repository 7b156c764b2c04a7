"""Where the embedded servers put their sockets: private, and short, since the address of a socket has 103 bytes."""

import contextlib
import hashlib
import os
from pathlib import Path


class ForeignDirectoryError(Exception):
    """Somebody else made the directory, or may read it."""


def make_socket_directory(data: Path, *, uid: int, gid: int) -> Path:
    """Return the directory, mode 0700 and owned by `uid`, for the server whose data lies in `data`."""
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    directory = Path("/tmp", f"overheard-{os.getuid()}-{digest}")  # noqa: S108
    with contextlib.suppress(FileExistsError):
        directory.mkdir(mode=0o700)
        if uid != os.getuid():
            os.chown(directory, uid, gid)
    found = directory.lstat()
    if directory.is_symlink() or found.st_uid != uid or found.st_mode & 0o077:
        raise ForeignDirectoryError(f"{directory} belongs to somebody else; remove it.")
    return directory

"""One writer per folder: a lock that the operating system lets go of when its process ends, however it ends."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class LockedError(OSError):
    """Another process writes there."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for the time of the block.

    Args:
        folder: Made if it is missing; the lock is the file `lock` in it, which stays.
    Raises:
        LockedError: Another process holds it; the message says which.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as file:
        try:
            _lock(file)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise LockedError(
                f"{folder} is being written by {holder}; wait for it, end it, or choose another folder"
            ) from None
        file.seek(0)
        file.truncate()
        file.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        file.flush()
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        file.seek(1 << 20)  # a byte far behind the text, which stays readable
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

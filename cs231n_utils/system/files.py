"""Files that several processes write to, and that a crash leaves whole or as they were."""

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from . import IN_BROWSER

_NO_LOCKS_HERE = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write beside `path`, put in its place at the end; folders on the way are made.

    Raises
    ------
    OSError
        If it cannot be written. After this or any other error, what was there is left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(beside, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        # Of a full disk the system says only that it is full.
        error.filename = error.filename or str(path)
        raise
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write all of a file beside `path`, then put it in place, as `written_whole` does."""
    with written_whole(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)


def locked(path: Path, seconds: float) -> AbstractContextManager:
    """The lock of a file, held until the end of a ``with`` block.

    Some network drives know no locks; there the block runs without one, and in a browser, where no
    other process is.

    Parameters
    ----------
    path : Path
        The lock's own file, not the one that it protects; made if it is missing.
    seconds : float
        How long to wait for another process.

    Raises
    ------
    TimeoutError
        If another process has the lock for so long.
    OSError
        If the file cannot be made.
    """
    if IN_BROWSER:
        return contextlib.nullcontext()
    from filelock import FileLock, Timeout  # slow to import, and seldom needed

    try:
        return FileLock(path).acquire(timeout=seconds, poll_interval=0.02)
    except Timeout:
        raise TimeoutError(f"locked by another program for {seconds:g} s") from None
    except OSError as error:
        if error.errno in _NO_LOCKS_HERE:
            return contextlib.nullcontext()
        raise

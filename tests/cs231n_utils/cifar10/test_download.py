"""Downloading, checking and unpacking the archive, against a server that misbehaves on request."""

import errno
import io
import os
import socket
import tarfile
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pooch
import pytest

from cs231n_utils.cifar10 import archive, batches, download, places
from cs231n_utils.cifar10.download import fetch_cifar10
from cs231n_utils.data import DataError, load_cifar10
from cs231n_utils.system import files
from tests.support.cifar10_files import (
    N_IMAGES,
    Packed,
    entry,
    make_official,
    write_folder,
    write_hostile,
)
from tests.support.sentences import is_one_sentence


@dataclass
class Host:
    """What a server on this machine does when it is asked for ``path``.

    Attributes
    ----------
    content : bytes
        What it serves.
    breaks_after : list of int
        It closes the connection after so many bytes; one entry for each request, then no more.
    """

    path: str
    content: bytes
    breaks_after: list[int] = field(default_factory=list)
    status: int = 200
    knows_ranges: bool = True
    says_length: bool = True
    headers: dict[str, str] = field(default_factory=dict)
    asked_from: list[int] = field(default_factory=list)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        start = int(handler.headers.get("Range", "bytes=0-")[6:-1])
        self.asked_from.append(start)
        is_partial = start > 0 and self.knows_ranges
        body = self.content[start:] if is_partial else self.content
        handler.send_response(206 if is_partial and self.status == 200 else self.status)
        if self.says_length:
            handler.send_header("Content-Length", str(len(body)))
        if is_partial:
            total = len(self.content)
            handler.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body[: self.breaks_after.pop(0)] if self.breaks_after else body)


class Server:
    def __init__(self) -> None:
        self._hosts: dict[str, Host] = {}
        hosts = self._hosts

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                hosts[self.path].answer(self)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None  # clients that hang up are part of the tests
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def host(self, path: str, content: bytes, **behavior) -> Host:
        self._hosts[path] = Host(path, content, **behavior)
        return self._hosts[path]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = Server()
    yield server
    server.close()


@pytest.fixture
def official(monkeypatch, packed, server):
    """The small archive, which the registry has at ``/first`` and ``/second`` of the server."""
    monkeypatch.setattr(batches, "IMAGES_PER_BATCH", N_IMAGES)
    monkeypatch.setattr(download, "RETRY_SECONDS", 0.0)
    urls = (f"{server.address}/first", f"{server.address}/second")
    make_official(monkeypatch, packed.folder, packed.file, urls)
    return packed


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def part_of(home: Path) -> Path:
    return home / "cifar-10-python.tar.gz.part"


def assert_unpacked(home: Path, official: Packed) -> None:
    """The folder is there, byte for byte, and nothing else is."""
    assert os.listdir(home) == ["cifar-10-batches-py"]
    for name in batches.FILE_NAMES:
        expected = (official.folder / name).read_bytes()
        assert (home / "cifar-10-batches-py" / name).read_bytes() == expected


# A good connection


def test_archive_is_downloaded_unpacked_and_removed(server, official, home):
    server.host("/first", official.content)
    assert fetch_cifar10(home) == home / "cifar-10-batches-py"
    assert_unpacked(home, official)


def test_one_line_before_says_what_how_large_where_and_what_instead(
    monkeypatch, server, official, home, capsys
):
    logged = []
    monkeypatch.setattr(pooch.get_logger(), "handle", logged.append)
    server.host("/first", official.content)
    fetch_cifar10(home)
    printed = capsys.readouterr()
    line = printed.out.splitlines()[0]
    for word in ("CIFAR-10", "MB", str(home), "CS231N_DATASETS"):
        assert word in line
    assert "CIFAR-10 from 127.0.0.1: 100%" in printed.out
    assert printed.err == "" and not logged


def test_load_downloads_once_and_then_reads_the_official_files(
    monkeypatch, tmp_path, server, official
):
    monkeypatch.delenv("CS231N_DATASETS", raising=False)
    monkeypatch.setattr(places.platformdirs, "user_cache_dir", lambda _: str(tmp_path / "cache"))
    package = tmp_path / "lib" / "cs231n_utils"
    monkeypatch.setattr(places, "__file__", str(package / "cifar10" / "places.py"))
    host = server.host("/first", official.content)
    loaded, again = load_cifar10(), load_cifar10()
    assert (loaded.source, again.source) == ("official", "official")
    np.testing.assert_array_equal(loaded.X_test, load_cifar10(official.folder).X_test)
    assert host.asked_from == [0]


def test_a_server_that_names_no_length_is_fine(server, official, home):
    server.host("/first", official.content, says_length=False)
    fetch_cifar10(home)
    assert_unpacked(home, official)


def test_a_server_that_calls_the_archive_gzip_encoded_is_fine(server, official, home):
    server.host("/first", official.content, headers={"Content-Encoding": "gzip"})
    fetch_cifar10(home)
    assert_unpacked(home, official)


# A bad connection


def test_a_broken_download_goes_on_where_it_broke(server, official, home):
    half = len(official.content) // 2
    host = server.host("/first", official.content, breaks_after=[half, 1_000])
    fetch_cifar10(home)
    assert host.asked_from == [0, half, half + 1_000]
    assert_unpacked(home, official)


def test_a_broken_download_goes_on_in_the_next_call(server, official, home):
    half = len(official.content) // 2
    first = server.host("/first", official.content, breaks_after=[half, 0])
    second = server.host("/second", b"", status=404)
    with pytest.raises(DataError, match=r"the connection broke; .*: HTTP 404"):
        fetch_cifar10(home)
    assert os.listdir(home) == [part_of(home).name]
    fetch_cifar10(home)
    assert first.asked_from == [0, half, half]
    assert second.asked_from == [half]
    assert_unpacked(home, official)


def test_a_mirror_goes_on_where_the_first_host_broke(server, official, home):
    half = len(official.content) // 2
    server.host("/first", official.content, breaks_after=[half, 0])
    second = server.host("/second", official.content)
    fetch_cifar10(home)
    assert second.asked_from == [half]
    assert_unpacked(home, official)


def test_a_server_without_ranges_starts_again(server, official, home):
    half = len(official.content) // 2
    host = server.host("/first", official.content, breaks_after=[half], knows_ranges=False)
    fetch_cifar10(home)
    assert host.asked_from == [0, half]
    assert_unpacked(home, official)


def test_a_server_without_ranges_that_always_breaks_is_given_up(server, official, home):
    host = server.host("/first", official.content, breaks_after=[9] * 50, knows_ranges=False)
    second = server.host("/second", official.content)
    fetch_cifar10(home)
    assert host.asked_from == [0, 9]
    assert second.asked_from == [9]
    assert_unpacked(home, official)


def test_a_crawling_host_yields_to_a_mirror(monkeypatch, server, official, home):
    monkeypatch.setattr(download, "CRAWL_SECONDS", -1.0)
    monkeypatch.setattr(download, "CRAWL_BYTES_PER_SECOND", float("inf"))
    first = server.host("/first", official.content)
    second = server.host("/second", official.content)
    fetch_cifar10(home)
    assert first.asked_from[0] == 0
    assert second.asked_from == [download._CHUNK_BYTES]
    assert first.asked_from[1:] == [2 * download._CHUNK_BYTES]
    assert_unpacked(home, official)


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_host_that_refuses_is_followed_by_the_mirror(server, official, home, status):
    server.host("/first", b"no", status=status)
    server.host("/second", official.content)
    fetch_cifar10(home)
    assert_unpacked(home, official)


# Wrong bytes


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def test_wrong_bytes_are_followed_by_the_mirror(server, official, home):
    server.host("/first", flipped(official.content))
    server.host("/second", official.content)
    fetch_cifar10(home)
    assert_unpacked(home, official)


def test_wrong_bytes_everywhere_are_an_error_and_leave_nothing(server, official, home):
    for path in ("/first", "/second"):
        server.host(path, flipped(official.content))
    with pytest.raises(DataError, match=r"wrong checksum; .*: wrong checksum"):
        fetch_cifar10(home)
    assert os.listdir(home) == []


@pytest.mark.parametrize(
    ("page", "says_length", "mirror_is_asked_from"),
    [
        (b"<html>Log in</html>", True, [0]),
        (b"<html>Log in</html>", False, [0]),
        (b"\x1f\x8b of another archive", True, [0]),
        (b"\x1f\x8b of another archive", False, [21, 0]),
    ],
    ids=["page", "page of unknown length", "short", "short of unknown length"],
)
def test_another_file_gives_way_to_the_archive_of_the_mirror(
    server, official, home, page, says_length, mirror_is_asked_from
):
    server.host("/first", page, says_length=says_length)
    second = server.host("/second", official.content)
    fetch_cifar10(home)
    assert second.asked_from == mirror_is_asked_from
    assert_unpacked(home, official)


def test_a_stream_longer_than_the_archive_is_not_stored(server, official, home):
    for path in ("/first", "/second"):
        server.host(path, official.content * 3, says_length=False, knows_ranges=False)
    with pytest.raises(DataError, match=r"too many bytes; .*: too many bytes"):
        fetch_cifar10(home)
    assert part_of(home).stat().st_size <= len(official.content)


def test_another_file_in_answer_to_a_range_is_not_appended(server, official, home):
    home.mkdir()
    part_of(home).write_bytes(official.content[:100])
    server.host("/first", official.content + b"more")
    second = server.host("/second", official.content)
    fetch_cifar10(home)
    assert second.asked_from == [100]
    assert_unpacked(home, official)


@pytest.mark.parametrize("length", [100, 0, 10**9])
def test_a_wrong_leftover_is_thrown_away(server, official, home, length):
    home.mkdir()
    part_of(home).write_bytes(bytes(min(length, len(official.content) + 1)))
    server.host("/first", official.content)
    fetch_cifar10(home)
    assert_unpacked(home, official)


def test_a_complete_leftover_is_not_downloaded_again(server, official, home):
    home.mkdir()
    part_of(home).write_bytes(official.content)
    host = server.host("/first", official.content)
    fetch_cifar10(home)
    assert host.asked_from == []
    assert_unpacked(home, official)


# No network


def test_no_host_that_answers_is_an_error_in_one_try(server, official, home):
    server.close()
    with pytest.raises(DataError, match="no host answered within 5 seconds"):
        fetch_cifar10(home)
    assert os.listdir(home) == []


def test_hosts_that_never_answer_are_waited_for_together(monkeypatch):
    asked, release = [], threading.Event()

    def hang(address, timeout):
        asked.append(address)
        release.wait()
        raise OSError

    monkeypatch.setattr(socket, "create_connection", hang)
    monkeypatch.setattr(download, "CONNECT_SECONDS", 0.2)
    monkeypatch.setattr(download, "select_proxy", lambda *_: None)
    try:
        assert download._reachable(("https://a.example/x", "http://b.example:81/x")) == []
        assert sorted(asked) == [("a.example", 443), ("b.example", 81)]
    finally:
        release.set()


def test_behind_a_proxy_it_is_the_proxy_that_must_answer(monkeypatch, server):
    port = server.address.rpartition(":")[2]
    monkeypatch.setenv("https_proxy", f"127.0.0.1:{port}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    url = "https://not-resolvable.invalid/x"
    assert download._reachable((url,)) == [url]


# Storage


class FullDisk(io.FileIO):
    def write(self, chunk) -> int:
        super().write(chunk[:10])
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_while_downloading_is_an_error_and_leaves_nothing(
    monkeypatch, server, official, home
):
    server.host("/first", official.content)
    monkeypatch.setattr(
        download,
        "open",
        lambda file, mode: (FullDisk if mode == "wb" else open)(file, mode),
        raising=False,
    )
    with pytest.raises(DataError, match="No space left on device"):
        fetch_cifar10(home)
    assert os.listdir(home) == []


def test_a_disk_too_full_to_unpack_keeps_the_archive_which_loads(
    monkeypatch, server, official, home, capsys
):
    def fill_disk(file, content):
        with open(file, "wb") as half:
            half.write(content[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    server.host("/first", official.content)
    monkeypatch.setattr(Path, "write_bytes", fill_disk)
    kept = fetch_cifar10(home)
    assert os.listdir(home) == [kept.name] == ["cifar-10-python.tar.gz"]
    last_line = capsys.readouterr().out.splitlines()[-1]
    assert "No space left on device" in last_line and is_one_sentence(last_line)
    assert load_cifar10(home).source == "official"


def test_a_home_that_cannot_be_made_is_an_error(official, home):
    home.write_text("a file where the folder should be")
    with pytest.raises(DataError, match="cannot hold the download"):
        fetch_cifar10(home)


def test_what_a_killed_process_left_half_unpacked_is_removed(server, official, home):
    stale = home / ".cifar-10-batches-py.0badcafe.tmp"
    stale.mkdir(parents=True)
    (stale / "data_batch_1").write_bytes(b"half")
    server.host("/first", official.content)
    fetch_cifar10(home)
    assert_unpacked(home, official)


def test_a_second_process_waits_for_the_first_and_uses_its_files(
    monkeypatch, server, official, home
):
    fcntl = pytest.importorskip("fcntl")
    monkeypatch.setattr(download, "RETRY_SECONDS", 0)
    attempts = threading.Semaphore(0)

    def count_and_lock(path, seconds):
        attempts.release()
        return files.locked(path, seconds)

    monkeypatch.setattr(download, "locked", count_and_lock)
    host = server.host("/first", official.content)
    home.mkdir()
    with open(home / "cifar-10-python.tar.gz.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = []
        second = threading.Thread(target=lambda: found.append(fetch_cifar10(home)))
        second.start()
        for _ in range(300):  # between a look at the file and the next it can appear and go
            assert attempts.acquire(timeout=10)
            part_of(home).write_bytes(bytes(10))
            part_of(home).unlink()
        assert not found
        write_folder(home)
    second.join(10)
    assert found == [home / "cifar-10-batches-py"]
    assert host.asked_from == []


# A hostile archive


def test_a_hostile_download_leaves_nothing_behind(monkeypatch, tmp_path, server, official, home):
    file = write_hostile(
        tmp_path / "hostile.tar.gz", entry("cifar-10-batches-py/test_batch", tarfile.SYMTYPE)
    )
    urls = (f"{server.address}/first",)
    make_official(monkeypatch, official.folder, file, urls)
    server.host("/first", file.read_bytes())
    with pytest.raises(DataError, match="does not, so it was not unpacked"):
        fetch_cifar10(home)
    assert not (home / archive.CIFAR10.folder).exists()
    assert not list(home.glob(".*"))

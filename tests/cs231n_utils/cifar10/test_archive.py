"""The official archive: hostile, damaged and incomplete ones, and the registry of what is in it."""

import tarfile
import tracemalloc
from pathlib import Path

import pytest

from cs231n_utils.cifar10 import archive, batches, download
from cs231n_utils.data import DataError
from tests.support.cifar10_files import entry, write_hostile
from tests.support.sentences import is_one_sentence

IN = archive.CIFAR10.folder


@pytest.mark.parametrize(
    "header",
    [
        entry("../evil"),
        entry(f"{IN}/../evil"),
        entry(f"{IN}/../../evil"),
        entry("/tmp/evil"),
        entry(f"{IN}/sub/test_batch"),
        entry(f"{IN}/evil"),
        entry("test_batch"),
        entry("other", tarfile.DIRTYPE),
        entry(IN),
        entry(f"{IN}/test_batch", tarfile.SYMTYPE, linkname="/etc/passwd"),
        entry(f"{IN}/test_batch", tarfile.LNKTYPE, linkname="/etc/passwd"),
        entry(IN, tarfile.SYMTYPE, linkname="/"),
        entry(f"{IN}/test_batch", tarfile.CHRTYPE, devmajor=1, devminor=5),
        entry(f"{IN}/test_batch", tarfile.BLKTYPE, devmajor=8),
        entry(f"{IN}/test_batch", tarfile.FIFOTYPE),
        entry(f"{IN}/test_batch", tarfile.DIRTYPE),
    ],
    ids=lambda header: f"{header.name}-{header.type.decode()}-{header.size}",
)
def test_a_hostile_entry_is_refused_before_anything_is_written(tmp_path, header):
    file = write_hostile(tmp_path / "hostile.tar.gz", header)
    home = tmp_path / "home"
    home.mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(DataError) as caught:
        download._unpack(file, home)
    assert is_one_sentence(str(caught.value)) and "hostile.tar.gz" in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("size", [40_000_001, 10**12])
def test_a_file_that_claims_a_giant_size_is_refused_by_its_claim(tmp_path, size):
    file = write_hostile(tmp_path / "hostile.tar.gz", entry(f"{IN}/test_batch", size=size))
    with pytest.raises(DataError, match=f"has {size:,} bytes, expected at most 40,000,000"):
        list(archive.read_members(file))


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_header_that_unpacks_without_end_is_refused_within_little_memory(
    monkeypatch, tmp_path, kind
):
    monkeypatch.setattr(archive, "_MAX_UNPACKED_BYTES", 1_000_000)
    file = tmp_path / "hostile.tar.gz"
    with tarfile.open(file, "w:gz") as members:
        members.fileobj.write(entry("x", kind, size=50_000_000).tobuf(tarfile.GNU_FORMAT))
        for _ in range(50):
            members.fileobj.write(bytes(1_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="unpacks to more than 1,000,000 bytes"):
            list(archive.read_members(file))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.5, 0.9999])
def test_an_archive_cut_short_is_an_error(tmp_path, packed, kept):
    file = tmp_path / "short.tar.gz"
    file.write_bytes(packed.content[: int(kept * len(packed.content))])
    with pytest.raises(DataError) as caught:
        list(archive.read_members(file))
    assert is_one_sentence(str(caught.value)) and "short.tar.gz" in str(caught.value)


@pytest.mark.parametrize("content", [b"no archive", b"\x1f\x8b\x08" + bytes(100)])
def test_what_is_no_archive_is_an_error(tmp_path, content):
    file = tmp_path / "no.tar.gz"
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        list(archive.read_members(file))
    assert is_one_sentence(str(caught.value)) and "no.tar.gz is corrupt" in str(caught.value)


def test_an_archive_without_a_batch_is_an_error(tmp_path, packed):
    file = tmp_path / "less.tar.gz"
    with tarfile.open(file, "w:gz") as members:
        for name in batches.FILE_NAMES[1:]:
            members.add(packed.folder / name, f"{IN}/{name}")
    with pytest.raises(DataError, match=r"lacks data_batch_1: delete it"):
        list(archive.read_members(file))


def test_the_data_page_lists_what_the_registry_lists():
    page = (Path(__file__).parents[3] / "datasets" / "README.md").read_text()
    listed = {archive.CIFAR10.name: (archive.CIFAR10.n_bytes, archive.CIFAR10.md5)}
    listed.update(archive.CIFAR10.files)
    rows = [f"| `{name}` | {n_bytes:,} | `{md5}` |" for name, (n_bytes, md5) in listed.items()]
    _, _, table = page.partition("| file | bytes | MD5 |\n|---|---:|---|\n")
    assert table.startswith("\n".join(rows) + "\n\n")


def test_the_registry_has_every_file_and_only_secure_addresses():
    assert set(archive.CIFAR10.files) == set(batches.FILE_NAMES)
    assert all(url.startswith("https://") for url in archive.CIFAR10.urls)
    assert max(n_bytes for n_bytes, _ in archive.CIFAR10.files.values()) < batches.MAX_FILE_BYTES

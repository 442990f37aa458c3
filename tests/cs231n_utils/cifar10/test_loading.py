"""Reading all files: official or not, missing, unreadable, damaged one by one."""

import errno

import pytest

from cs231n_utils.cifar10 import batches, loading
from cs231n_utils.data import load_cifar10
from tests.support.cifar10_files import (
    CLASS_NAMES,
    N_IMAGES,
    array,
    batch,
    fails_with,
    int_list,
    make_official,
    meta_of,
    write_archive,
    write_folder,
)

pytestmark = pytest.mark.usefixtures("nothing_on_this_machine")


def test_files_with_the_registered_checksums_are_official(monkeypatch, tmp_path):
    folder = write_folder(tmp_path)
    make_official(monkeypatch, folder)
    assert load_cifar10(folder).source == "official"


@pytest.mark.parametrize("name", ["data_batch_4", "test_batch", "batches.meta"])
def test_one_changed_byte_makes_a_copy_local(monkeypatch, tmp_path, name):
    folder = write_folder(tmp_path)
    make_official(monkeypatch, folder)
    content = (folder / name).read_bytes()
    at = content.index(b"truck") if name == "batches.meta" else len(content) // 2
    changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    (folder / name).write_bytes(changed)
    assert load_cifar10(folder).source == "local"


def refuse(*_, **__):
    raise PermissionError(errno.EACCES, "Permission denied")


def test_an_unreadable_file_is_an_error(monkeypatch, tmp_path):
    folder = write_folder(tmp_path)
    monkeypatch.setattr(loading, "open", refuse, raising=False)
    with fails_with("data_batch_1", "cannot be read (Permission denied)", "rights"):
        load_cifar10(folder)


@pytest.mark.parametrize("name", batches.FILE_NAMES)
def test_a_missing_file_is_named(tmp_path, name):
    folder = write_folder(tmp_path)
    (folder / name).unlink()
    with fails_with(f"lacks {name} of the 7", "again"):
        load_cifar10(folder)


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.3, 0.97, 0.999999])
def test_a_file_that_is_cut_short_is_an_error(tmp_path, kept):
    folder = write_folder(tmp_path)
    content = (folder / "data_batch_3").read_bytes()
    (folder / "data_batch_3").write_bytes(content[: int(kept * len(content))])
    with fails_with("data_batch_3", "cut short", "again"):
        load_cifar10(folder)


def test_a_folder_in_place_of_a_file_is_an_error(tmp_path):
    folder = write_folder(tmp_path)
    (folder / "data_batch_2").unlink()
    (folder / "data_batch_2").mkdir()
    with fails_with("data_batch_2", "not a regular file"):
        load_cifar10(folder)


def test_a_file_that_is_far_too_long_is_not_read(monkeypatch, tmp_path):
    folder = write_folder(tmp_path)
    monkeypatch.setattr(batches, "MAX_FILE_BYTES", 1_000)
    with fails_with("data_batch_1", "has over 1,000 bytes"):
        load_cifar10(folder)


PIXELS = array(bytes(N_IMAGES * 3072), (N_IMAGES, 3072))


LABELS = int_list([1] * N_IMAGES)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>not found</html>", ["pickle instruction '<'"]),
        (b"].", ["not a file of CIFAR-10"]),
        (b"\x80\x02.", ["not a file of CIFAR-10"]),
        (batch(labels=LABELS), ["no array under 'data'"]),
        (batch(labels=LABELS, data=LABELS), ["no array under 'data'"]),
        (batch(data=PIXELS), ["no list of whole numbers"]),
        (batch(data=PIXELS, labels=PIXELS), ["no list of whole numbers"]),
        (batch(data=PIXELS, labels=b"](" + b"N" * N_IMAGES + b"e"), ["no list of whole numbers"]),
        (batch(data=PIXELS, labels=int_list([1] * 399)), ["399 labels", "expected 400"]),
        (batch(data=PIXELS, labels=int_list([])), ["0 labels", "expected 400"]),
        (batch(data=PIXELS, labels=int_list([*range(10)] * 39 + [10] * 10)), ["from 0 to 10"]),
        (batch(data=PIXELS, labels=int_list([-1] * N_IMAGES)), ["from -1 to -1", "0 to 9"]),
        (batch(data=array(bytes(399 * 3072), (399, 3072)), labels=LABELS), ["(399, 3072)"]),
        (batch(data=array(bytes(400 * 3072), (3072, 400)), labels=LABELS), ["(3072, 400)"]),
        (batch(data=array(bytes(400 * 3072), (400, 32, 96)), labels=LABELS), ["not a file"]),
        (batch(data=array(bytes(400 * 3072), (400, 3072), b"f4"), labels=LABELS), ["'f4'"]),
        (batch(data=array(bytes(400), (400, 3072)), labels=LABELS), ["1,228,800 bytes"]),
        (batch(data=array(b"", (65_535, 65_535)), labels=LABELS), ["(65535, 65535)"]),
    ],
)
def test_a_batch_with_a_wrong_content_is_an_error(tmp_path, content, words):
    folder = write_folder(tmp_path)
    (folder / "data_batch_5").write_bytes(content)
    with fails_with("data_batch_5", "again", *words):
        load_cifar10(folder)


@pytest.mark.parametrize(
    "content", [meta_of(CLASS_NAMES[:9]), batch(label_names=LABELS), batch(other=LABELS)]
)
def test_meta_without_ten_names_is_an_error(tmp_path, content):
    folder = write_folder(tmp_path)
    (folder / "batches.meta").write_bytes(content)
    with fails_with("batches.meta", "ten class names"):
        load_cifar10(folder)


def test_an_archive_that_is_not_the_official_one_is_an_error(tmp_path):
    packed = write_archive(tmp_path / "mine.tar.gz", write_folder(tmp_path))
    with fails_with("mine.tar.gz", "MD5", "c58f30108f718f92721af3b95e74349a", "get it again"):
        load_cifar10(packed)

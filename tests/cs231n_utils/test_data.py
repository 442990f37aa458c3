"""Finding, reading and shaping CIFAR-10; faults are injected one by one into small copies."""

import errno
import os
import pickle
import tracemalloc
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs231n_utils import data
from cs231n_utils.cifar10 import batches, download, standin
from cs231n_utils.data import DataError, as_matrix, current_source, load_cifar10, mean_image
from tests.support.cifar10_files import (
    CLASS_NAMES,
    N_IMAGES,
    array,
    batch,
    batch_of,
    int_list,
    is_one_sentence,
    make_official,
    meta_of,
    write_archive,
    write_folder,
)

SMALL_TRAIN, SMALL_VAL = 5 * N_IMAGES - 1_000, 1_000


@pytest.fixture(autouse=True)
def nothing_on_this_machine(monkeypatch, tmp_path):
    """No copy, no cache, no clone and no network, unless a test makes one."""
    monkeypatch.delenv("CS231N_DATASETS", raising=False)
    monkeypatch.setattr(data.platformdirs, "user_cache_dir", lambda _: str(tmp_path / "cache"))
    monkeypatch.setattr(data, "__file__", str(tmp_path / "clone" / "cs231n_utils" / "data.py"))
    monkeypatch.setattr(batches, "IMAGES_PER_BATCH", N_IMAGES)
    monkeypatch.setattr(data, "_current_source", None)

    def no_network(home):
        raise DataError("no host answered")

    monkeypatch.setattr(download, "fetch_cifar10", no_network)


@pytest.fixture
def drawn(monkeypatch):
    """Replace the drawing by a quick one; the list has an entry for each call."""
    calls = []

    def draw(seed=0, n_train=50_000, n_test=10_000, workers=None):
        calls.append((seed, n_train, n_test))
        n_images = n_train + n_test
        images = np.random.default_rng(99).integers(0, 256, (n_images, 32, 32, 3), dtype=np.uint8)
        return images, (np.arange(n_images) % 10).astype(np.uint8)

    monkeypatch.setattr(standin, "draw_cifar10", draw)
    return calls


@pytest.fixture
def clone(tmp_path):
    """A clone with an empty ``datasets/``; returns that folder."""
    datasets = tmp_path / "clone" / "datasets"
    datasets.mkdir(parents=True)
    (tmp_path / "clone" / "pyproject.toml").touch()
    return datasets


@contextmanager
def fails_with(*words: str):
    """Expect one sentence that has these words in it."""
    with pytest.raises(DataError) as caught:
        yield
    message = str(caught.value)
    assert is_one_sentence(message), message
    for word in words:
        assert word in message


def read_with_pickle(folder: Path, name: str) -> tuple[np.ndarray, list[int]]:
    """The independent reader: trusted files only."""
    content = pickle.loads((folder / name).read_bytes(), encoding="bytes")
    planes = content[b"data"].reshape(-1, 3, 32, 32)
    return planes.transpose(0, 2, 3, 1), content[b"labels"]


# What a load gives


def test_splits_are_the_official_images_in_the_official_order(tmp_path):
    folder = write_folder(tmp_path)
    loaded = load_cifar10(folder)
    parts = [read_with_pickle(folder, name) for name in batches.TRAIN_BATCHES]
    images = np.concatenate([images for images, _ in parts])
    labels = np.concatenate([labels for _, labels in parts])
    test_images, test_labels = read_with_pickle(folder, "test_batch")
    np.testing.assert_array_equal(np.concatenate([loaded.X_train, loaded.X_val]), images)
    np.testing.assert_array_equal(np.concatenate([loaded.y_train, loaded.y_val]), labels)
    np.testing.assert_array_equal(loaded.X_test, test_images)
    np.testing.assert_array_equal(loaded.y_test, test_labels)
    assert (len(loaded.X_train), len(loaded.X_val)) == (SMALL_TRAIN, SMALL_VAL)
    assert loaded.class_names == tuple(CLASS_NAMES)


def test_images_are_uint8_and_labels_int64(tmp_path):
    loaded = load_cifar10(write_folder(tmp_path))
    for part in ("train", "val", "test", "dev"):
        images, labels = getattr(loaded, f"X_{part}"), getattr(loaded, f"y_{part}")
        assert images.dtype == np.uint8 and images.shape == (len(labels), 32, 32, 3)
        assert labels.dtype == np.int64 and labels.ndim == 1


def test_splits_share_one_array_that_cannot_be_changed(tmp_path):
    loaded = load_cifar10(write_folder(tmp_path))
    assert loaded.X_train.base is loaded.X_val.base is loaded.X_test.base is not None
    for images in (loaded.X_train, loaded.X_val, loaded.X_test, loaded.X_dev):
        with pytest.raises(ValueError, match="read-only"):
            images[0] = 0


def test_dev_set_is_500_training_images_and_always_the_same(tmp_path):
    loaded = load_cifar10(write_folder(tmp_path))
    chosen = np.random.default_rng(0).choice(SMALL_TRAIN, 500, replace=False)
    assert len(set(chosen.tolist())) == 500
    np.testing.assert_array_equal(loaded.X_dev, loaded.X_train[chosen])
    np.testing.assert_array_equal(loaded.y_dev, loaded.y_train[chosen])


def test_repr_says_sizes_and_source_in_one_line(tmp_path):
    loaded = load_cifar10(write_folder(tmp_path))
    assert repr(loaded) == "Cifar10(1,000 train, 1,000 val, 400 test, 500 dev; source: local)"


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


def test_current_source_is_that_of_the_last_load(tmp_path, drawn):
    assert current_source() is None
    load_cifar10(write_folder(tmp_path))
    assert current_source() == "local"
    with pytest.raises(DataError):
        load_cifar10(tmp_path / "nowhere")
    assert current_source() == "local"
    load_cifar10(download=False)
    assert current_source() == "stand-in"


# Where it looks


def test_path_may_be_the_folder_its_parent_text_or_home(monkeypatch, tmp_path):
    folder = write_folder(tmp_path / "place")
    monkeypatch.setenv("HOME", str(tmp_path))
    expected = load_cifar10(folder).X_dev
    for path in (folder.parent, str(folder), "~/place"):
        np.testing.assert_array_equal(load_cifar10(path).X_dev, expected)


def test_path_may_be_the_official_archive_or_a_folder_with_it(monkeypatch, tmp_path):
    folder = write_folder(tmp_path / "unpacked")
    (tmp_path / "packed").mkdir()
    packed = write_archive(tmp_path / "packed" / "cifar-10-python.tar.gz", folder)
    make_official(monkeypatch, folder, packed)
    for path in (packed, packed.parent):
        loaded = load_cifar10(path)
        assert loaded.source == "official"
        np.testing.assert_array_equal(loaded.X_dev, load_cifar10(folder).X_dev)
    assert os.listdir(packed.parent) == [packed.name]


def test_places_are_searched_in_the_documented_order(monkeypatch, tmp_path, clone, drawn):
    homes = [tmp_path / "path", tmp_path / "variable", clone, tmp_path / "cache"]
    expected = [load_cifar10(write_folder(home, seed)).X_dev for seed, home in enumerate(homes)]

    def found(path=None):
        image = load_cifar10(path, download=False).X_dev
        return [np.array_equal(image, dev) for dev in expected].index(True)

    monkeypatch.setenv("CS231N_DATASETS", str(homes[1]))
    assert found(homes[0]) == 0
    assert found() == 1
    monkeypatch.setenv("CS231N_DATASETS", "")
    assert found() == 2
    (clone / "cifar-10-batches-py").rename(tmp_path / "gone")
    assert found() == 3
    assert not drawn


def test_a_package_called_datasets_beside_this_one_is_no_clone(clone, drawn):
    write_folder(clone)
    (clone.parent / "pyproject.toml").unlink()
    assert load_cifar10(download=False).source == "stand-in"


@pytest.mark.parametrize("in_clone", [True, False])
def test_download_goes_to_a_writable_clone_else_to_the_cache(
    monkeypatch, tmp_path, clone, in_clone
):
    monkeypatch.setattr(download, "fetch_cifar10", write_folder)
    monkeypatch.setattr(os, "access", lambda *_: in_clone)
    load_cifar10()
    home = clone if in_clone else tmp_path / "cache"
    assert (home / "cifar-10-batches-py" / "test_batch").exists()


@pytest.mark.parametrize("variable", [True, False])
@pytest.mark.parametrize("kind", ["nothing", "empty folder", "text file", "pipe"])
def test_a_named_place_without_the_data_is_an_error(monkeypatch, tmp_path, drawn, variable, kind):
    place = tmp_path / "place"
    if kind == "empty folder":
        place.mkdir()
    elif kind == "text file":
        place.write_text("hello")
    elif kind == "pipe":
        os.mkfifo(place)
    if variable:
        monkeypatch.setenv("CS231N_DATASETS", str(place))
    with fails_with(str(place), "official"):
        load_cifar10(None if variable else place)
    assert not drawn


@pytest.mark.parametrize("path", [np.zeros(3), 7, b"data", ["data"], "a\0b", "x" * 5_000])
def test_a_path_that_is_none_is_an_error(path):
    with fails_with("path is", "expected a folder"):
        load_cifar10(path)


@pytest.mark.parametrize("path", [None, "given"])
def test_an_unreadable_folder_is_an_error(monkeypatch, tmp_path, path):
    folder = write_folder(tmp_path / "cache")
    monkeypatch.setattr(os, "listdir", refuse)
    with fails_with(str(folder), "cannot be read (Permission denied)"):
        load_cifar10(path and folder)


def test_an_unreadable_file_is_an_error(monkeypatch, tmp_path):
    folder = write_folder(tmp_path)
    monkeypatch.setattr(data, "open", refuse, raising=False)
    with fails_with("data_batch_1", "cannot be read (Permission denied)", "rights"):
        load_cifar10(folder)


def refuse(*_, **__):
    raise PermissionError(errno.EACCES, "Permission denied")


# Damaged files


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


# Hostile files


class Runs:
    """Runs a command when it is unpickled by pickle."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self):
        return os.system, (f"touch {self.marker}",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_that_runs_a_command_is_refused(tmp_path, protocol):
    folder, marker = write_folder(tmp_path), tmp_path / "it-ran"
    hostile = pickle.dumps({"data": Runs(marker)}, protocol)
    (folder / "data_batch_1").write_bytes(hostile)
    with fails_with("data_batch_1", "no CIFAR-10 file needs", "not read"):
        load_cifar10(folder)
    assert not marker.exists()
    pickle.loads(hostile)
    assert marker.exists()


def nested_tuple_key(depth: int) -> bytes:
    return b"\x80\x02}(N" + b"\x85" * depth + b"Nu."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x80\x02cbuiltins\neval\nU\x011\x85R.", ["asks for builtins.eval"]),
        (b"\x80\x02cnumpy\nfromfile\nU\x01/\x85R.", ["asks for numpy.fromfile"]),
        (b"\x80\x02c" + b"a" * 1_000 + b"\nb\n.", ["asks for aaa"]),
        (b"\x80\x02cnumpy\nndarray\nM\xff\xff\x85R.", ["calls something"]),
        (b"\x80\x02U\x01aU\x01b\x85R.", ["calls something"]),
        (b"\x80\x02]}b.", ["sets the state"]),
        (b"\x80\x02U\x01xQ.", ["instruction 'Q'"]),
        (b"Px\n.", ["instruction 'P'"]),
        (b"\x80\x02\x82\x01.", ["instruction"]),
        (b"(ios\nsystem\n.", ["instruction 'i'"]),
        (b"\x80\x05\x96\xff\xff\xff\xff\xff\x00\x00\x00", ["instruction"]),
        (b"\x80\x02T\xff\xff\xff\x7f.", ["cut short"]),
        (b"\x80\x02T\xff\xff\xff\xff.", ["cut short"]),
        (b"\x80\x02X\xff\xff\xff\xff.", ["cut short"]),
        (b"\x80\x02Nr\xff\xff\xff\xff0.", ["instruction '0'"]),
        (b"\x80\x02Nr\xff\xff\xff\xff.", ["not a file"]),
        (b"\x80\x02j\xff\xff\xff\xff.", ["not a file"]),
        (b"\x80\x02" + b"}" * 100_000, ["too many"]),
        (nested_tuple_key(4_000), ["uses a tuple as a key"]),
        (b"\x80\x02" + b"N" + b"\x85" * 4_000 + b".", ["not a file"]),
        (b"\x80\x02R.", ["not a file"]),
        (b"\x80\x02I" + b"9" * 99 + b"\nI1e9\n.", ["not a file"]),
        (batch(data=array(b"", (1, 1), maker=b"os"), labels=LABELS), ["asks for os._reconstruct"]),
    ],
)
def test_a_hostile_pickle_is_refused_within_little_memory(content, words):
    images, labels = np.zeros((N_IMAGES, 32, 32, 3), np.uint8), np.zeros(N_IMAGES, np.int64)
    tracemalloc.start()
    try:
        with fails_with("the file", *words):
            batches.read_batch(content, "the file", images, labels)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000
    assert not images.any() and not labels.any()


THREE_ROWS = np.arange(3 * 3072, dtype=np.uint64).astype(np.uint8).reshape(3, 3072)
THREE = batch_of(THREE_ROWS, [9, 0, 5])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 330), st.integers(0, 255)), max_size=3),
    st.integers(0, len(THREE)),
)
def test_any_damage_is_a_data_error_or_does_no_harm(changes, length):
    """Positions up to 330 are the instructions before the pixels."""
    damaged = bytearray(THREE[:length])
    for position, value in changes:
        if position < length:
            damaged[position] = value
    images, labels = np.zeros((3, 32, 32, 3), np.uint8), np.zeros(3, np.int64)
    try:
        batches.read_batch(bytes(damaged), "the file", images, labels)
    except DataError as error:
        assert is_one_sentence(str(error))
    else:
        assert labels.min() >= 0 and labels.max() <= 9


def test_other_spellings_of_plain_data_are_read_as_pickle_reads_them():
    """Numbers as text and as a long, single appends, a memo, a Fortran-ordered array."""
    pixels = array(THREE_ROWS.tobytes(order="F"), (3, 3072))
    pixels = pixels.replace(b"tb\x89T", b"tb\x88T")
    content = (
        b"\x80\x02}U\x06labels]q\x50I9\na\x8a\x01\x00aM\x05\x00as"
        b"U\x04data" + pixels + b"sU\x05extra(h\x50X\x01\x00\x00\x00y)tsU\x01fG?" + bytes(7) + b"s."
    )
    images, labels = np.zeros((3, 32, 32, 3), np.uint8), np.zeros(3, np.int64)
    batches.read_batch(content, "the file", images, labels)
    trusted = pickle.loads(content, encoding="bytes")
    assert labels.tolist() == trusted[b"labels"] == [9, 0, 5]
    planes = trusted[b"data"].reshape(3, 3, 32, 32)
    np.testing.assert_array_equal(images, planes.transpose(0, 2, 3, 1))


# Drawn stand-in images


def test_stand_in_is_announced_in_one_line_with_the_reason(capsys, drawn):
    load_cifar10(download=False)
    load_cifar10()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert "not on this machine" in lines[0]
    assert "could not be downloaded (no host answered)" in lines[1]
    for line in lines:
        assert "stand-in" in line and "CS231N_DATASETS" in line and is_one_sentence(line)


def test_stand_in_has_the_sizes_and_order_of_the_real_data(drawn):
    loaded = load_cifar10(download=False)
    images, labels = standin.draw_cifar10(0, 5 * N_IMAGES, N_IMAGES)
    np.testing.assert_array_equal(loaded.X_train, images[:SMALL_TRAIN])
    np.testing.assert_array_equal(loaded.X_test, images[-N_IMAGES:])
    np.testing.assert_array_equal(loaded.y_test, labels[-N_IMAGES:])
    assert loaded.y_test.dtype == np.int64
    assert loaded.source == "stand-in"
    assert drawn[0] == (0, 5 * N_IMAGES, N_IMAGES)


def test_stand_in_is_drawn_once_for_each_version(monkeypatch, tmp_path, drawn):
    first, again = load_cifar10(download=False), load_cifar10(download=False)
    np.testing.assert_array_equal(first.X_test, again.X_test)
    assert len(drawn) == 1
    assert len(os.listdir(tmp_path / "cache")) == 1
    monkeypatch.setattr(standin, "VERSION", standin.VERSION + 1)
    load_cifar10(download=False)
    assert len(drawn) == 2


@pytest.mark.parametrize("kept", [0, 50, 10_000, -1])
def test_a_damaged_stand_in_cache_is_drawn_again(tmp_path, drawn, kept):
    expected = load_cifar10(download=False).X_test
    (cached,) = (tmp_path / "cache").iterdir()
    cached.write_bytes(cached.read_bytes()[:kept])
    np.testing.assert_array_equal(load_cifar10(download=False).X_test, expected)
    assert len(drawn) == 2
    load_cifar10(download=False)
    assert len(drawn) == 2


def test_a_full_disk_leaves_the_stand_in_uncached_and_no_file_behind(
    monkeypatch, tmp_path, capsys, drawn
):
    def fill_disk(file, **_):
        file.write(bytes(100))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez", fill_disk)
    assert load_cifar10(download=False).source == "stand-in"
    warning = capsys.readouterr().out.splitlines()[-1]
    assert "No space left on device" in warning and is_one_sentence(warning)
    assert os.listdir(tmp_path / "cache") == []


def test_a_cache_that_cannot_be_made_leaves_the_stand_in_uncached(tmp_path, capsys, drawn):
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert load_cifar10(download=False).source == "stand-in"
    assert "cannot be kept" in capsys.readouterr().out


# Matrices


@pytest.fixture
def images():
    return np.random.default_rng(5).integers(0, 256, (300, 32, 32, 3), dtype=np.uint8)


def test_mean_image_is_the_exact_mean_rounded_once(images):
    expected = images.astype(np.float64).mean(axis=0).astype(np.float32)
    result = mean_image(images)
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("n_images", [1, 256, 257, 258, 515])
def test_mean_image_of_white_images_does_not_overflow(n_images):
    white = np.full((n_images, 32, 32, 3), 255, np.uint8)
    np.testing.assert_array_equal(mean_image(white), np.full((32, 32, 3), 255, np.float32))


def test_mean_image_makes_no_float_copy(images):
    many = np.broadcast_to(images[:1], (20_000, 32, 32, 3))
    assert peak_of(lambda: mean_image(many)) < many.size / 10


def test_as_matrix_flattens_subtracts_the_mean_and_adds_ones(images):
    mean = mean_image(images)
    matrix = as_matrix(images, mean)
    assert matrix.shape == (300, 3073) and matrix.dtype == np.float32
    for row, image in zip(matrix, images, strict=True):
        np.testing.assert_array_equal(row[:-1], (image - mean).ravel())
    np.testing.assert_array_equal(matrix[:, -1], 1)


def test_as_matrix_in_float64_without_mean_and_bias_holds_the_raw_pixels(images):
    matrix = as_matrix(images, bias=False, dtype=np.float64)
    assert matrix.dtype == np.float64
    np.testing.assert_array_equal(matrix, images.reshape(300, 3072))


def test_as_matrix_in_float64_subtracts_in_float64(images):
    mean = images.mean(axis=0)
    expected = (images - mean).reshape(300, 3072)
    np.testing.assert_array_equal(as_matrix(images, mean, dtype="float64")[:, :-1], expected)


def test_as_matrix_takes_any_layout_and_changes_nothing(images):
    before = images.copy()
    mirrored = images[::-2, :, ::-1]
    matrix = as_matrix(mirrored, mean_image(mirrored))
    expected = as_matrix(np.ascontiguousarray(mirrored), mean_image(mirrored))
    np.testing.assert_array_equal(matrix, expected)
    np.testing.assert_array_equal(images, before)


def test_as_matrix_of_no_images_has_no_rows(images):
    assert as_matrix(images[:0]).shape == (0, 3073)


@pytest.mark.parametrize("step", [1, -1])
def test_as_matrix_allocates_only_its_result(images, step):
    many = np.repeat(images, 10, axis=0)[:, :, ::step]
    result_bytes = len(many) * 3073 * 4
    assert peak_of(lambda: as_matrix(many, mean_image(images))) < 1.05 * result_bytes


def peak_of(call) -> int:
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("function", [mean_image, as_matrix])
@pytest.mark.parametrize(
    ("wrong", "got"),
    [
        (None, "got NoneType"),
        ([[1, 2]], "got list"),
        (np.zeros((2, 3073), np.uint8), "shape (2, 3073)"),
        (np.zeros((32, 32, 3), np.uint8), "shape (32, 32, 3)"),
        (np.zeros((2, 3, 32, 32), np.uint8), "shape (2, 3, 32, 32)"),
        (np.zeros((2, 32, 32, 3)), "type float64"),
        (np.zeros((2, 32, 32, 3), bool), "type bool"),
    ],
)
def test_what_is_not_raw_images_is_an_error(function, wrong, got):
    with fails_with(function.__name__, got, "expected uint8 images of shape (N, 32, 32, 3)"):
        function(wrong)


def test_mean_of_no_images_is_an_error(images):
    with fails_with("no images"):
        mean_image(images[:0])


@pytest.mark.parametrize(
    ("mean", "got"),
    [
        (127.5, "type float"),
        (np.zeros(3072), "shape (3072,)"),
        (np.zeros((3, 32, 32)), "shape (3, 32, 32)"),
        (np.full((32, 32, 3), np.nan), "NaN"),
        (np.full((32, 32, 3), np.inf), "infinity"),
        (np.full((32, 32, 3), "a"), "type <U1"),
    ],
)
def test_a_wrong_mean_is_an_error(images, mean, got):
    with fails_with("as_matrix got a mean", got, "(32, 32, 3)"):
        as_matrix(images, mean)


@pytest.mark.parametrize("dtype", [None, np.uint8, np.float16, "nonsense", object])
def test_a_type_that_is_neither_float32_nor_float64_is_an_error(images, dtype):
    with fails_with("as_matrix got dtype", "expected np.float32 or np.float64"):
        as_matrix(images, dtype=dtype)


# The full data


@pytest.fixture(scope="module")
def full_data():
    """The folder in ``CS231N_DATASETS`` or ``datasets/``, looked up before other fixtures act."""
    homes = [os.environ.get("CS231N_DATASETS"), Path(__file__).parents[2] / "datasets"]
    for home in filter(None, homes):
        if (Path(home) / "cifar-10-batches-py").is_dir():
            return Path(home) / "cifar-10-batches-py"
    pytest.skip("needs CIFAR-10 in CS231N_DATASETS or datasets/")


@pytest.fixture
def full_size(monkeypatch, full_data, nothing_on_this_machine):
    monkeypatch.setattr(batches, "IMAGES_PER_BATCH", 10_000)
    return full_data


@pytest.mark.cifar10
def test_full_data_is_what_pickle_reads(full_size):
    loaded = load_cifar10(full_size)
    parts = {
        "data_batch_1": loaded.X_train[:10_000],
        "data_batch_5": np.concatenate([loaded.X_train[40_000:], loaded.X_val]),
        "test_batch": loaded.X_test,
    }
    for name, images in parts.items():
        np.testing.assert_array_equal(images, read_with_pickle(full_size, name)[0])


@pytest.mark.cifar10
def test_full_data_has_the_published_sizes_labels_and_names(full_size):
    """The class counts and the first ten labels of each set are those of the official files."""
    loaded = load_cifar10(full_size.parent)
    sizes = [len(labels) for labels in (loaded.y_train, loaded.y_val, loaded.y_test, loaded.y_dev)]
    assert sizes == [49_000, 1_000, 10_000, 500]
    assert loaded.y_train[:10].tolist() == [6, 9, 9, 4, 1, 1, 2, 7, 8, 3]
    assert loaded.y_test[:10].tolist() == [3, 8, 8, 0, 6, 6, 1, 6, 3, 1]
    counts = np.bincount(loaded.y_train) + np.bincount(loaded.y_val)
    assert counts.tolist() == [5_000] * 10
    assert np.bincount(loaded.y_test).tolist() == [1_000] * 10
    assert loaded.class_names == tuple(CLASS_NAMES)
    assert loaded.source in ("official", "local")

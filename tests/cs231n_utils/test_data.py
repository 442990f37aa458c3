"""CIFAR-10 as a student gets it: splits, source, matrices, and what is refused."""

import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from cs231n_utils import data
from cs231n_utils.cifar10 import batches
from cs231n_utils.data import DataError, as_matrix, current_source, load_cifar10, mean_image
from grading.handout.release import PROJECT
from tests.support.cifar10_files import (
    CLASS_NAMES,
    N_IMAGES,
    fails_with,
    read_with_pickle,
    write_folder,
)
from tests.support.sentences import is_one_sentence

SMALL_TRAIN, SMALL_VAL = 5 * N_IMAGES - 1_000, 1_000

pytestmark = pytest.mark.usefixtures("nothing_on_this_machine")


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


def test_current_source_is_that_of_the_last_load(tmp_path, drawn):
    assert current_source() is None
    load_cifar10(write_folder(tmp_path))
    assert current_source() == "local"
    with pytest.raises(DataError):
        load_cifar10(tmp_path / "nowhere")
    assert current_source() == "local"
    load_cifar10(download=False)
    assert current_source() == "stand-in"


def test_stand_in_is_announced_in_one_line_with_the_reason(capsys, drawn):
    load_cifar10(download=False)
    load_cifar10()
    first, drawing, again = capsys.readouterr().out.splitlines()
    assert "Drawing 2,400 stand-in images takes about" in drawing
    lines = [first, again]
    assert "not on this machine" in lines[0]
    assert "could not be downloaded (no host answered)" in lines[1]
    for line in lines:
        assert "stand-in" in line and "CS231N_DATASETS" in line and is_one_sentence(line)


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


@pytest.fixture(scope="module")
def full_data():
    """The folder in ``CS231N_DATASETS`` or ``datasets/``, looked up before other fixtures act."""
    homes = [os.environ.get("CS231N_DATASETS"), PROJECT / "datasets"]
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


def test_small_data_need_nothing_of_this_machine_and_say_what_they_are(capsys):
    loaded = load_cifar10(size="small")
    assert repr(loaded) == "Cifar10(5,000 train, 500 val, 500 test, 500 dev; source: stand-in)"
    assert (loaded.size, current_source()) == ("small", "stand-in")
    assert loaded.budget(8, small=2) == 2
    assert is_one_sentence(capsys.readouterr().out.strip())
    for labels in (loaded.y_train, loaded.y_val, loaded.y_test):
        assert np.bincount(labels).min() > 0.7 * len(labels) / 10
    with pytest.raises(ValueError, match="read-only"):
        loaded.X_val[0] = 0


def test_small_data_are_the_default_in_a_browser_and_where_the_environment_says_so(
    monkeypatch, tmp_path, drawn
):
    assert load_cifar10(download=False).size == "full"
    monkeypatch.setattr(data, "IN_BROWSER", True)
    assert load_cifar10().size == "small"
    assert load_cifar10(download=False, size="full").size == "full"
    monkeypatch.setattr(data, "IN_BROWSER", False)
    monkeypatch.setenv(data.SIZE, "small")
    assert load_cifar10().size == "small"
    assert load_cifar10(write_folder(tmp_path)).size == "full"


@pytest.mark.parametrize(
    ("arguments", "environment", "says"),
    [
        ({"size": "tiny"}, "", "size is 'tiny'"),
        ({}, "tiny", "CS231N_SIZE is 'tiny'"),
        ({"size": "small", "path": "here"}, "", "'small' and path is 'here'"),
    ],
)
def test_size_that_is_not_available_is_refused(arguments, environment, says, monkeypatch):
    monkeypatch.setenv(data.SIZE, environment)
    with pytest.raises(DataError, match=says) as refused:
        load_cifar10(**arguments)
    assert is_one_sentence(str(refused.value))

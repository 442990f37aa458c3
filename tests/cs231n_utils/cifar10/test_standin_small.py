"""The small stand-in: small enough to ship, quick to read, and what the program draws."""

import time

import numpy as np
import pytest

from cs231n_utils.cifar10 import standin_small
from cs231n_utils.cifar10.standin_small import FILE, drawn, packed, small_standin_images


def test_file_is_small_and_quick_to_read():
    assert FILE.stat().st_size <= 4_000_000
    before = time.process_time()
    images, labels, class_names, source = small_standin_images()
    assert time.process_time() - before < 2
    assert images.shape == (6_000, 32, 32, 3) and images.dtype == np.uint8
    assert labels.shape == (6_000,) and labels.dtype == np.int64
    assert len(class_names) == 10 and source == "stand-in"


def test_image_is_not_touched_by_its_neighbors_in_the_file(tmp_path, monkeypatch):
    black_and_white = np.zeros((150, 32, 32, 3), np.uint8)
    black_and_white[::2] = 255
    labels = np.arange(150, dtype=np.uint8) % 10
    (tmp_path / "images.npz").write_bytes(packed(black_and_white, labels))
    monkeypatch.setattr(standin_small, "FILE", tmp_path / "images.npz")
    images, read_labels, *_ = small_standin_images()
    np.testing.assert_array_equal(images, black_and_white)
    np.testing.assert_array_equal(read_labels, labels)


@pytest.mark.slow
def test_file_holds_what_the_program_draws():
    images, labels = drawn()
    kept, kept_labels, *_ = small_standin_images()
    np.testing.assert_array_equal(kept_labels, labels)
    assert np.sqrt(np.mean((kept.astype(float) - images) ** 2)) < 6

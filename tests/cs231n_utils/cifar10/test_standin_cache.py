"""The drawn images: kept once they are drawn, and drawn again when what was kept is damaged."""

import errno
import os

import numpy as np
import pytest

from cs231n_utils.cifar10 import standin
from cs231n_utils.data import load_cifar10
from tests.support.cifar10_files import N_IMAGES
from tests.support.sentences import is_one_sentence

SMALL_TRAIN = 5 * N_IMAGES - 1_000

pytestmark = pytest.mark.usefixtures("nothing_on_this_machine")


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

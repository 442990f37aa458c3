"""Where CIFAR-10 is looked for, and named places that do not hold it."""

import errno
import os

import numpy as np
import pytest

from cs231n_utils.cifar10 import download
from cs231n_utils.data import load_cifar10
from tests.support.cifar10_files import fails_with, make_official, write_archive, write_folder

pytestmark = pytest.mark.usefixtures("nothing_on_this_machine")


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


def refuse(*_, **__):
    raise PermissionError(errno.EACCES, "Permission denied")

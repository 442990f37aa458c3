"""Fixtures of the tests of the student package."""

import numpy as np
import pytest

from cs231n_utils import data
from cs231n_utils.checking import client
from cs231n_utils.checking.client import OracleClient
from cs231n_utils.cifar10 import batches, download, places, standin
from cs231n_utils.data import DataError
from cs231n_utils.selfstudy.progress_file import PROGRESS_FILE
from tests.support.cifar10_files import N_IMAGES


@pytest.fixture(autouse=True)
def progress_path(tmp_path, monkeypatch):
    """A progress file of the test's own."""
    path = tmp_path / "home" / "progress.json"
    monkeypatch.setenv(PROGRESS_FILE, str(path))
    return path


@pytest.fixture(scope="module", autouse=True)
def _hang_up():
    """Leave no local oracle behind for the tests of other modules."""
    yield
    OracleClient.forget()


@pytest.fixture
def graded_kernel(oracle_channel, monkeypatch):
    """A kernel whose channel comes from an oracle that grades."""
    channel, ledger = oracle_channel()
    monkeypatch.setattr(OracleClient, "_current", channel)
    monkeypatch.setenv(client.ORACLE_FD, "0")
    return ledger


@pytest.fixture
def nothing_on_this_machine(monkeypatch, tmp_path):
    """No copy, no cache, no clone and no network, unless a test makes one."""
    monkeypatch.delenv("CS231N_DATASETS", raising=False)
    monkeypatch.setattr(places.platformdirs, "user_cache_dir", lambda _: str(tmp_path / "cache"))
    package = tmp_path / "clone" / "cs231n_utils"
    monkeypatch.setattr(places, "__file__", str(package / "cifar10" / "places.py"))
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

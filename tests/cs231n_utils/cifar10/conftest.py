"""Fixtures of the tests of CIFAR-10's files."""

import pytest

from tests.support.cifar10_files import Packed, write_archive, write_folder


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    folder = write_folder(tmp_path_factory.mktemp("original"))
    file = write_archive(folder.parent / "original.tar.gz", folder)
    return Packed(folder, file, file.read_bytes())

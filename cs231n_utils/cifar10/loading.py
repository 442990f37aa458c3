"""Reading all files of CIFAR-10, from a folder or the official archive, into one array."""

import os
from functools import partial
from pathlib import Path

import numpy as np

from cs231n_utils.cifar10 import batches
from cs231n_utils.cifar10.archive import is_official, read_members, verify
from cs231n_utils.cifar10.batches import DataError
from cs231n_utils.cifar10.places import DATASETS
from cs231n_utils.system.threads import thread_pool

_THREADS = 4
"""Files that are read at once: reading, checksums and reordering release the interpreter's lock."""


def read_images(place: Path) -> tuple[np.ndarray, np.ndarray, tuple[str, ...], str]:
    """Decode all files of a folder or of the official archive.

    Returns
    -------
    images : uint8 ndarray of shape (60000, 32, 32, 3)
        The training images, then the test images.
    labels : int64 ndarray of shape (60000,)
    class_names : tuple of 10 str
    source : {"official", "local"}
        Whether all files are the official ones byte for byte.

    Raises
    ------
    DataError
        If a file is missing, damaged, or not what it should be.
    """
    if place.is_file():
        verify(place)
        read = dict(read_members(place)).pop
    else:
        _check_complete(place)
        read = partial(_read_file, place)
    n_images = batches.IMAGES_PER_BATCH
    names = (*batches.TRAIN_BATCHES, batches.TEST_BATCH)
    images = np.empty((len(names) * n_images, *batches.IMAGE_SHAPE), np.uint8)
    labels = np.empty(len(images), np.int64)

    def load_batch(number: int) -> bool:
        name, part = names[number], slice(number * n_images, (number + 1) * n_images)
        raw = read(name)
        batches.read_batch(raw, str(place / name), images[part], labels[part])
        return is_official(name, raw)

    with thread_pool(_THREADS) as pool:
        are_official = list(pool.map(load_batch, range(len(names))))
    meta = read(batches.META_FILE)
    class_names = batches.read_class_names(meta, str(place / batches.META_FILE))
    source = "official" if all(are_official) and is_official(batches.META_FILE, meta) else "local"
    return images, labels, class_names, source


def _check_complete(folder: Path) -> None:
    try:
        names = os.listdir(folder)
    except OSError as error:
        raise DataError(
            f"{folder} cannot be read ({error.strerror}): check its rights, or set "
            f"{DATASETS} to another copy."
        ) from error
    missing = [name for name in batches.FILE_NAMES if name not in names]
    if missing:
        raise DataError(
            f"{folder} lacks {', '.join(missing)} of the {len(batches.FILE_NAMES)} data files of "
            "CIFAR-10: copy or unpack the official archive again."
        )


def _read_file(folder: Path, name: str) -> bytes:
    file = folder / name
    again = "copy or unpack the official archive again"
    try:
        if not file.is_file():
            raise DataError(f"{file} is not a regular file as expected: {again}.")
        with open(file, "rb") as stream:
            raw = stream.read(batches.MAX_FILE_BYTES + 1)
    except OSError as error:
        raise DataError(
            f"{file} cannot be read ({error.strerror}): check its rights, or {again}."
        ) from error
    if len(raw) > batches.MAX_FILE_BYTES:
        raise DataError(
            f"{file} has over {batches.MAX_FILE_BYTES:,} bytes, expected about 31 million: {again}."
        )
    return raw

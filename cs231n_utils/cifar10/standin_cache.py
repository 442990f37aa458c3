"""The stand-in images, drawn once and then kept in the user's cache."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from cs231n_utils.cifar10 import batches, standin
from cs231n_utils.cifar10.places import user_cache
from cs231n_utils.system.files import written_whole


def standin_images() -> tuple[np.ndarray, np.ndarray, tuple[str, ...], str]:
    """The stand-in images, as many as CIFAR-10 has, from the cache or drawn.

    Returns
    -------
    images, labels, class_names, source
        As `cs231n_utils.cifar10.loading.read_images` returns them; the source is "stand-in".
    """
    n_test = batches.IMAGES_PER_BATCH
    n_train = len(batches.TRAIN_BATCHES) * n_test
    cache = user_cache() / f"cifar10-stand-in-{standin.VERSION}-{n_train + n_test}.npz"
    cached = _read(cache, n_train + n_test)
    if cached is None:
        seconds = standin.expected_seconds(n_train + n_test)
        print(
            f"Drawing {n_train + n_test:,} stand-in images takes about {seconds:.0f} s, the first "
            "time: then they are kept."
        )
        cached = standin.draw_cifar10(seed=0, n_train=n_train, n_test=n_test)
        _write(cache, *cached)
    images, labels = cached
    return images, labels.astype(np.int64), standin.CLASS_NAMES, "stand-in"


def _read(cache: Path, n_images: int) -> tuple[np.ndarray, np.ndarray] | None:
    """The cached images and labels, or None if there are none or they are damaged."""
    try:
        with np.load(cache, allow_pickle=False) as arrays:
            images, labels = arrays["images"], arrays["labels"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    is_whole = images.shape == (n_images, *batches.IMAGE_SHAPE) and labels.shape == (n_images,)
    return (images, labels) if is_whole and images.dtype == labels.dtype == np.uint8 else None


def _write(cache: Path, images: np.ndarray, labels: np.ndarray) -> None:
    try:
        with written_whole(cache) as file:
            np.savez(file, images=images, labels=labels)
    except OSError as error:
        print(
            f"The stand-in images cannot be kept in {cache.parent} ({error.strerror}): they will "
            "be drawn again next time."
        )

"""CIFAR-10 for the notebooks: load it, split it, and make matrices of it.

Where no copy is available, drawn stand-in images are used instead, and every reader is told. What
finds, unpacks and draws is imported when data are loaded: every kernel imports this module, and so
does the oracle, which loads none.
"""

import os
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import DTypeLike

from cs231n_utils.cifar10 import batches
from cs231n_utils.cifar10.batches import DataError
from cs231n_utils.system import IN_BROWSER
from cs231n_utils.validation import (
    require_cifar10_images,
    require_float_type,
    require_mean_image,
)

__all__ = [
    "Cifar10",
    "DataError",
    "as_matrix",
    "current_source",
    "load_cifar10",
    "mean_image",
]

T = TypeVar("T")

SIZE = "CS231N_SIZE"
"""Environment variable: the size of the data where none is named."""
SIZES = ("full", "small")
N_VAL = 1_000
N_DEV = 500
DEV_SEED = 0

_ROWS_IN_CACHE = 128
"""Rows that are cast and then subtracted from while they are in the cache: 1.5 MB of float32."""

_current_source: str | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Cifar10:
    """CIFAR-10, split for the course. All arrays are read-only: take a copy to change one.

    The numbers of images are those of the size "full". Of "small" there are 5,000 training, 500
    validation, 500 test and 500 development images.

    Attributes
    ----------
    X_train : uint8 ndarray of shape (49000, 32, 32, 3)
        The first 49,000 of the 50,000 official training images; RGB, 0..255.
    y_train : int64 ndarray of shape (49000,)
        Their labels, 0..9.
    X_val, y_val : ndarrays of shape (1000, 32, 32, 3) and (1000,)
        The last 1,000 official training images.
    X_test, y_test : ndarrays of shape (10000, 32, 32, 3) and (10000,)
        The official test images.
    X_dev, y_dev : ndarrays of shape (500, 32, 32, 3) and (500,)
        Images of ``X_train`` for quick tries, drawn without replacement by
        ``np.random.default_rng(0)``.
    class_names : tuple of 10 str
        ``class_names[label]`` is the name of a class.
    source : str
        "official" if the files are the official ones byte for byte, "local" if they only have
        the right structure, "stand-in" if the images are drawn.
    size : str
        "full" or "small".
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_val: np.ndarray
    y_val: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    X_dev: np.ndarray
    y_dev: np.ndarray
    class_names: tuple[str, ...]
    source: str
    size: str

    def __repr__(self) -> str:
        sizes = ", ".join(
            f"{len(getattr(self, f'y_{part}')):,} {part}"
            for part in ("train", "val", "test", "dev")
        )
        return f"Cifar10({sizes}; source: {self.source})"

    def budget(self, full: T, small: T) -> T:
        """Pick what an experiment may spend, so that it is quick on small data too.

        Parameters
        ----------
        full, small : of any one type
            Say, a number of epochs for each size.

        Returns
        -------
        ``full`` or ``small``, whichever the size of these data is.

        Examples
        --------
        >>> load_cifar10(size="small").budget(8, small=2)  # doctest: +ELLIPSIS
        The small data are used...
        2
        """
        return full if self.size == "full" else small


def load_cifar10(
    path: str | os.PathLike | None = None, *, download: bool = True, size: str | None = None
) -> Cifar10:
    """Load CIFAR-10 from the first place that has it.

    The places, in order: ``path``; the environment variable ``CS231N_DATASETS``; ``datasets/`` of
    the clone that this package runs from; the user cache; a download (checked against the
    official checksum, kept in ``datasets/`` or the user cache); drawn stand-in images, after one
    printed line that says so.

    Parameters
    ----------
    path : str or path-like, optional
        A folder that holds ``cifar-10-batches-py/``, or that folder itself, or the official
        ``cifar-10-python.tar.gz``. ``CS231N_DATASETS`` may name the same.
    download : bool, default True
        Whether to download (170 MB) when no place on this machine has the data.
    size : {"full", "small"}, optional
        "small" is a tenth of the stand-in images, which comes with this package: nothing is
        searched, downloaded or drawn. By default what the environment variable ``CS231N_SIZE``
        says; without it, "small" in a browser and "full" elsewhere.

    Returns
    -------
    Cifar10
        Training, validation, test and development sets; the full size is 184 MB of images.

    Raises
    ------
    DataError
        If ``path`` or ``CS231N_DATASETS`` is given and does not hold the data, if files are found
        that are damaged or not what they should be, or if there is no such ``size``.

    Examples
    --------
    >>> data = load_cifar10()  # doctest: +SKIP
    >>> data  # doctest: +SKIP
    Cifar10(49,000 train, 1,000 val, 10,000 test, 500 dev; source: official)

    Notes
    -----
    The data set: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009,
    https://www.cs.toronto.edu/~kriz/cifar.html.
    """
    global _current_source
    data = _small() if _chosen(size, path) == "small" else _full(path, download)
    _current_source = data.source
    return data


def _chosen(size: str | None, path: object) -> str:
    named, by = size, "size"
    if named is None and path is None:
        named, by = os.environ.get(SIZE), SIZE
    if named and named not in SIZES:
        sizes = " or ".join(map(repr, SIZES))
        raise DataError(f"{by} is {named!r}, expected {sizes}: correct it, or leave it out.")
    if named == "small" and path is not None:
        raise DataError(
            f"size is 'small' and path is {str(path)!r}, expected one of the two, since the small "
            "data come with this package: leave one out."
        )
    return named or ("small" if IN_BROWSER and path is None else "full")


def _small() -> Cifar10:
    from cs231n_utils.cifar10.standin_small import N_TEST, N_VAL, small_standin_images

    print(
        "The small data are used, a tenth of the size: drawn stand-in images that come with this "
        'package; expect other figures than in the text, or call load_cifar10(size="full").'
    )
    return _split(*small_standin_images(), n_val=N_VAL, n_test=N_TEST, size="small")


def _full(path: str | os.PathLike | None, download: bool) -> Cifar10:
    from cs231n_utils.cifar10.archive import CIFAR10
    from cs231n_utils.cifar10.loading import read_images
    from cs231n_utils.cifar10.places import DATASETS, fetch, find
    from cs231n_utils.cifar10.standin_cache import standin_images

    place = find(path)
    if place is None:
        place, reason = fetch() if download else (None, "is not on this machine")
    if place is None:
        print(
            f"CIFAR-10 {reason}: drawn stand-in images are used; to use a copy, pass load_cifar10 "
            f"the folder that holds {CIFAR10.folder}/ or set {DATASETS} to it."
        )
    images = standin_images() if place is None else read_images(place)
    return _split(*images, n_val=N_VAL, n_test=batches.IMAGES_PER_BATCH, size="full")


def current_source() -> str | None:
    """Source of the data loaded last in this process.

    Returns
    -------
    str or None
        "official", "local" or "stand-in", or None before the first `load_cifar10`.
    """
    return _current_source


def mean_image(images: np.ndarray) -> np.ndarray:
    """Mean over images, exact, without a float copy of them.

    Parameters
    ----------
    images : uint8 ndarray of shape (N, 32, 32, 3)
        At least one image.

    Returns
    -------
    float32 ndarray of shape (32, 32, 3)
        The exact mean, rounded once to float32; 0..255.

    Raises
    ------
    DataError
        If ``images`` has another type, dtype or shape, or is empty.
    """
    require_cifar10_images("mean_image", images, least=1)
    total = np.zeros(batches.IMAGE_SHAPE, np.int64)
    block = np.iinfo(np.uint16).max // np.iinfo(np.uint8).max  # the sum of 257 * 255 still fits
    for start in range(0, len(images), block):
        total += images[start : start + block].sum(axis=0, dtype=np.uint16)
    return (total / len(images)).astype(np.float32)


def as_matrix(
    images: np.ndarray,
    mean: np.ndarray | None = None,
    *,
    bias: bool = True,
    dtype: DTypeLike = np.float32,
) -> np.ndarray:
    """Images as the rows of a matrix: flattened, mean image subtracted, a last column of ones.

    The result is the only array made: the peak of memory is ``images`` plus one float copy.

    Parameters
    ----------
    images : uint8 ndarray of shape (N, 32, 32, 3)
        Pixels, 0..255.
    mean : ndarray of shape (32, 32, 3), optional
        Subtracted from each image, usually ``mean_image(data.X_train)``.
    bias : bool, default True
        Whether to add the column of ones, so that the last row of ``W`` is the bias.
    dtype : {float32, float64}, default float32
        Type of the result: float32 to run experiments, float64 to check gradients.

    Returns
    -------
    ndarray of shape (N, 3073), or (N, 3072) without bias
        Row ``i`` is image ``i``; pixels from the top left, red, green and blue in turn.

    Raises
    ------
    DataError
        If ``images``, ``mean`` or ``dtype`` is not as above, or ``mean`` is not finite.

    Examples
    --------
    >>> as_matrix(np.zeros((2, 32, 32, 3), np.uint8)).shape
    (2, 3073)
    """
    require_cifar10_images("as_matrix", images)
    if mean is not None:
        require_mean_image("as_matrix", mean)
    n_pixels = int(np.prod(batches.IMAGE_SHAPE))
    matrix = np.empty((len(images), n_pixels + bool(bias)), require_float_type("as_matrix", dtype))
    mean_row = None if mean is None else mean.astype(matrix.dtype).reshape(n_pixels)
    for start in range(0, len(images), _ROWS_IN_CACHE):
        block = slice(start, start + _ROWS_IN_CACHE)
        rows = matrix[block, :n_pixels]
        rows[...] = images[block].reshape(-1, n_pixels)
        if mean_row is not None:
            rows -= mean_row
    matrix[:, n_pixels:] = 1
    return matrix


def _split(
    images: np.ndarray,
    labels: np.ndarray,
    class_names: tuple[str, ...],
    source: str,
    *,
    n_val: int,
    n_test: int,
    size: str,
) -> Cifar10:
    n_train = len(images) - n_test - n_val
    train, val = slice(n_train), slice(n_train, n_train + n_val)
    test = slice(n_train + n_val, None)
    dev = np.random.default_rng(DEV_SEED).choice(n_train, N_DEV, replace=False)
    X_dev, y_dev = images[dev], labels[dev]
    for array in (images, labels, X_dev, y_dev):
        array.flags.writeable = False
    return Cifar10(
        X_train=images[train],
        y_train=labels[train],
        X_val=images[val],
        y_val=labels[val],
        X_test=images[test],
        y_test=labels[test],
        X_dev=X_dev,
        y_dev=y_dev,
        class_names=class_names,
        source=source,
        size=size,
    )

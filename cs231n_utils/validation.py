"""What the functions of this package accept, and the sentence that answers anything else.

Every sentence names the function, what it got, what it expected, and what to do. A wrong type or
dtype is a TypeError, a wrong shape or value a ValueError. Arrays are looked at and never copied.
"""

import operator
from collections.abc import Collection, Iterable
from math import inf
from numbers import Real
from typing import Any, NoReturn

import numpy as np
from numpy.typing import DTypeLike, NDArray

from cs231n_utils.cifar10.batches import IMAGE_SHAPE, DataError

FLOATS = (np.float32, np.float64)


def refuse(
    function: str, got: str, expected: str, advice: str, error: type[Exception] = ValueError
) -> NoReturn:
    """Raise an error with the one form of sentence; `advice` is what to do."""
    raise error(f"{function} got {got}, expected {expected}: {advice}.")


# ------------------------------------------------------------------------------------ settings


def require_number(
    function: str, name: str, value: Any, high: float = inf, *, above_0: bool = False
) -> None:
    """A number from 0 to `high`, or above 0; infinity and NaN are never right."""
    if not isinstance(value, Real):
        got, advice = f"{name} of type {type(value).__name__}", f"pass for example {name}=0.1"
        refuse(function, got, "a number", advice, TypeError)
    if not 0 <= value <= high or value == inf or (above_0 and value == 0):
        least = "above 0" if above_0 else "of 0 or more"
        expected = f"a finite number {least}" if high == inf else f"a number in 0..{high:g}"
        refuse(function, f"{name}={value}", expected, f"pass another {name}")


def require_integer(
    function: str, name: str, value: Any, least: int, most: float = inf, of: str = ""
) -> int:
    """An integer in ``least..most``; `of` says why there is a largest one."""
    expected = f"an integer of {least} or more" if most == inf else f"an integer in {least}..{most}"
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        refuse(function, f"{name}={value!r}", expected, "pass an int", TypeError)
    if not least <= number <= most:
        refuse(function, f"{name}={number} {of}".strip(), expected, f"pass another {name}")
    return number


def require_choice(function: str, name: str, value: Any, choices: Iterable[str]) -> None:
    """One of a few words."""
    if value not in (choices := list(choices)):
        expected = " or ".join(map(repr, choices))
        refuse(function, f"{name}={value!r}", expected, "pass one of these")


def require_alt(function: str, alt: str) -> None:
    """Words for readers who cannot see a picture."""
    if not alt.strip():
        refuse(function, "a blank alt text", "one or two sentences", "say what the picture shows")


# -------------------------------------------------------------------------- linear classifiers


def require_floats(
    function: str,
    name: str,
    array: Any,
    dtypes: Collection[DTypeLike] = FLOATS,
    advice: str = "",
) -> None:
    """A NumPy array of one of these dtypes."""
    is_array = isinstance(array, np.ndarray)
    if is_array and array.dtype in dtypes:
        return
    got = f"dtype {array.dtype}" if is_array else f"type {type(array).__name__}"
    names = [np.dtype(dtype).name for dtype in dtypes]
    call = f"{name}.astype(np.{names[0]})" if is_array else f"np.asarray({name}, np.{names[0]})"
    expected = f"a {' or '.join(names)} array"
    refuse(function, f"{name} of {got}", expected, advice or f"pass {call}", TypeError)


def require_matrix(function: str, name: str, array: NDArray, shape: str) -> None:
    """Two dimensions, neither of them 0."""
    got = np.shape(array)
    if len(got) != 2 or 0 in got:
        advice = "reshape it, or check how it was sliced"
        refuse(function, f"{name} of shape {got}", f"{shape} with no side of 0", advice)


def require_linear(function: str, W: NDArray, X: NDArray, y: NDArray, weights: str = "W") -> None:
    """Weights (D, C), images as rows (N, D), and N labels; `weights` is what `W` is called."""
    require_matrix(function, weights, W, "(D, C)")
    require_matrix(function, "X", X, "(N, D)")
    (n_images, n_pixels), (n_weights, n_classes) = np.shape(X), np.shape(W)
    if n_pixels != n_weights:
        got = f"X of shape {np.shape(X)} and {weights} of shape {np.shape(W)}"
        advice = (
            "pass images as rows, and the bias in both (a last column of X, a last row of "
            f"{weights}) or in neither"
        )
        refuse(function, got, "(N, D) and (D, C) with one D", advice)
    require_labels(function, y, n_images, n_classes)


def require_labels(function: str, y: Any, n_images: int, n_classes: int | None = None) -> None:
    """One integer label for each image, counted from 0."""
    expected = f"an array of {n_images} integer labels"
    if not isinstance(y, np.ndarray):
        refuse(function, f"y of type {type(y).__name__}", expected, "pass np.asarray(y)", TypeError)
    if y.dtype.kind not in "iu":
        refuse(function, f"y of dtype {y.dtype}", expected, "pass y.astype(np.int64)", TypeError)
    if y.shape != (n_images,):
        advice = "pass one label for each image"
        refuse(function, f"y of shape {y.shape}", f"({n_images},)", advice)
    low, high = y.min(), y.max()
    if low < 0 or (n_classes is not None and high >= n_classes):
        expected = "0 or more" if n_classes is None else f"0 to {n_classes - 1}"
        advice = "count classes from 0, and give the weights a column for each"
        refuse(function, f"y with labels from {low} to {high}", expected, advice)


def require_same_shape(
    function: str, name: str, array: NDArray, other: str, shape: tuple[int, ...]
) -> None:
    """An array of the shape that another one has."""
    if np.shape(array) != shape:
        got, expected = f"{name} of shape {np.shape(array)}", f"{shape}, the shape of {other}"
        refuse(function, got, expected, f"transpose or reshape {name}")


def require_one_each(function: str, what: str, count: int, n_images: int) -> None:
    """As many of something as there are images."""
    if count != n_images:
        got, advice = f"{count} {what}s for {n_images} images", "pass as many of both"
        refuse(function, got, f"one {what} for each image", advice)


# -------------------------------------------------------------------------------------- images


def require_color_images(function: str, images: Any) -> None:
    """Images (N, H, W, 3) of any number type."""
    if not isinstance(images, np.ndarray) or images.ndim != 4 or images.shape[3] != 3:
        advice = "pass data.X_train, not the rows of as_matrix"
        refuse(function, f"images of shape {np.shape(images)}", "(N, H, W, 3)", advice)


def require_raw_images(function: str, images: Any) -> None:
    """Images (N, H, W, 3) of which no mean was subtracted."""
    require_color_images(function, images)
    if images.dtype != np.uint8 and images.size and images.min() < 0:
        advice = "pass them without the mean subtracted, or colors and edges are silently wrong"
        refuse(function, "images with negative pixels", "raw images in 0..255", advice)


def require_side(function: str, name: str, side: Any, images: NDArray) -> None:
    """The side of a square of pixels that fits into images (N, H, W, 3)."""
    height, width = images.shape[1:3]
    of = f"for images of {height} x {width} pixels"
    require_integer(function, name, side, 1, min(height, width), of)


def require_pictures(function: str, images: NDArray) -> None:
    """Images to draw, at least one, in color or in gray."""
    shape = images.shape
    if len(images) == 0 or not (len(shape) == 3 or (len(shape) == 4 and shape[-1] == 3)):
        expected = "(N, H, W, 3) or (N, H, W) with at least one image"
        refuse(function, f"images of shape {shape}", expected, "reshape or choose them anew")


def require_channels_first(function: str, name: str, x: NDArray) -> None:
    """Images (N, C, H, W), as layers take them."""
    if x.ndim != 4:
        refuse(function, f"{name} of shape {x.shape}", "(N, C, H, W)", "reshape rows to images")


def require_windows(
    function: str, lengths: Iterable[int], sizes: Iterable[int], stride: int
) -> None:
    """Windows that fit into so many pixels, padding included."""
    for length, size in zip(lengths, sizes, strict=True):
        if size > length or stride < 1:
            got = f"windows of {size} with stride {stride} on {length} pixels (padding included)"
            expected = "a window that fits and a stride of 1 or more"
            refuse(function, got, expected, "pad, or choose them smaller")


def require_cifar10_images(function: str, images: Any, least: int = 0) -> None:
    """At least so many uint8 images of CIFAR-10's shape; anything else is a `DataError`."""
    if not isinstance(images, np.ndarray):
        got = type(images).__name__
    elif images.ndim != 1 + len(IMAGE_SHAPE) or images.shape[1:] != IMAGE_SHAPE:
        got = f"images of shape {images.shape}"
    elif images.dtype != np.uint8:
        got = f"images of type {images.dtype}"
    elif len(images) < least:
        got = "no images"
    else:
        return
    advice = "pass data.X_train or a part of it"
    refuse(function, got, "uint8 images of shape (N, 32, 32, 3)", advice, DataError)


def require_mean_image(function: str, mean: Any) -> None:
    """Finite numbers of the shape of an image of CIFAR-10; anything else is a `DataError`."""
    if not isinstance(mean, np.ndarray) or mean.dtype.kind not in "fiu":
        got = f"a mean of type {getattr(mean, 'dtype', type(mean).__name__)}"
    elif mean.shape != IMAGE_SHAPE:
        got = f"a mean of shape {mean.shape}"
    elif not np.isfinite(mean).all():
        got = "a mean with NaN or infinity in it"
    else:
        return
    advice = "pass mean_image(data.X_train)"
    refuse(function, got, "finite numbers of shape (32, 32, 3)", advice, DataError)


def require_float_type(function: str, dtype: DTypeLike) -> np.dtype:
    """float32 or float64, however it is named; anything else is a `DataError`."""
    try:
        kind = np.dtype(dtype)
    except TypeError:
        kind = None
    if dtype is None or kind not in FLOATS:
        advice = "pass one of these"
        refuse(function, f"dtype {dtype!r}", "np.float32 or np.float64", advice, DataError)
    return kind

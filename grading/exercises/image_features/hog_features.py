"""Describe images by histograms of oriented gradients, one for each cell."""

import numpy as np

from ..describe import Case, Exercise
from .outcomes import like_one_of

exercise = Exercise(
    "hog_features",
    assignment="08-image-features",
    parts={"magnitudes": 1, "angles": 1.5, "uint8": 0.5, "cell 8, 9 bins": 1},
    hints=(
        "Four steps: gray images; differences of neighbors down and to the right; magnitude and "
        "angle of each pixel; sums of magnitudes by cell and bucket.",
        "gray[:, 2:] - gray[:, :-2] is the difference down for all rows but the first and the "
        "last, which stay 0; likewise to the right. The angle is np.degrees(np.arctan2(down, "
        "right)) modulo 180; times bins / 180 and cut to int, it is the bucket.",
        "For bucket b keep the magnitudes in it and set all others to 0. Reshape (N, H, W) to (N, "
        "rows, cell, cols, cell) and sum over axes 2 and 4: one sum per cell. Divide by cell**2, "
        "put the bucket last, and flatten each image to one row.",
    ),
)


@exercise.solved_by
def hog_features(images, cell=8, bins=9):
    gray = images @ np.array([0.299, 0.587, 0.114])
    n, height, width = gray.shape
    down, right = np.zeros_like(gray), np.zeros_like(gray)
    down[:, 1:-1] = gray[:, 2:] - gray[:, :-2]
    right[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    magnitude = np.hypot(down, right)
    angle = np.degrees(np.arctan2(down, right)) % 180
    bin_of = (angle * bins / 180).astype(int) % bins
    rows, cols = height // cell, width // cell
    features = np.zeros((n, rows, cols, bins))
    for b in range(bins):
        in_bin = np.where(bin_of == b, magnitude, 0)
        by_cell = in_bin.reshape(n, rows, cell, cols, cell)
        features[..., b] = by_cell.sum(axis=(2, 4)) / cell**2
    return features.reshape(n, -1)


exercise.as_right(
    "A product takes a list as well.",
    "gray = images @ [0.299, 0.587, 0.114]",
)
exercise.as_right(
    "Only rounding makes an angle 180, and edges of buckets are not asked.",
    "bin_of = (angle * bins / 180).astype(int)",
)
exercise.as_right(
    "What is cut to int may be rounded down before.",
    "bin_of = (angle * bins // 180).astype(int) % bins",
)


def _gray(images):
    return images @ np.array([0.299, 0.587, 0.114])


def _gradients(gray):
    down, right = np.zeros_like(gray), np.zeros_like(gray)
    down[:, 1:-1] = gray[:, 2:] - gray[:, :-2]
    right[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    return down, right


def _oriented(down, right, cell, bins, *, turn=180, weigh=True):
    """Histograms (N, rows, cols, bins) of angles modulo ``turn``, by magnitude or by count."""
    bin_of = (np.degrees(np.arctan2(down, right)) % turn * bins / turn).astype(int) % bins
    weights = np.hypot(down, right) if weigh else np.ones_like(down)
    return _summed(bin_of, weights, cell, bins)


def _summed(bin_of, weights, cell, bins):
    """Sums (N, rows, cols, bins) of the weights in each cell, divided by its number of pixels."""
    n, height, width = weights.shape
    by_bin = [np.where(bin_of == b, weights, 0) for b in range(bins)]
    shape = (n, height // cell, cell, width // cell, cell)
    return np.stack([w.reshape(shape).sum(axis=(2, 4)) for w in by_bin], axis=-1) / cell**2


def _edges(rng, shape, bins, dtype=float):
    """Images without a gradient near the edge of a bin, where rounding would decide.

    The upper left quarter of the last is black, so that gradients have the length 0 there.
    """
    images = rng.uniform(0, 255, (*shape, 3)).astype(dtype)
    _, height, width = shape
    images[-1, : height // 2, : width // 2] = 0
    while True:
        down, right = _gradients(_gray(images.astype(float)))
        place, length = np.degrees(np.arctan2(down, right)) * bins / 180, np.hypot(down, right)
        # Where a difference is 0 nothing is rounded: the angle is exactly 0 or 90 degrees.
        inner = (slice(None), slice(1, -1), slice(1, -1))
        unclear = (np.abs(place - np.rint(place)) < 1e-3) | (length < 3)
        n, y, x = np.nonzero((unclear & (down != 0) & (right != 0))[inner])
        if not len(n):
            return images
        # Both differences change, or one that rounding has left would stay for ever.
        for below, beside in ((1, 2), (2, 1)):
            images[n, y + below, x + beside] = rng.uniform(1, 255, (len(n), 3)).astype(dtype)


@exercise.examined_by
def cases(rng):
    def of_cells(calls):
        value, (_, _, bins) = calls[0].value, calls[0].arguments
        return value.reshape(len(value), -1, bins).sum(axis=2)

    images = _edges(rng, (2, 6, 9), 5)
    yield Case("magnitudes", [(images, 3, 5)], answer=of_cells)
    for shape, cell, bins in (((3, 8, 4), 4, 7), ((2, 6, 10), 2, 9), ((1, 9, 6), 3, 12)):
        yield Case("angles", [(_edges(rng, shape, bins), cell, bins)])
    turned = _edges(rng, (2, 8, 10), 5).transpose(3, 0, 1, 2).copy().transpose(1, 2, 3, 0)
    yield Case("angles", [(turned, 2, 5)])
    yield Case("uint8", [(_edges(rng, (2, 8, 12), 6, np.uint8), 4, 6)])
    yield Case("cell 8, 9 bins", [(_edges(rng, (2, 32, 24), 9),)])


@exercise.mistake(
    "angles all around",
    "A gradient and its opposite belong to the same edge: take the angle modulo 180 degrees.",
)
def _(images, cell=8, bins=9):
    features = _oriented(*_gradients(_gray(images)), cell, bins, turn=360)
    return features.reshape(len(images), -1)


def _mirrored(images, cell, bins, half_turn):
    """HOG of absolute angles, where a half turn goes to a given bin."""
    down, right = _gradients(_gray(images))
    angle = np.abs(np.degrees(np.arctan2(down, right)))
    bin_of = np.where(angle == 180, half_turn, (angle * bins / 180).astype(int))
    return _summed(bin_of, np.hypot(down, right), cell, bins).reshape(len(images), -1)


@exercise.mistake(
    "angles mirrored",
    "An angle of -30 degrees is the line at 150, not at 30: take it modulo 180, not absolute.",
    shows=like_one_of(
        lambda images, cell, bins: _mirrored(images, cell, bins, half_turn=0),
        lambda images, cell, bins: _mirrored(images, cell, bins, half_turn=bins - 1),
        lambda images, cell, bins: _mirrored(images, cell, bins, half_turn=bins),
        n_arguments=3,
    ),
)
def _(images, cell=8, bins=9):
    return _mirrored(images, cell, bins, half_turn=bins)


@exercise.mistake(
    "angles in radians",
    "np.arctan2 gives radians: turn them into degrees (np.degrees) before you take them modulo "
    "180 and cut them into buckets.",
    shows=like_one_of(
        lambda *call: _in_radians(*call, turn=180),
        lambda *call: _in_radians(*call, turn=np.pi),
        n_arguments=3,
    ),
)
def _(images, cell=8, bins=9):
    return _in_radians(images, cell, bins, turn=180)


def _in_radians(images, cell, bins, turn):
    down, right = _gradients(_gray(images))
    bin_of = (np.arctan2(down, right) % turn * bins / 180).astype(int)
    return _summed(bin_of, np.hypot(down, right), cell, bins).reshape(len(images), -1)


@exercise.mistake(
    "buckets of 20 degrees",
    "A bucket is 180 / bins degrees wide, which is 20 only if there are 9 of them.",
    shows=like_one_of(
        lambda *call: _by_twenty(*call, lambda bin_of, bins: bin_of),
        lambda *call: _by_twenty(*call, lambda bin_of, bins: bin_of % bins),
        lambda *call: _by_twenty(*call, lambda bin_of, bins: np.minimum(bin_of, bins - 1)),
        n_arguments=3,
    ),
)
def _(images, cell=8, bins=9):
    return _by_twenty(images, cell, bins, lambda bin_of, bins: bin_of)


def _by_twenty(images, cell, bins, within):
    down, right = _gradients(_gray(images))
    bin_of = (np.degrees(np.arctan2(down, right)) % 180 / 20).astype(int)
    return _summed(within(bin_of, bins), np.hypot(down, right), cell, bins).reshape(len(images), -1)


@exercise.mistake(
    "pixels of a cell not together",
    "Reshape (N, H, W) to (N, rows, cell, cols, cell): a row of the image runs through all cells "
    "beside each other, so each cell's rows and columns need axes of their own.",
)
def _(images, cell=8, bins=9):
    down, right = _gradients(_gray(images))
    n, height, width = down.shape
    rows, cols = height // cell, width // cell
    bin_of = (np.degrees(np.arctan2(down, right)) % 180 * bins / 180).astype(int) % bins
    by_bin = [np.where(bin_of == b, np.hypot(down, right), 0) for b in range(bins)]
    sums = [w.reshape(n, rows, cols, cell, cell).sum(axis=(3, 4)) for w in by_bin]
    return (np.stack(sums, axis=-1) / cell**2).reshape(n, -1)


@exercise.mistake(
    "down and right exchanged",
    "The angle is np.arctan2(down, right), and down is the difference along axis 1, right along "
    "axis 2: one of the two is exchanged.",
)
def _(images, cell=8, bins=9):
    down, right = _gradients(_gray(images))
    return _oriented(right, down, cell, bins).reshape(len(images), -1)


@exercise.mistake(
    "differences in uint8",
    "A difference below 0 does not fit into uint8 and wraps around: keep the gray images and the "
    "differences in float arrays.",
    shows=like_one_of(
        lambda images, *call: _in_dtype(images, *call, gray_too=False),
        lambda images, *call: _in_dtype(images, *call, gray_too=True),
        n_arguments=3,
    ),
)
def differences_in_uint8(images, cell=8, bins=9):
    return _in_dtype(images, cell, bins, gray_too=False)


def _in_dtype(images, cell, bins, gray_too):
    """Differences, and perhaps the gray images, kept in the dtype of the images."""
    gray = _gray(images)
    gray = gray.astype(images.dtype) if gray_too else gray
    with np.errstate(invalid="ignore"):
        down, right = (difference.astype(images.dtype) for difference in _gradients(gray))
    return _oriented(down.astype(float), right.astype(float), cell, bins).reshape(len(images), -1)


@exercise.mistake(
    "half the difference",
    "Take the plain difference of the two neighbors; here it is not divided by 2.",
)
def _(images, cell=8, bins=9):
    down, right = _gradients(_gray(images))
    return _oriented(down / 2, right / 2, cell, bins).reshape(len(images), -1)


@exercise.mistake(
    "np.gradient",
    "np.gradient divides by 2 and invents a difference at the border: here it is the plain "
    "difference of the two neighbors, and zero at the border.",
)
def _(images, cell=8, bins=9):
    down, right = np.gradient(_gray(images), axis=(1, 2))
    return _oriented(down, right, cell, bins).reshape(len(images), -1)


@exercise.mistake(
    "difference at the border",
    "A difference that would reach over the border is 0: set it so in the first and last row, and "
    "in the first and last column.",
    shows=like_one_of(
        lambda *call: _with_border(*call, factor=1),
        lambda *call: _with_border(*call, factor=2),
        n_arguments=3,
    ),
)
def _(images, cell=8, bins=9):
    return _with_border(images, cell, bins, factor=1)


def _with_border(images, cell, bins, factor):
    """Differences at the border as of an edge repeated (1), or of np.gradient times 2 (2)."""
    gray = _gray(images)
    down, right = _gradients(gray)
    for difference, axis in ((down, 1), (right, 2)):
        inner = np.diff(gray, axis=axis)
        for end in (0, -1):
            place = (slice(None),) * axis + (end,)
            difference[place] = factor * inner[place]
    return _oriented(down, right, cell, bins).reshape(len(images), -1)


@exercise.mistake(
    "wraps at the border",
    "np.roll takes the neighbor from the other side of the image: set the border to zero.",
)
def _(images, cell=8, bins=9):
    gray = _gray(images)
    down, right = (np.roll(gray, -1, axis) - np.roll(gray, 1, axis) for axis in (1, 2))
    return _oriented(down, right, cell, bins).reshape(len(images), -1)


@exercise.mistake(
    "difference to one neighbor",
    "A central difference reaches over the pixel: gray[y + 1] - gray[y - 1].",
)
def _(images, cell=8, bins=9):
    gray = _gray(images)
    down, right = np.zeros_like(gray), np.zeros_like(gray)
    down[:, :-1] = gray[:, 1:] - gray[:, :-1]
    right[:, :, :-1] = gray[:, :, 1:] - gray[:, :, :-1]
    return _oriented(down, right, cell, bins).reshape(len(images), -1)


@exercise.mistake("sum over the cell", "Divide by the number of pixels of a cell, cell**2.")
def _(images, cell=8, bins=9):
    return hog_features(images, cell, bins) * cell**2


@exercise.mistake("divides by the side", "A cell has cell**2 pixels, not cell.")
def _(images, cell=8, bins=9):
    return hog_features(images, cell, bins) * cell


@exercise.mistake(
    "counts pixels",
    "Sum the gradient's magnitudes: a strong edge must count for more than a faint one.",
)
def _(images, cell=8, bins=9):
    features = _oriented(*_gradients(_gray(images)), cell, bins, weigh=False)
    return features.reshape(len(images), -1)


@exercise.mistake("gray is the mean of the colors", "Weigh the channels .299, .587, .114.")
def _(images, cell=8, bins=9):
    features = _oriented(*_gradients(images.mean(axis=-1)), cell, bins)
    return features.reshape(len(images), -1)


@exercise.mistake(
    "cells normalized", "Leave the histograms as they are: they are not divided by their length."
)
def _(images, cell=8, bins=9):
    features = _oriented(*_gradients(_gray(images)), cell, bins)
    lengths = np.linalg.norm(features, axis=-1, keepdims=True)
    return (features / np.maximum(lengths, 1e-9)).reshape(len(images), -1)


@exercise.mistake(
    "bins before cells", "The order is row of cells, column of cells, bin: the bin runs fastest."
)
def _(images, cell=8, bins=9):
    features = _oriented(*_gradients(_gray(images)), cell, bins)
    return np.moveaxis(features, 3, 1).reshape(len(images), -1)


@exercise.mistake("columns before rows", "Run over the rows of cells first, then over the columns.")
def _(images, cell=8, bins=9):
    features = _oriented(*_gradients(_gray(images)), cell, bins)
    return features.transpose(0, 2, 1, 3).reshape(len(images), -1)


@exercise.mistake(
    "not flattened", "Return shape (N, rows * cols * bins): one row of features per image."
)
def _(images, cell=8, bins=9):
    return _oriented(*_gradients(_gray(images)), cell, bins)

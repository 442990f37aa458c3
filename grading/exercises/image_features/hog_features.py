"""Describe images by histograms of oriented gradients, one for each cell."""

import numpy as np

from ..describe import Case, Exercise

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


BORDER = (
    "A difference that would reach over the border is 0: set it so in the first and last row, and "
    "in the first and last column."
)
MIRRORED = (
    "An angle of -30 degrees is the line at 150, not at 30: take it modulo 180, not absolute."
)
MIRRORED_SLIPS = (
    "angles mirrored",
    "angles mirrored, 180 degrees in bucket 0",
    "angles mirrored, 180 degrees left out",
)
RADIANS = (
    "np.arctan2 gives radians: turn them into degrees (np.degrees) before you take them modulo 180 "
    "and cut them into buckets."
)
NEGATIVE = (
    "An angle of -30 degrees is the line at 150: take it modulo 180 before you cut it into buckets."
)
TWENTIES = "A bucket is 180 / bins degrees wide, which is 20 only if there are 9 of them."
AS_THEY_ARE = "Leave the histograms as they are"


@exercise.twisted_by(
    {
        "sum over the cell": "Divide by the number of pixels of a cell, cell**2.",
        "divides by the side": "A cell has cell**2 pixels, not cell.",
        "half the difference": "Take the plain difference of the two neighbors; here it is not "
        "divided by 2.",
        "angles all around": "A gradient and its opposite belong to the same edge: take the angle "
        "modulo 180 degrees.",
        "down and right exchanged": "The angle is np.arctan2(down, right), and down is the "
        "difference along axis 1, right along axis 2: one of the two is exchanged.",
        "both differences down": "The difference to the right is along axis 2: gray[:, :, 2:] - "
        "gray[:, :, :-2].",
        "both differences to the right": "The difference down is along axis 1: gray[:, 2:] - "
        "gray[:, :-2].",
        "angles in radians": RADIANS,
        "angles in radians modulo 180": RADIANS,
        "angles mirrored": MIRRORED,
        "negative angles left out": NEGATIVE,
        "negative angles cut before the modulo": NEGATIVE,
        "buckets of 20 degrees": TWENTIES,
        "np.gradient": "np.gradient divides by 2 and invents a difference at the border: here it "
        "is the plain difference of the two neighbors, and zero at the border.",
        "difference to one neighbor": "A central difference reaches over the pixel: gray[y + 1] - "
        "gray[y - 1].",
        "difference to the neighbor before": "A central difference reaches over the pixel: gray[y "
        "+ 1] - gray[y - 1].",
        "wraps at the border": "np.roll takes the neighbor from the other side of the image: set "
        "the border to zero.",
        "difference at the border": BORDER,
        "doubled difference at the border": BORDER,
        "black around the image": BORDER,
        "no differences in any pixel of the border": "The first row and column lack only one "
        "difference: down is 0 in the first and last row, right in the first and last column.",
        "counts pixels": "Sum the gradient's magnitudes: a strong edge must count for more than a "
        "faint one.",
        "magnitude squared": "The magnitude is the square root of down**2 + right**2.",
        "city-block magnitude": "The magnitude is np.hypot(down, right), not |down| + |right|.",
        "mean over the pixels of a bucket": "Divide by the number of pixels of the cell, cell**2, "
        "whatever their buckets.",
        "gray is the mean of the colors": "Weigh the channels .299, .587, .114.",
        "blue for red": "Weigh red with .299 and blue with .114: channel 0 is red.",
        "weight .144 for blue": "Blue counts .114, not .144: the three weights add up to 1.",
        "pixels of a cell not together": "Reshape (N, H, W) to (N, rows, cell, cols, cell): a row "
        "of the image runs through all cells beside each other, so each cell's rows and columns "
        "need axes of their own.",
        "rows and columns of cells exchanged": "There are height // cell rows of cells and width "
        "// cell columns.",
        "cells normalized": f"{AS_THEY_ARE}: they are not divided by their length.",
        "cells sum to 1": f"{AS_THEY_ARE}: they are not divided by their sum.",
        "images normalized": f"{AS_THEY_ARE}: the features of an image are not divided by their "
        "length.",
        "bins before cells": "The order is row of cells, column of cells, bin: the bin runs "
        "fastest.",
        "columns before rows": "Run over the rows of cells first, then over the columns.",
        "not flattened": "Return shape (N, rows * cols * bins): one row of features per image.",
        "one histogram for each image": "Each cell has a histogram of its own: shape (N, rows * "
        "cols * bins).",
        "differences in uint8": "A difference below 0 does not fit into uint8 and wraps around: "
        "keep the gray images and the differences in float arrays.",
        "gray in uint8": "A difference below 0 does not fit into uint8 and wraps around: keep the "
        "gray images and the differences in float arrays.",
        "angles mirrored, 180 degrees in bucket 0": MIRRORED,
        "angles mirrored, 180 degrees left out": MIRRORED,
        "buckets of 20 degrees, the others left out": TWENTIES,
        "buckets of 20 degrees, the others in the last": TWENTIES,
        "width of a bucket rounded": "A bucket is 180 / bins degrees wide, with decimals: / "
        "instead of //.",
        "angle rounded to a bucket": "Bucket b begins at b * 180 / bins degrees: cut off the "
        "decimals, without rounding.",
        "one difference turned around": "Both differences are the neighbor after minus the "
        "neighbor before: one of yours has its sign turned around, which mirrors the angles.",
    }
)
def hog_features_with(is_, images, cell=8, bins=9):
    down, right = _differences_with(is_, images)
    bin_of = _bins_with(is_, _angles_with(is_, down, right), bins)
    strength = np.hypot(down, right)
    if is_("magnitude squared"):
        strength = strength**2
    elif is_("city-block magnitude"):
        strength = np.abs(down) + np.abs(right)
    elif is_("counts pixels"):
        strength = np.ones_like(strength)
    n, height, width = strength.shape
    rows, cols = height // cell, width // cell
    if is_("rows and columns of cells exchanged"):
        rows, cols = cols, rows
    shape, axes = (n, rows, cell, cols, cell), (2, 4)
    if is_("pixels of a cell not together"):
        shape, axes = (n, rows, cols, cell, cell), (3, 4)
    features = np.zeros((n, rows, cols, bins))
    for b in range(bins):
        within = bin_of == b
        features[..., b] = np.where(within, strength, 0).reshape(shape).sum(axis=axes)
        if is_("mean over the pixels of a bucket"):
            features[..., b] /= np.maximum(within.reshape(shape).sum(axis=axes), 1)
    return _arranged_with(is_, features, cell)


def _differences_with(is_, images):
    """The differences down and to the right."""
    gray = images.mean(axis=-1) if is_("gray is the mean of the colors") else _gray(images)
    if is_("blue for red"):
        gray = _gray(images[..., ::-1])
    elif is_("weight .144 for blue"):
        gray = gray + 0.03 * images[..., 2]
    if is_("gray in uint8"):
        gray = gray.astype(images.dtype).astype(float)
    if is_("np.gradient"):
        down, right = np.gradient(gray, axis=(1, 2))
    else:
        down, right = (_difference_with(is_, gray, axis) for axis in (1, 2))
    if is_("no differences in any pixel of the border"):
        down[:, :, [0, -1]] = right[:, [0, -1]] = 0
    if is_("both differences down"):
        right = down
    elif is_("both differences to the right"):
        down = right
    if is_("one difference turned around"):
        down = -down
    if is_("down and right exchanged"):
        down, right = right, down
    if is_("half the difference"):
        down, right = down / 2, right / 2
    if is_("differences in uint8") or is_("gray in uint8"):
        with np.errstate(invalid="ignore"):
            down, right = (d.astype(images.dtype).astype(float) for d in (down, right))
    return down, right


def _difference_with(is_, gray, axis):
    """The difference of neighbors along an axis."""
    if is_("wraps at the border"):
        return np.roll(gray, -1, axis) - np.roll(gray, 1, axis)
    lines = gray.swapaxes(0, axis)
    difference, inner = np.zeros_like(lines), np.diff(lines, axis=0)
    if is_("difference to one neighbor"):
        difference[:-1] = inner
    elif is_("difference to the neighbor before"):
        difference[1:] = inner
    else:
        difference[1:-1] = lines[2:] - lines[:-2]
    if is_("difference at the border"):
        difference[[0, -1]] = inner[[0, -1]]
    elif is_("doubled difference at the border"):
        difference[[0, -1]] = 2 * inner[[0, -1]]
    elif is_("black around the image"):
        difference[0], difference[-1] = lines[1], -lines[-2]
    return difference.swapaxes(0, axis)


def _angles_with(is_, down, right):
    """Angles in degrees, if nothing else is meant."""
    angle = np.arctan2(down, right)
    if is_("angles in radians modulo 180"):
        return angle % 180
    if is_("angles in radians"):
        return angle % np.pi
    angle = np.degrees(angle)
    if is_("angles all around"):
        return angle % 360 / 2
    if is_("negative angles left out") or is_("negative angles cut before the modulo"):
        return angle
    if any(map(is_, MIRRORED_SLIPS)):
        return np.abs(angle)
    return angle % 180


def _bins_with(is_, angle, bins):
    """The bin of each angle."""
    place = angle * bins / 180
    if is_("angles mirrored"):
        return np.minimum(place.astype(int), bins - 1)
    if is_("angles mirrored, 180 degrees left out") or is_("negative angles left out"):
        return place.astype(int)
    if is_("buckets of 20 degrees, the others left out"):
        return (angle / 20).astype(int)
    if is_("buckets of 20 degrees, the others in the last"):
        return np.minimum((angle / 20).astype(int), bins - 1)
    if is_("buckets of 20 degrees"):
        place = angle / 20
    if is_("width of a bucket rounded"):
        place = angle / (180 // bins)
    if is_("angle rounded to a bucket"):
        place = np.rint(place)
    return place.astype(int) % bins


def _arranged_with(is_, features, cell):
    """Sums (N, rows, cols, bins) as they are returned."""
    if is_("divides by the side"):
        features = features / cell
    elif not (is_("sum over the cell") or is_("mean over the pixels of a bucket")):
        features = features / cell**2
    if is_("cells normalized"):
        features = features / np.maximum(np.linalg.norm(features, axis=-1, keepdims=True), 1e-9)
    elif is_("cells sum to 1"):
        features = features / np.maximum(features.sum(axis=-1, keepdims=True), 1e-9)
    elif is_("images normalized"):
        features = features / np.linalg.norm(features, axis=(1, 2, 3), keepdims=True)
    if is_("one histogram for each image"):
        return features.mean(axis=(1, 2))
    if is_("bins before cells"):
        features = np.moveaxis(features, 3, 1)
    elif is_("columns before rows"):
        features = features.swapaxes(1, 2)
    return features if is_("not flattened") else features.reshape(len(features), -1)

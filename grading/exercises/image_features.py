"""Exercises of 08-image-features: polar coordinates, hue, HOG, visual words."""

import numpy as np

from .compare import kind_of
from .describe import Case, Exercise, Written
from .draws import draws, every_call, generator, not_from_rng, seeds

ASSIGNMENT = "08-image-features"

polar = Exercise(
    "to_polar",
    assignment=ASSIGNMENT,
    parts={"radius": 1, "angle": 1},
    hints=(
        "r is the distance from the origin and theta the direction. The quotient y / x alone does "
        "not tell a point from the one opposite.",
        "np.hypot(x, y) is the distance. np.arctan2 takes y and x apart, so it knows the quadrant.",
        "x is the first column of points, y the second. np.stack of the two results with axis=1 "
        "makes them the columns of one array.",
    ),
)


@polar.solved_by
def to_polar(points):
    x, y = points[:, 0], points[:, 1]
    return np.stack([np.hypot(x, y), np.arctan2(y, x)], axis=1)


@polar.examined_by
def _(rng):
    def points(count):
        """Points in all four quadrants, away from the axes, where float32 would change sides."""
        signs = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
        return np.resize(signs, (count, 2)) * rng.uniform(0.3, 3.0, (count, 2))

    yield Case("radius", [(points(6),)], answer=lambda calls: _columns(calls[0].value)[0])
    yield Case("angle", [(points(9),)], answer=lambda calls: _columns(calls[0].value)[1])
    on_axes = float(rng.uniform(1, 2)) * np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
    yield Case("angle", [(on_axes,)])


def _columns(value):
    r, theta = np.asarray(value).T
    return r, theta


@polar.mistake(
    "divides y by x",
    "np.arctan(y / x) cannot tell (1, 1) from (-1, -1): np.arctan2(y, x) looks at both signs.",
)
def _(points):
    x, y = points[:, 0], points[:, 1]
    with np.errstate(divide="ignore"):
        return np.stack([np.hypot(x, y), np.arctan(y / x)], axis=1)


@polar.mistake(
    "angle by arccos",
    "x / r is the same above and below the x axis: np.arctan2(y, x) looks at both signs.",
)
def _(points):
    x, y = points[:, 0], points[:, 1]
    return np.stack([np.hypot(x, y), np.arccos(x / np.hypot(x, y))], axis=1)


@polar.mistake("arctan2 arguments exchanged", "np.arctan2 takes y first: np.arctan2(y, x).")
def _(points):
    x, y = points[:, 0], points[:, 1]
    return np.stack([np.hypot(x, y), np.arctan2(x, y)], axis=1)


@polar.mistake("degrees", "Return theta in radians: leave out np.degrees.")
def _(points):
    x, y = points[:, 0], points[:, 1]
    return np.stack([np.hypot(x, y), np.degrees(np.arctan2(y, x))], axis=1)


@polar.mistake(
    "angles from 0 to 2 pi", "Angles run from -pi to pi here: leave out `% (2 * np.pi)`."
)
def _(points):
    x, y = points[:, 0], points[:, 1]
    return np.stack([np.hypot(x, y), np.arctan2(y, x) % (2 * np.pi)], axis=1)


@polar.mistake("radius squared", "r is the square root of x**2 + y**2.")
def _(points):
    x, y = points[:, 0], points[:, 1]
    return np.stack([x**2 + y**2, np.arctan2(y, x)], axis=1)


@polar.mistake("angle before radius", "The first column is r, the second theta.")
def _(points):
    return to_polar(points)[:, ::-1]


@polar.mistake("points in columns", "One point a row: stack along axis 1, to shape (N, 2).")
def _(points):
    return to_polar(points).T


# ---------------------------------------------------------------------------------- hue

hue = Exercise(
    "hue_histogram",
    assignment=ASSIGNMENT,
    parts={"hues": 1, "gray": 1, "uint8": 1},
    hints=(
        "Turn the images into floats first: in uint8 a difference below zero wraps around. Then "
        "you need, for each pixel, its largest channel, its smallest channel, and their "
        "difference.",
        "The hue in sixths of the circle is (G - B) / spread if red is largest, 2 + (B - R) / "
        "spread if green is, 4 + (R - G) / spread if blue is. np.where chooses. For a gray pixel "
        "put 1 in place of the spread of 0: its hue becomes 0.",
        "Divide by 6 and take it modulo 1: now every hue is in [0, 1). Times bins and cut to int, "
        "it is the number of the bucket. Bucket b's fraction is the mean, over the pixels of an "
        "image (axes 1 and 2), of `bucket == b`.",
    ),
)


@hue.solved_by
def hue_histogram(images, bins):
    pixels = images.astype(np.float64)
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    high, low = pixels.max(axis=-1), pixels.min(axis=-1)
    spread = np.where(high > low, high - low, 1.0)
    from_green = np.where(high == green, 2 + (blue - red) / spread, 4 + (red - green) / spread)
    sixths = np.where(high == red, (green - blue) / spread, from_green)
    bin_of = (sixths / 6 % 1 * bins).astype(int)
    histograms = np.zeros((len(images), bins))
    for b in range(bins):
        histograms[:, b] = np.mean(bin_of == b, axis=(1, 2))
    return histograms


def _sixths(pixels):
    """Hue in sixths of the circle, gray 0; pixels are float (..., 3)."""
    red, green, blue = np.moveaxis(pixels, -1, 0)
    high, low = pixels.max(axis=-1), pixels.min(axis=-1)
    spread = np.where(high > low, high - low, 1.0)
    return np.select(
        [high == red, high == green],
        [(green - blue) / spread, 2 + (blue - red) / spread],
        4 + (red - green) / spread,
    )


def _in_bins(places, bins):
    """Fractions of the pixels in each bin, places cut to whole numbers; others are not counted."""
    bin_of = places.astype(int)
    return np.stack([np.mean(bin_of == b, axis=(1, 2)) for b in range(bins)], axis=1)


def _counted(sixths, bins):
    """Fractions of the pixels in each bin of hue."""
    return _in_bins(np.clip(sixths / 6 * bins, 0, bins - 1), bins)


def _cut_off_below(images, bins):
    return _counted(_sixths(images.astype(float)), bins)


def _like_one_of(*variants, n_arguments):
    """A `shows`: some variant of the mistake gives what every call with all arguments returned."""

    def shows(cases):
        calls = [call for case in cases for call in case if len(call.arguments) == n_arguments]

        def is_like(variant):
            return all(
                np.allclose(call.value, variant(*call.arguments), rtol=1e-4, atol=1e-4)
                for call in calls
            )

        try:
            return any(map(is_like, variants))
        except Exception:
            return False

    return shows


def _colors(rng, shape, bins, dtype=float):
    """Colored pixels of all hues, none near the edge of a bin, where rounding would decide."""
    pixels = np.zeros((*shape, 3))
    todo = np.ones(shape, dtype=bool)
    while todo.any():
        pixels[todo] = _random_colors(rng, int(todo.sum())).astype(dtype)
        place = _sixths(pixels) / 6 % 1 * bins
        todo &= (np.abs(place - np.rint(place)) < 1e-3) | (np.ptp(pixels, axis=-1) < 9)
    return pixels.astype(dtype)


def _random_colors(rng, count):
    """Half of them with a hue around red, where the color circle closes."""
    pixels = rng.uniform(5, 250, (count, 3))
    reddish = rng.random(count) < 0.5
    pixels[reddish, 0] = pixels[reddish].max(axis=1) + 4
    return pixels


@hue.examined_by
def _(rng):
    for n, height, width, bins in ((3, 4, 5, 7), (2, 6, 3, 12)):
        yield Case("hues", [(_colors(rng, (n, height, width), bins), bins)])
    images = _colors(rng, (3, 5, 4), 6)
    images[:, :2] = images[:, :2, :, :1]  # two gray rows
    images[2] = float(rng.integers(1, 250))
    yield Case("gray", [(images, 6)])
    yield Case("uint8", [(_colors(rng, (2, 5, 7), 9, np.uint8), 9)])


@hue.mistake(
    "uint8 wraps around",
    "In uint8, 3 - 5 is 254: convert the images to float before you subtract channels.",
)
def _(images, bins):
    red, green, blue = images[..., 0], images[..., 1], images[..., 2]
    high, low = images.max(axis=-1), images.min(axis=-1)
    spread = np.where(high > low, high - low, 1)
    from_green = np.where(high == green, 2 + (blue - red) / spread, 4 + (red - green) / spread)
    sixths = np.where(high == red, (green - blue) / spread, from_green)
    return _counted(sixths % 6, bins)


@hue.mistake(
    "negative hues",
    "Between red and blue, (G - B) / spread is negative: hue is a circle, take it modulo 6 "
    "before you bin it.",
    shows=_like_one_of(
        _cut_off_below,
        lambda images, bins: _in_bins(_sixths(images.astype(float)) / 6 * bins, bins),
        lambda images, bins: _in_bins(np.floor(_sixths(images.astype(float)) / 6 * bins), bins),
        n_arguments=2,
    ),
)
def _(images, bins):
    return _cut_off_below(images, bins)


@hue.mistake(
    "hue in sixths",
    "The formula gives 6 times the hue: divide it by 6, so that the whole circle is 0..1.",
    shows=_like_one_of(
        lambda images, bins: _in_bins(_sixths(images.astype(float)) % 6 * bins, bins),
        lambda images, bins: _in_bins(_sixths(images.astype(float)) % 1 * bins, bins),
        n_arguments=2,
    ),
)
def _(images, bins):
    return _in_bins(_sixths(images.astype(float)) % 6 * bins, bins)


@hue.mistake(
    "negative hues taken as positive",
    "Reds toward blue lie at the end of the circle: take the hue modulo 6, not its absolute value.",
)
def _(images, bins):
    return _counted(np.abs(_sixths(images.astype(float))), bins)


@hue.mistake("counts, not fractions", "Divide by the number of pixels: each row sums to 1.")
def _(images, bins):
    return hue_histogram(images, bins) * images.shape[1] * images.shape[2]


@hue.mistake(
    "density", "Divide the counts by the number of pixels only: density=True also by the bin width."
)
def _(images, bins):
    return hue_histogram(images, bins) * bins


@hue.mistake(
    "bins between the hues that occur",
    "The bins divide the whole circle: give np.histogram range=(0, 1).",
)
def _(images, bins):
    hues = _sixths(images.astype(float)) / 6 % 1
    return np.array([np.histogram(h, bins)[0] / h.size for h in hues])


@hue.mistake("one histogram for all images", "Return one row for each image, shape (N, bins).")
def _(images, bins):
    return hue_histogram(images, bins).mean(axis=0)


@hue.mistake("rows sum to 1 together", "Each image's row sums to 1 by itself.")
def _(images, bins):
    return hue_histogram(images, bins) / len(images)


@hue.mistake("blue for red", "Channel 0 is red and channel 2 is blue.")
def _(images, bins):
    return hue_histogram(images[..., ::-1], bins)


@hue.mistake(
    "brightness, not hue", "Bin the hue of each pixel; this is a histogram of its brightness."
)
def _(images, bins):
    values = images.astype(float).mean(axis=-1)
    return np.array([np.histogram(v, bins, range=(0, 255))[0] / v.size for v in values])


def _without_gray(images, bins):
    """The fractions of colored pixels, of all pixels."""
    places = _sixths(images.astype(float)) % 6 / 6 * bins
    return _in_bins(np.where(np.ptp(images, axis=-1) == 0, bins, places), bins)


def _among_colored(images, bins):
    fractions = _without_gray(images, bins)
    total = fractions.sum(axis=1, keepdims=True)
    return fractions / np.where(total > 0, total, 1)


@hue.mistake(
    "gray left out",
    "A gray pixel counts too: its hue is 0, so it is in the first bin.",
    shows=_like_one_of(_without_gray, _among_colored, n_arguments=2),
)
def _(images, bins):
    return _among_colored(images, bins)


@hue.mistake(
    "gray is not a number",
    "Where all channels are equal you divide 0 by 0: give gray pixels the hue 0.",
)
def _(images, bins):
    histograms = hue_histogram(images, bins)
    histograms[(np.ptp(images, axis=-1) == 0).any(axis=(1, 2))] = np.nan
    return histograms


# ---------------------------------------------------------------------------------- HOG

hog = Exercise(
    "hog_features",
    assignment=ASSIGNMENT,
    parts={"magnitudes": 1, "angles": 2, "defaults": 1},
    hints=(
        "Four steps: gray images; differences of neighbors down and to the right; magnitude and "
        "angle of each pixel; sums of magnitudes by cell and bucket.",
        "gray[:, 2:] - gray[:, :-2] is the difference down for all rows but the first and the "
        "last, which stay 0; likewise to the right. The angle is np.degrees(np.arctan2(down, "
        "right)) modulo 180; times bins / 180 and cut to int, it is the bucket.",
        "For bucket b keep the magnitudes in it and set all others to 0. Reshape (N, H, W) to (N, "
        "rows, cell, cols, cell) and sum over axes 2 and 4: one sum a cell. Divide by cell**2, "
        "put the bucket last, and flatten each image to one row.",
    ),
)


@hog.solved_by
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
    """Sums (N, rows, cols, bins) of the weights of each cell, over its number of pixels."""
    n, height, width = weights.shape
    by_bin = [np.where(bin_of == b, weights, 0) for b in range(bins)]
    shape = (n, height // cell, cell, width // cell, cell)
    return np.stack([w.reshape(shape).sum(axis=(2, 4)) for w in by_bin], axis=-1) / cell**2


def _edges(rng, shape, bins):
    """Images without a gradient near the edge of a bin, where rounding would decide."""
    while True:
        images = rng.uniform(0, 255, (*shape, 3))
        down, right = _gradients(_gray(images))
        place = np.degrees(np.arctan2(down, right)) * bins / 180
        near = np.abs(place - np.rint(place)) < 1e-4
        # On the border one difference is exactly 0, and the angle exactly 0 or 90 degrees.
        if not near[:, 1:-1, 1:-1].any():
            return images


@hog.examined_by
def _(rng):
    def of_cells(calls):
        value, (_, _, bins) = calls[0].value, calls[0].arguments
        return value.reshape(len(value), -1, bins).sum(axis=2)

    images = _edges(rng, (2, 6, 9), 5)
    yield Case("magnitudes", [(images, 3, 5)], answer=of_cells)
    for shape, cell, bins in (((3, 8, 4), 4, 7), ((2, 6, 10), 2, 9)):
        yield Case("angles", [(_edges(rng, shape, bins), cell, bins)])
    yield Case("defaults", [(np.floor(_edges(rng, (1, 16, 8), 9)),)], rtol=0.1, atol=0.5)


@hog.mistake(
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


@hog.mistake(
    "angles mirrored",
    "An angle of -30 degrees is the line at 150, not at 30: take it modulo 180, not absolute.",
    shows=_like_one_of(
        lambda images, cell, bins: _mirrored(images, cell, bins, half_turn=0),
        lambda images, cell, bins: _mirrored(images, cell, bins, half_turn=bins - 1),
        lambda images, cell, bins: _mirrored(images, cell, bins, half_turn=bins),
        n_arguments=3,
    ),
)
def _(images, cell=8, bins=9):
    return _mirrored(images, cell, bins, half_turn=bins)


@hog.mistake(
    "angles in radians",
    "np.arctan2 gives radians: turn them into degrees (np.degrees) before you take them modulo "
    "180 and cut them into buckets.",
    shows=_like_one_of(
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


@hog.mistake(
    "buckets of 20 degrees",
    "A bucket is 180 / bins degrees wide, which is 20 only if there are 9 of them.",
    shows=_like_one_of(
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


@hog.mistake(
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


@hog.mistake(
    "arctan2 arguments exchanged",
    "The angle of the gradient is np.arctan2(down, right): the vertical difference comes first.",
)
def _(images, cell=8, bins=9):
    down, right = _gradients(_gray(images))
    return _oriented(right, down, cell, bins).reshape(len(images), -1)


@hog.mistake(
    "half the difference",
    "Take the plain difference of the two neighbors; here it is not divided by 2.",
)
def _(images, cell=8, bins=9):
    down, right = _gradients(_gray(images))
    return _oriented(down / 2, right / 2, cell, bins).reshape(len(images), -1)


@hog.mistake(
    "np.gradient",
    "np.gradient divides by 2 and invents a difference at the border: here it is the plain "
    "difference of the two neighbors, and zero at the border.",
)
def _(images, cell=8, bins=9):
    down, right = np.gradient(_gray(images), axis=(1, 2))
    return _oriented(down, right, cell, bins).reshape(len(images), -1)


@hog.mistake(
    "difference at the border",
    "A difference that would reach over the border is 0: set it so in the first and last row, and "
    "in the first and last column.",
    shows=_like_one_of(
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


@hog.mistake(
    "wraps at the border",
    "np.roll takes the neighbor from the other side of the image: set the border to zero.",
)
def _(images, cell=8, bins=9):
    gray = _gray(images)
    down, right = (np.roll(gray, -1, axis) - np.roll(gray, 1, axis) for axis in (1, 2))
    return _oriented(down, right, cell, bins).reshape(len(images), -1)


@hog.mistake(
    "difference to one neighbor",
    "A central difference reaches over the pixel: gray[y + 1] - gray[y - 1].",
)
def _(images, cell=8, bins=9):
    gray = _gray(images)
    down, right = np.zeros_like(gray), np.zeros_like(gray)
    down[:, :-1] = gray[:, 1:] - gray[:, :-1]
    right[:, :, :-1] = gray[:, :, 1:] - gray[:, :, :-1]
    return _oriented(down, right, cell, bins).reshape(len(images), -1)


@hog.mistake("sum over the cell", "Divide by the number of pixels of a cell, cell**2.")
def _(images, cell=8, bins=9):
    return hog_features(images, cell, bins) * cell**2


@hog.mistake("divides by the side", "A cell has cell**2 pixels, not cell.")
def _(images, cell=8, bins=9):
    return hog_features(images, cell, bins) * cell


@hog.mistake(
    "counts pixels",
    "Sum the gradient's magnitudes: a strong edge must count for more than a faint one.",
)
def _(images, cell=8, bins=9):
    features = _oriented(*_gradients(_gray(images)), cell, bins, weigh=False)
    return features.reshape(len(images), -1)


@hog.mistake("gray is the mean of the colors", "Weigh the channels .299, .587, .114.")
def _(images, cell=8, bins=9):
    features = _oriented(*_gradients(images.mean(axis=-1)), cell, bins)
    return features.reshape(len(images), -1)


@hog.mistake(
    "cells normalized", "Leave the histograms as they are: they are not divided by their length."
)
def _(images, cell=8, bins=9):
    features = _oriented(*_gradients(_gray(images)), cell, bins)
    lengths = np.linalg.norm(features, axis=-1, keepdims=True)
    return (features / np.maximum(lengths, 1e-9)).reshape(len(images), -1)


@hog.mistake(
    "bins before cells", "The order is row of cells, column of cells, bin: the bin runs fastest."
)
def _(images, cell=8, bins=9):
    features = _oriented(*_gradients(_gray(images)), cell, bins)
    return np.moveaxis(features, 3, 1).reshape(len(images), -1)


@hog.mistake("columns before rows", "Run over the rows of cells first, then over the columns.")
def _(images, cell=8, bins=9):
    features = _oriented(*_gradients(_gray(images)), cell, bins)
    return features.transpose(0, 2, 1, 3).reshape(len(images), -1)


@hog.mistake("not flattened", "Return shape (N, rows * cols * bins): one row of features an image.")
def _(images, cell=8, bins=9):
    return _oriented(*_gradients(_gray(images)), cell, bins)


# ------------------------------------------------- what the answers that draw numbers are held to


def _wrong_shape(name, call, shape):
    value = call.value
    if not isinstance(value, np.ndarray):
        return f"{name} returned a {type(value).__name__}, expected an array of shape {shape}."
    if value.shape != shape or value.dtype.kind not in "fiu":
        return f"{name} returned an array of shape {value.shape}, expected {shape}, numbers."
    return None


# ------------------------------------------------------------------------------- patches

cut = Exercise(
    "extract_patches",
    assignment=ASSIGNMENT,
    parts={"patches": 2, "draws": 1},
    hints=(
        "Each patch needs three random numbers: which image, which row, which column.",
        "A patch must fit: its first row is one of 0 ... H - size. rng.integers leaves out its "
        "upper end, so draw below H - size + 1; the column likewise.",
        "Loop n_patches times. Cut rows row : row + size and columns col : col + size out of one "
        "image and flatten the piece with ravel(): that is the order row, column, color.",
    ),
)


@cut.solved_by
def extract_patches(images, size, n_patches, rng):
    n, height, width, _ = images.shape
    patches = np.zeros((n_patches, size * size * 3))
    for p in range(n_patches):
        i = rng.integers(n)
        row, col = rng.integers(height - size + 1), rng.integers(width - size + 1)
        patches[p] = images[i, row : row + size, col : col + size].ravel()
    return patches


N_PATCHES = 150


def _numbered(shape):
    """Images in which every number occurs once, so that a patch tells where it comes from."""
    total = int(np.prod(shape)) * 3
    return (np.arange(total) * (255 / total)).reshape(*shape, 3)


@cut.examined_by
def _(rng):
    for shape, size in (((3, 7, 5), 3), ((4, 4, 6), 2)):
        (seed,) = seeds(rng, 1)
        call = (_numbered(shape), size, N_PATCHES, generator(seed))
        yield Case("patches", [call], answer=None, verify=_are_patches)
    images, (seed, other) = _numbered((2, 6, 5)), seeds(rng, 2)
    calls = [(images, 3, N_PATCHES, generator(s)) for s in (seed, seed, other)]
    yield Case("draws", calls, answer=None, verify=_drawn_anywhere)


def _places(call, *, first="ryx", axes=(0, 1, 2)):
    """Image, row and column of every patch; None if some patch is not a patch of an image.

    ``axes`` says how a patch was transposed before it was flattened.
    """
    images, size, n_patches, _ = call.arguments
    value = np.asarray(call.value, dtype=float)
    if value.shape != (n_patches, size * size * 3):
        return None
    step = images.flat[1]
    whole = np.rint(value[:, 0] / step)
    if not np.isfinite(whole).all() or whole.min() < 0 or whole.max() >= images.size:
        return None
    i, row, col, _ = np.unravel_index(whole.astype(int), images.shape)
    if (row + size > images.shape[1]).any() or (col + size > images.shape[2]).any():
        return None
    windows = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    expected = windows[i, row, col].transpose(0, *(1 + (axis + 1) % 3 for axis in axes))
    alike = np.allclose(value, expected.reshape(n_patches, -1), rtol=0, atol=step / 10)
    return np.stack([i, row, col], axis=1) if alike else None


def _are_patches(observations):
    (call,) = observations
    _, size, n_patches, _ = call.arguments
    why = _wrong_shape("extract_patches", call, (n_patches, size * size * 3))
    if why:
        return why
    if _places(call) is None:
        return (
            "extract_patches returned a row that is no patch of any image, flattened in the order "
            "row, column, color."
        )
    return None


def _ranges(call):
    images, size = call.arguments[:2]
    n, height, width, _ = images.shape
    return n, height - size + 1, width - size + 1


def _drawn_anywhere(observations):
    for call in observations:
        why = _are_patches([call])
        if why:
            return why
        places = _places(call)
        for name, values, count in zip(
            ("image", "row", "column"), places.T, _ranges(call), strict=True
        ):
            share = np.bincount(values, minlength=count) / len(values)
            spread = np.sqrt((1 - 1 / count) / count / len(values))
            worst = int(np.abs(share - 1 / count).argmax())
            if abs(share[worst] - 1 / count) > 6 * spread:
                return (
                    f"extract_patches took {share[worst]:.0%} of the patches from {name} {worst}, "
                    f"expected about {1 / count:.0%}, as from each of the {count} possible."
                )
        distinct = len(np.unique(places, axis=0))
        if distinct < 0.7 * np.prod(_ranges(call)):
            return (
                f"extract_patches used {distinct} of {np.prod(_ranges(call))} places: draw image, "
                "row and column independently."
            )
    return not_from_rng("extract_patches", observations)


def _only(axis, limit):
    """A `shows`: patches are right, but along an axis their places stay below a limit."""

    def fits(call):
        places, ranges = _places(call), _ranges(call)
        return places[:, axis].max() < limit(ranges[axis])

    return every_call(fits)


def _patches_at(images, size, i, row, col):
    windows = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    return np.moveaxis(windows[i, row, col], 1, 3)


def _drawn_places(images, size, n_patches, rng):
    n, height, width, _ = images.shape
    return (
        rng.integers(n, size=n_patches),
        rng.integers(height - size + 1, size=n_patches),
        rng.integers(width - size + 1, size=n_patches),
    )


@cut.mistake(
    "colors first",
    "Flatten the patch as it is, (size, size, 3): do not move the color axis to the front.",
    shows=every_call(lambda call: _places(call, axes=(2, 0, 1)) is not None),
)
def _(images, size, n_patches, rng):
    patches = _patches_at(images, size, *_drawn_places(images, size, n_patches, rng))
    return patches.transpose(0, 3, 1, 2).reshape(n_patches, -1)


@cut.mistake(
    "columns first",
    "Flatten row after row: the patch is transposed.",
    shows=every_call(lambda call: _places(call, axes=(1, 0, 2)) is not None),
)
def _(images, size, n_patches, rng):
    patches = _patches_at(images, size, *_drawn_places(images, size, n_patches, rng))
    return patches.transpose(0, 2, 1, 3).reshape(n_patches, -1)


@cut.mistake(
    "not flattened",
    "Return one row a patch, shape (n_patches, size * size * 3).",
    shows=every_call(
        lambda call: call.value.shape == (N_PATCHES, call.arguments[1], call.arguments[1], 3)
    ),
)
def _(images, size, n_patches, rng):
    return _patches_at(images, size, *_drawn_places(images, size, n_patches, rng))


@cut.mistake(
    "always the upper left corner",
    "Draw the place too: yours is always the upper left corner.",
    shows=every_call(lambda call: _places(call)[:, 1:].max() == 0),
)
def _(images, size, n_patches, rng):
    return _patches_at(images, size, rng.integers(len(images), size=n_patches), 0, 0).reshape(
        n_patches, -1
    )


@cut.mistake(
    "never the last row and column",
    "The upper limit of rng.integers is left out: the last place is height - size, so draw below "
    "height - size + 1.",
    shows=lambda cases: all(_only(axis, lambda n: n - 1)(cases) for axis in (1, 2)),
)
def _(images, size, n_patches, rng):
    i, row, col = _drawn_places(images[:, :-1, :-1], size, n_patches, rng)
    return _patches_at(images, size, i, row, col).reshape(n_patches, -1)


def _raised_about(call, *words):
    return call.outcome == "raised" and any(word in call.error["message"] for word in words)


@cut.mistake(
    "each image once",
    "An image may give several patches: draw with replacement, rng.integers(n, size=n_patches).",
    shows=every_call(
        lambda call: _raised_about(
            call,
            "indexing arrays could not be broadcast",
            "larger sample than population",
            f"out of bounds for axis 0 with size {len(call.arguments[0])}",
        )
    ),
)
def _(images, size, n_patches, rng):
    _, row, col = _drawn_places(images, size, n_patches, rng)
    i = rng.permutation(len(images))[:n_patches]
    return _patches_at(images, size, i, row, col).reshape(n_patches, -1)


@cut.mistake(
    "over the border",
    "A patch that begins in the last rows or columns does not fit: draw the row below "
    "height - size + 1, and the column likewise.",
    shows=every_call(
        lambda call: _raised_about(
            call,
            "broadcast input",
            "inhomogeneous",
            "same shape",
            "reshape",
            "out of bounds for axis 1",
            "out of bounds for axis 2",
        )
    ),
)
def _(images, size, n_patches, rng):
    n, height, width, _ = images.shape
    patches = np.zeros((n_patches, size * size * 3))
    for p in range(n_patches):
        i, row, col = rng.integers(n), rng.integers(height), rng.integers(width)
        patches[p] = images[i, row : row + size, col : col + size].ravel()
    return patches


@cut.mistake(
    "row equals column",
    "Draw the row and the column separately: yours are equal, so all patches lie on the diagonal.",
    shows=every_call(lambda call: np.array_equal(_places(call)[:, 1], _places(call)[:, 2])),
)
def _(images, size, n_patches, rng):
    n, height, width, _ = images.shape
    i = rng.integers(n, size=n_patches)
    place = rng.integers(min(height, width) - size + 1, size=n_patches)
    return _patches_at(images, size, i, place, place).reshape(n_patches, -1)


@cut.mistake(
    "always the first image",
    "Draw a new image for every patch: yours all come from one.",
    shows=every_call(lambda call: np.ptp(_places(call)[:, 0]) == 0),
)
def _(images, size, n_patches, rng):
    _, row, col = _drawn_places(images, size, n_patches, rng)
    return _patches_at(images, size, 0, row, col).reshape(n_patches, -1)


@cut.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator.",
    shows=lambda cases: (
        every_call(lambda call: _places(call) is not None)(cases)
        and draws(0, 1, alike=False)(cases)
    ),
)
def _(images, size, n_patches, rng):
    return extract_patches(images, size, n_patches, np.random.default_rng())


@cut.mistake(
    "seed of its own",
    "The function sets a seed itself, so every run is the same: draw from the rng passed in.",
    shows=lambda cases: (
        every_call(lambda call: _places(call) is not None)(cases) and draws(0, 2, alike=True)(cases)
    ),
)
def _(images, size, n_patches, rng):
    return extract_patches(images, size, n_patches, np.random.default_rng(231))


# ------------------------------------------------------------------------------- k-means

clusters = Exercise(
    "kmeans",
    assignment=ASSIGNMENT,
    parts={"start": 1, "one round": 1, "many rounds": 1, "empty cluster": 1},
    hints=(
        "Start from k different patches. Then repeat two steps n_iters times: give each patch to "
        "its nearest centroid; move each centroid to the mean of its patches.",
        "patches[:, np.newaxis] - centroids has shape (M, k, D). Its squares, summed over the "
        "last axis, are the squared distances; argmin along axis 1 gives each patch's centroid.",
        "The start is patches[rng.choice(len(patches), size=k, replace=False)]. To move centroid "
        "j, take the mean over axis 0 of patches[nearest == j]; if there are none, leave it where "
        "it is.",
    ),
)


@clusters.solved_by
def kmeans(patches, k, n_iters, rng):
    centroids = patches[rng.choice(len(patches), size=k, replace=False)]
    for _ in range(n_iters):
        distances = np.sum((patches[:, np.newaxis] - centroids) ** 2, axis=2)
        nearest = np.argmin(distances, axis=1)
        for j in range(k):
            if np.any(nearest == j):
                centroids[j] = patches[nearest == j].mean(axis=0)
    return centroids


@clusters.examined_by
def _(rng):
    def patches(n, d):
        return rng.standard_normal((n, d)) * rng.uniform(1, 3, d) + rng.uniform(-2, 2, d)

    X, (seed, other) = patches(9, 4), seeds(rng, 2)
    calls = [(X, 8, 0, generator(s)) for s in (seed, seed, other)]
    yield Case("start", calls, answer=None, verify=_starts_from_patches)
    # Several starts: from a single one, k-means has sometimes settled before the last round.
    for part, n_rounds, n_starts in (("one round", 1, 1), ("many rounds", 4, 4)):
        X = patches(60, 3)
        calls = [(X, 5, n, generator(s)) for s in seeds(rng, n_starts) for n in (0, n_rounds)]
        yield Case(part, calls, answer=None, verify=_continues_from_start)
    # Copies of few points: a start from k patches nearly always holds a point twice.
    X = np.repeat(patches(4, 3), 4, axis=0)[rng.permutation(16)]
    calls = [(X, 4, n, generator(s)) for s in seeds(rng, 6) for n in (0, 2)]
    yield Case("empty cluster", calls, answer=None, verify=_continues_from_start)


def _rows_in(rows, patches):
    """Index of the patch that each row is; None if one is no patch."""
    distances = np.abs(rows[:, np.newaxis] - patches).max(axis=2)
    return distances.argmin(axis=1) if distances.min(axis=1).max() < 1e-4 else None


def _malformed_centroids(call):
    patches, k = call.arguments[:2]
    return _wrong_shape("kmeans", call, (k, patches.shape[1]))


def _starts_from_patches(observations):
    for call in observations:
        patches, k = call.arguments[:2]
        why = _malformed_centroids(call)
        if why:
            return why
        found = _rows_in(call.value, patches)
        if found is None:
            return "kmeans with n_iters=0 returned a centroid that is none of the patches."
        if len(set(found)) < k:
            return (
                f"kmeans with n_iters=0 returned {len(set(found))} different patches, expected "
                f"{k}: draw without replacement."
            )
    return not_from_rng("kmeans", observations)


def _lloyd(patches, centroids, n_rounds, *, assign=None, move=None, empty=None):
    """Rounds of k-means from given centroids; the options make it go wrong."""
    centroids = np.array(centroids, dtype=float)
    for _ in range(n_rounds):
        if assign is None:
            nearest = np.sum((patches[:, None] - centroids) ** 2, axis=2).argmin(axis=1)
        else:
            nearest = assign(patches, centroids)
        for j in range(len(centroids)):
            members = patches[nearest == j]
            if len(members):
                centroids[j] = members.mean(axis=0) if move is None else move(members)
            elif empty is not None:
                centroids[j] = empty
    return centroids


def _pairs(calls):
    """The calls without a round, each with the call that goes on from the same start."""
    return list(zip(calls[::2], calls[1::2], strict=True))


def _continues_from_start(observations):
    for call in observations:
        why = _malformed_centroids(call)
        if why:
            return why
    for before, after in _pairs(observations):
        patches, _, n_rounds, _ = after.arguments
        if _rows_in(before.value, patches) is None:
            return "kmeans with n_iters=0 returned a centroid that is none of the patches."
        if not np.isfinite(after.value).all():
            return (
                f"kmeans returned nan or inf after n_iters={n_rounds}: what becomes of a centroid "
                "that no patch is nearest to?"
            )
        expected = _lloyd(patches, before.value, n_rounds)
        if not np.allclose(after.value, expected, rtol=1e-3, atol=1e-4):
            off = np.abs(after.value - expected).max()
            return (
                f"kmeans from the same start: after n_iters={n_rounds} a centroid is off by "
                f"{off:.3g}, expected the means of the patches nearest to each."
            )
    return None


def _goes_on_like(**wrong):
    """A `shows`: the start is right, and each round goes wrong in this way."""

    def shows(cases):
        try:
            return _starts_from_patches(cases[0]) is None and all(
                np.allclose(
                    after.value,
                    _lloyd(after.arguments[0], before.value, after.arguments[2], **wrong),
                    rtol=1e-3,
                    atol=1e-4,
                    equal_nan=True,
                )
                for calls in cases[1:]
                for before, after in _pairs(calls)
            )
        except Exception:
            return False

    return shows


def _start(patches, k, rng):
    return patches[rng.choice(len(patches), size=k, replace=False)]


def _largest_product(patches, centroids):
    return (patches @ centroids.T).argmax(axis=1)


def _farthest(patches, centroids):
    return np.sum((patches[:, None] - centroids) ** 2, axis=2).argmax(axis=1)


def _city_block(patches, centroids):
    return np.sum(np.abs(patches[:, None] - centroids), axis=2).argmin(axis=1)


def _per_coordinate_sum(patches, centroids):
    return np.abs(np.sum(patches[:, None] - centroids, axis=2)).argmin(axis=1)


def _reordered(call):
    """Whether the caller's patches now stand in another order."""
    before, after = call.arguments[0], call.after[0]
    order_before, order_after = (np.lexsort(patches.T) for patches in (before, after))
    return not np.array_equal(before, after) and np.array_equal(
        before[order_before], after[order_after]
    )


@clusters.mistake(
    "shuffles the patches",
    "rng.shuffle reorders the caller's array: draw row numbers, with rng.choice, in its place.",
    shows=every_call(_reordered),
)
def _(patches, k, n_iters, rng):
    rng.shuffle(patches)
    return _lloyd(patches, patches[:k], n_iters)


@clusters.mistake(
    "nan for an empty cluster",
    "The mean of no patches is nan: if no patch is nearest to a centroid, leave it where it is.",
    shows=_goes_on_like(empty=np.nan),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, empty=np.nan)


@clusters.mistake(
    "zero for an empty cluster",
    "If no patch is nearest to a centroid, leave it where it is; yours jumps to the origin.",
    shows=_goes_on_like(empty=0.0),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, empty=0.0)


@clusters.mistake(
    "sum of the patches",
    "A centroid is the mean of its patches: divide by how many there are.",
    shows=_goes_on_like(move=lambda members: members.sum(axis=0)),
)
def _(patches, k, n_iters, rng):
    start = _start(patches, k, rng)
    return _lloyd(patches, start, n_iters, move=lambda members: members.sum(axis=0))


@clusters.mistake(
    "median of the patches",
    "k-means moves a centroid to the mean of its patches, not to their median.",
    shows=_goes_on_like(move=lambda members: np.median(members, axis=0)),
)
def _(patches, k, n_iters, rng):
    start = _start(patches, k, rng)
    return _lloyd(patches, start, n_iters, move=lambda members: np.median(members, axis=0))


@clusters.mistake(
    "largest dot product",
    "The largest dot product favors long centroids: compare squared distances.",
    shows=_goes_on_like(assign=_largest_product),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, assign=_largest_product)


@clusters.mistake(
    "farthest centroid",
    "Each patch goes to the nearest centroid: argmin of the distances.",
    shows=_goes_on_like(assign=_farthest),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, assign=_farthest)


@clusters.mistake(
    "absolute differences",
    "The distance is the squared one: square the differences, in place of np.abs.",
    shows=_goes_on_like(assign=_city_block),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, assign=_city_block)


@clusters.mistake(
    "differences not squared",
    "Square the differences before you sum them: otherwise they cancel.",
    shows=_goes_on_like(assign=_per_coordinate_sum),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, _start(patches, k, rng), n_iters, assign=_per_coordinate_sum)


def _rounds_like(count):
    """A `shows`: the right rounds, but another number of them."""

    def shows(cases):
        try:
            pairs = [pair for calls in cases[1:] for pair in _pairs(calls)]
            return _starts_from_patches(cases[0]) is None and all(
                np.allclose(
                    after.value,
                    _lloyd(after.arguments[0], before.value, count(after.arguments[2])),
                    atol=1e-4,
                )
                for before, after in pairs
            )
        except Exception:
            return False

    return shows


@clusters.mistake(
    "one round only",
    "Assign and average n_iters times: put both steps inside the loop.",
    shows=_rounds_like(lambda n: min(n, 1)),
)
def _(patches, k, n_iters, rng):
    return kmeans(patches, k, min(n_iters, 1), rng)


@clusters.mistake(
    "one round too few",
    "Assign and average n_iters times: range(n_iters), not range(n_iters - 1).",
    shows=_rounds_like(lambda n: n - 1),
)
def _(patches, k, n_iters, rng):
    return kmeans(patches, k, n_iters - 1, rng)


@clusters.mistake(
    "centroids never move",
    "After assigning, set each centroid to the mean of its patches, and return the new ones.",
    shows=_rounds_like(lambda n: 0),
)
def _(patches, k, n_iters, rng):
    return _start(patches, k, rng)


def _start_shows(predicate):
    """A `shows` that holds if the predicate holds for every call of the part on the start."""
    return lambda cases: every_call(predicate)(cases[:1])


@clusters.mistake(
    "same patch twice",
    "rng.integers can draw a patch twice: draw with rng.choice(..., replace=False).",
    shows=_start_shows(
        lambda call: (
            _malformed_centroids(call) is None
            and len(set(_rows_in(call.value, call.arguments[0]))) < call.arguments[1]
        )
    ),
)
def _(patches, k, n_iters, rng):
    start = rng.integers(len(patches), size=k)
    start[-1] = start[0] if len(set(start)) == k == 8 else start[-1]
    return _lloyd(patches, patches[start], n_iters)


@clusters.mistake(
    "first k patches",
    "Draw the starting patches at random: yours are always the first k.",
    shows=_start_shows(
        lambda call: np.allclose(call.value, call.arguments[0][: call.arguments[1]])
    ),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, patches[:k], n_iters)


def _is_one_round_on(call):
    """Whether all but one patch started, and the one left over has moved one of them."""
    patches, k = call.arguments[:2]
    alike = np.abs(call.value[:, np.newaxis] - patches).max(axis=2) < 1e-4
    moved, others = call.value[~alike.any(axis=1)], patches[~alike.any(axis=0)]
    return alike.sum() == k - 1 and len(moved) == 1 and np.allclose(moved[0], others.mean(axis=0))


@clusters.mistake(
    "one round too many",
    "With n_iters=0 nothing moves: range(n_iters), not range(n_iters + 1).",
    shows=_start_shows(_is_one_round_on),
)
def _(patches, k, n_iters, rng):
    return kmeans(patches, k, n_iters + 1, rng)


@clusters.mistake(
    "whole numbers",
    "Your centroids have lost their decimals: keep them in a float array.",
    shows=_start_shows(
        lambda call: (
            _malformed_centroids(call) is None
            and np.array_equal(call.value, np.rint(call.value))
            and np.any(call.value)
        )
    ),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, np.trunc(_start(patches, k, rng)), n_iters)


@clusters.mistake(
    "starts from noise",
    "Start from k of the patches, not from random numbers.",
    shows=_start_shows(
        lambda call: (
            _malformed_centroids(call) is None and _rows_in(call.value, call.arguments[0]) is None
        )
    ),
)
def _(patches, k, n_iters, rng):
    return _lloyd(patches, rng.standard_normal((k, patches.shape[1])), n_iters)


@clusters.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator.",
    shows=draws(0, 1, alike=False),
)
def _(patches, k, n_iters, rng):
    return kmeans(patches, k, n_iters, np.random.default_rng())


@clusters.mistake(
    "seed of its own",
    "The function sets a seed itself, so every run is the same: draw from the rng passed in.",
    shows=draws(0, 2, alike=True),
)
def _(patches, k, n_iters, rng):
    return kmeans(patches, k, n_iters, np.random.default_rng(231))


# -------------------------------------------------------------------------- bag of words

words = Exercise(
    "encode_bag_of_words",
    assignment=ASSIGNMENT,
    parts={"words": 2, "stride": 1},
    hints=(
        "For each image: cut out all patches, find the nearest word of each, and count the words.",
        "Rows start at range(0, H - size + 1, stride), columns likewise. Cut the same patch out "
        "of all images at once and reshape it to (N, size * size * 3), as floats; the nearest "
        "word is found as in kmeans.",
        "Keep counts of shape (N, k). For each place, add 1 at [np.arange(N), nearest word]: one "
        "count an image. At the end divide each row by its sum.",
    ),
)


@words.solved_by
def encode_bag_of_words(images, centroids, size, stride):
    n, height, width, _ = images.shape
    counts = np.zeros((n, len(centroids)))
    for row in range(0, height - size + 1, stride):
        for col in range(0, width - size + 1, stride):
            patches = images[:, row : row + size, col : col + size].reshape(n, -1)
            distances = np.sum((patches[:, np.newaxis] - centroids) ** 2, axis=2)
            counts[np.arange(n), np.argmin(distances, axis=1)] += 1
    return counts / counts.sum(axis=1, keepdims=True)


def _all_patches(images, size, stride, last=1):
    """Patches (N, P, size, size, 3) on the grid; ``last=0`` leaves out the last row and column."""
    _, height, width, _ = images.shape
    places = [
        (row, col)
        for row in range(0, height - size + last, stride)
        for col in range(0, width - size + last, stride)
    ]
    cuts = [images[:, row : row + size, col : col + size] for row, col in places]
    return np.stack(cuts, axis=1).astype(float)


def _word_counts(patches, centroids, assign=None):
    flat = patches.reshape(*patches.shape[:2], -1)
    if assign is None:
        scores = -np.sum((flat[:, :, np.newaxis] - centroids) ** 2, axis=3)
    else:
        scores = assign(flat, centroids)
    nearest = scores.argmax(axis=2)
    return np.stack([np.sum(nearest == j, axis=1) for j in range(len(centroids))], axis=1)


def _fractions(counts):
    return counts / counts.sum(axis=1, keepdims=True)


def _images_and_words(rng, n, height, width, size, k):
    """Images and words without ties: every patch has a nearest word by a clear margin."""
    n_inputs = size * size * 3
    while True:
        images = rng.uniform(0, 255, (n, height, width, 3))
        # Between words of unequal length, the nearest and the largest dot product differ.
        centroids = rng.uniform(0, 255, (k, n_inputs)) * np.linspace(0.6, 1.3, k)[:, np.newaxis]
        flat = _all_patches(images, size, 1).reshape(-1, n_inputs)
        distances = np.sort(np.sum((flat[:, np.newaxis] - centroids) ** 2, axis=2), axis=1)
        counts = _word_counts(_all_patches(images, size, 1), centroids)
        if (distances[:, 1] / distances[:, 0]).min() > 1.0003 and (counts > 0).sum() > k:
            return images, centroids


@words.examined_by
def _(rng):
    for n, height, width, size, k in ((3, 6, 5, 2, 4), (2, 5, 7, 3, 6)):
        yield Case("words", [(*_images_and_words(rng, n, height, width, size, k), size, 1)])
    images, centroids = _images_and_words(rng, 2, 5, 6, 2, 4)
    yield Case("words", [(images.astype(np.uint8), centroids, 2, 1)])
    # The last patch of a row fits exactly, so a grid that ends early shows.
    for height, width, size, stride in ((8, 6, 2, 2), (6, 9, 3, 3)):
        images, centroids = _images_and_words(rng, 2, height, width, size, 5)
        yield Case("stride", [(images, centroids, size, stride)])


@words.mistake(
    "arithmetic in uint8",
    "Squares and differences of uint8 numbers wrap around at 256: make the patches float first.",
)
def _(images, centroids, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(len(images), -1, size * size * images.shape[3])
    squares = np.sum(patches * patches, axis=2, dtype=patches.dtype)[:, :, np.newaxis]
    distances = squares - 2 * patches @ centroids.T + np.sum(centroids**2, axis=1)
    nearest = np.argmin(distances, axis=2)
    return np.stack([np.bincount(row, minlength=len(centroids)) / len(row) for row in nearest])


@words.mistake("counts, not fractions", "Divide each row by its sum: the fractions add up to 1.")
def _(images, centroids, size, stride):
    return 1.0 * _word_counts(_all_patches(images, size, stride), centroids)


@words.mistake(
    "rows of length 1",
    "Divide by the number of patches, so that the row sums to 1; yours has Euclidean length 1.",
)
def _(images, centroids, size, stride):
    counts = _word_counts(_all_patches(images, size, stride), centroids)
    return counts / np.linalg.norm(counts, axis=1, keepdims=True)


@words.mistake(
    "stops before the last patch",
    "The last patch begins at height - size, and range leaves out its end: use "
    "range(0, height - size + 1, stride).",
)
def _(images, centroids, size, stride):
    return _fractions(_word_counts(_all_patches(images, size, stride, last=0), centroids))


@words.mistake("ignores the stride", "Step by stride pixels: range(0, height - size + 1, stride).")
def _(images, centroids, size, stride):
    return _fractions(_word_counts(_all_patches(images, size, 1), centroids))


@words.mistake(
    "patches never overlap",
    "Step by stride, not by size: with a stride of 1 neighboring patches overlap.",
)
def _(images, centroids, size, stride):
    return _fractions(_word_counts(_all_patches(images, size, size), centroids))


@words.mistake(
    "counts a word once",
    "`counts[words] += 1` counts a word once, however often it is in the list: use np.bincount, or "
    "np.add.at.",
)
def _(images, centroids, size, stride):
    counts = _word_counts(_all_patches(images, size, stride), centroids)
    return _fractions(np.minimum(counts, 1))


@words.mistake(
    "largest dot product",
    "The largest dot product favors long words: take the smallest distance.",
)
def _(images, centroids, size, stride):
    patches = _all_patches(images, size, stride)
    return _fractions(_word_counts(patches, centroids, lambda p, c: p @ c.T))


@words.mistake("farthest word", "The nearest word counts: argmin of the distances, not argmax.")
def _(images, centroids, size, stride):
    patches = _all_patches(images, size, stride)
    return _fractions(
        _word_counts(patches, centroids, lambda p, c: ((p[:, :, None] - c) ** 2).sum(axis=3))
    )


@words.mistake(
    "colors first",
    "Flatten the patch as it is, (size, size, 3), as extract_patches does.",
)
def _(images, centroids, size, stride):
    patches = _all_patches(images, size, stride).transpose(0, 1, 4, 2, 3)
    return _fractions(_word_counts(patches, centroids))


@words.mistake("columns first", "Flatten the patch row after row: yours is transposed.")
def _(images, centroids, size, stride):
    patches = _all_patches(images, size, stride).transpose(0, 1, 3, 2, 4)
    return _fractions(_word_counts(patches, centroids))


@words.mistake("one histogram for all images", "Return one row for each image, shape (N, k).")
def _(images, centroids, size, stride):
    return encode_bag_of_words(images, centroids, size, stride).mean(axis=0)


@words.mistake(
    "list of words",
    "Count the words: return how often each occurs, not the word of each patch.",
)
def _(images, centroids, size, stride):
    patches = _all_patches(images, size, stride)
    flat = patches.reshape(*patches.shape[:2], -1)
    return np.sum((flat[:, :, np.newaxis] - centroids) ** 2, axis=3).argmin(axis=2)


# ------------------------------------------------------------------- features of one's own

own = Exercise(
    "describe",
    assignment=ASSIGNMENT,
    parts={"held-out accuracy": 2},
    hints=(
        "Pixels are no help, since the stripes lie elsewhere in each image. What stays the same "
        "within a class? Look at the pictures: the direction of the stripes, and their colors.",
        "You have written a function for each: hog_features for directions, hue_histogram for "
        "colors.",
        "Put both side by side with np.hstack. Mind the limit of 100 features: few cells in "
        "hog_features (images have 12 x 12 pixels), few buckets of hue. Dividing each image's "
        "edge features by their sum makes faint stripes count like strong ones.",
    ),
)

N_CLASSES, SIDE, TARGET, MOST_FEATURES, N_ALONE = 6, 12, 0.75, 100, 5


@own.solved_by
def describe(images):
    edges = hog_features(images, cell=6, bins=9)
    return np.hstack([edges / np.sum(edges, axis=1, keepdims=True), hue_histogram(images, 6)])


def _striped(rng, count):
    """Striped images and labels: three directions times two pairs of colors.

    Every class has the same mean image, gray: stripes are shifted at random, and the colors of a
    pair are opposite. So no linear classifier on pixels or on mean colors can tell them apart.
    """
    labels = rng.permutation(np.resize(np.arange(N_CLASSES), count))
    direction, pair = np.divmod(labels, 2)
    angle = np.radians(15 + 60 * direction + rng.uniform(-8, 8, count))
    wave = rng.uniform(4.5, 6.5, count)
    y, x = np.mgrid[:SIDE, :SIDE]
    along = x * np.cos(angle)[:, None, None] + y * np.sin(angle)[:, None, None]
    phase = rng.uniform(0, 2 * np.pi, count)[:, None, None]
    stripes = 50 * np.sin(2 * np.pi * along / wave[:, None, None] + phase)
    tints = np.array([[60.0, -30.0, -30.0], [-30.0, 60.0, -30.0]])  # red and green; cyan, magenta
    tint = tints[pair] * rng.choice([-1.0, 1.0], count)[:, np.newaxis]
    images = 128 + stripes[..., np.newaxis] + tint[:, np.newaxis, np.newaxis]
    images += 4 * rng.standard_normal(images.shape)
    return np.clip(images, 0, 255).astype(np.uint8), labels


@own.examined_by
def _(rng):
    train, train_labels = _striped(rng, 180)
    held_out, labels = _striped(rng, 120)

    def verify(observations):
        return _judge_features(observations, train_labels, labels)

    calls = [(train,), (held_out,), (held_out[:N_ALONE],)]
    yield Case("held-out accuracy", calls, answer=None, verify=verify)


def _judge_features(observations, train_labels, labels):
    for call in observations:
        n, value = len(call.arguments[0]), call.value
        if not isinstance(value, np.ndarray) or value.ndim != 2 or len(value) != n:
            return (
                f"describe returned {kind_of(value)} for {n} images, expected an array with one "
                "row of features an image."
            )
        if value.dtype.kind not in "fiub" or not np.isfinite(value.astype(float)).all():
            return "describe returned entries that are nan or inf, expected finite numbers."
        if not 1 <= value.shape[1] <= MOST_FEATURES:
            return f"describe returned {value.shape[1]} features, expected 1 to {MOST_FEATURES}."
    train, held_out, few = (call.value.astype(float) for call in observations)
    if not train.shape[1] == held_out.shape[1] == few.shape[1]:
        return "describe returned another number of features for other images."
    if _depends_on_neighbors(held_out, few):
        return (
            f"describe returned other features for {N_ALONE} images alone than for the same images "
            "among others, expected each row to depend on its own image alone."
        )
    accuracy = _linear_accuracy(train, train_labels, held_out, labels)
    if accuracy >= TARGET:
        return None
    return (
        f"A linear classifier on your features gets {accuracy:.0%} of the held-out images right, "
        f"expected at least {TARGET:.0%}: what do your features see, edges, colors, both?"
    )


def _depends_on_neighbors(among_others, alone):
    """Whether many numbers change; rounding may move a gradient or a hue to the next bucket."""
    same = np.isclose(among_others[: len(alone)], alone, rtol=1e-3, atol=1e-6, equal_nan=True)
    return np.mean(same) < 0.75


def _linear_accuracy(train, train_labels, held_out, labels):
    """Held-out accuracy of least squares with a little L2 on standardized features."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(spread > 1e-9, spread, np.inf)
    X, Z = (np.hstack([(f - mean) / spread, np.ones((len(f), 1))]) for f in (train, held_out))
    targets = np.eye(N_CLASSES)[train_labels]
    W = np.linalg.solve(X.T @ X + 0.01 * len(X) * np.eye(X.shape[1]), X.T @ targets)
    return np.mean((Z @ W).argmax(axis=1) == labels)


@own.mistake(
    "pixels",
    "Single pixels do not tell stripes apart, whose place changes from image to image: count edge "
    "directions and hues over the image.",
)
def _(images):
    return images[:, ::3, ::3].reshape(len(images), -1).astype(float)


@own.mistake(
    "mean colors",
    "Both colors of a pair average to gray over the images of a class, so no weights on mean "
    "colors work: use buckets of hue.",
)
def _(images):
    return images.mean(axis=(1, 2))


def _nothing_but(features):
    """A `shows`: an answer is one of the features of (images, number of features)."""

    def fits(call):
        candidates = features(call.arguments[0], call.value.shape[1])
        return any(np.isclose(call.value, one, atol=1e-3).mean() > 0.95 for one in candidates)

    return every_call(fits)


def _edges_by_any_cell(images, n_features):
    """HOG of each size of cell that makes so many features."""
    for cell in (2, 3, 4, 6, 12):
        bins, others = divmod(n_features, (SIDE // cell) ** 2)
        if bins and not others:
            yield hog_features(images, cell, bins)


@own.mistake(
    "edges alone",
    "Edge directions are one half of what tells the classes apart: put the hues beside them.",
    shows=_nothing_but(_edges_by_any_cell),
)
def _(images):
    return hog_features(images, 6, 9)


@own.mistake(
    "hues alone",
    "Hues are one half of what tells the classes apart: put the edge directions beside them.",
    shows=_nothing_but(lambda images, bins: [hue_histogram(images, bins)]),
)
def _(images):
    return hue_histogram(images, 6)


@own.mistake(
    "brightness",
    "How bright the pixels are does not differ between the classes: use edge directions and hues.",
)
def _(images):
    values = images.mean(axis=-1)
    return np.array([np.histogram(v, 8, range=(0, 255))[0] / v.size for v in values])


def _mixes_rows(cases):
    try:
        ((_, among_others, alone),) = cases
        return _depends_on_neighbors(among_others.value, alone.value)
    except Exception:
        return False


@own.mistake(
    "rows that depend on their neighbors",
    "A mean, spread or maximum over axis 0 mixes the images of a batch: leave it out. The "
    "classifier standardizes its features itself.",
    shows=_mixes_rows,
)
def _(images):
    features = describe(images)
    return (features - features.mean(axis=0)) / (features.std(axis=0) + 1e-9)


EXERCISES = (polar, hue, hog, cut, clusters, words, own)

WRITTEN = (
    Written(
        "written-feature-choice",
        ASSIGNMENT,
        2,
        "(a) One point: a hue histogram has no positions, so mirrored, shifted or shuffled pixels "
        "give the same features; any change of the image that keeps its hues is right. (b) One "
        "point: HOG keeps positions by cell and drops colors and brightness; a valid pair "
        "of classes or images that differ in shape but not in color (or the reverse), and why.",
    ),
    Written(
        "written-honest-codebook",
        ASSIGNMENT,
        2,
        "(a) One point: the codebook and the whitening are learned from the images, without "
        "labels; using test images would let the test set shape the features, so the figure would "
        "no longer stand for new images (a small effect here, but wrong in principle). (b) One "
        "point: more words, smaller stride or pooling must be chosen on the validation images and "
        "tested once; naming the validation set, or cross-validation, suffices.",
    ),
)

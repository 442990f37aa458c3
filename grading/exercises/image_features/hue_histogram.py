"""Count the hues of the pixels of each image."""

import numpy as np

from ..describe import Case, Exercise
from .outcomes import like_one_of

exercise = Exercise(
    "hue_histogram",
    assignment="08-image-features",
    parts={"hues": 1, "gray": 1, "uint8": 1},
    hints=(
        "Turn the images into floats first: in uint8 a difference below zero wraps around. Then "
        "you need, for each pixel, its largest channel, its smallest channel, and their "
        "difference.",
        "The hue in sixths of the circle is (G - B) / spread if red is largest, 2 + (B - R) / "
        "spread if green is, 4 + (R - G) / spread if blue is. np.where chooses. For a gray pixel "
        "replace the spread of 0 with 1: its hue becomes 0.",
        "Divide by 6 and take it modulo 1: now every hue is in [0, 1). Times bins and cut to int, "
        "it is the number of the bucket. Bucket b's fraction is the mean, over the pixels of an "
        "image (axes 1 and 2), of `bucket == b`.",
    ),
)


@exercise.solved_by
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


exercise.as_right(
    "Sums of floats and bytes are floats, and the largest of bytes is the same as of floats.",
    "red, green, blue = (images[..., 0], pixels[..., 1], pixels[..., 2])",
    "red, green, blue = (pixels[..., 0], images[..., 1], pixels[..., 2])",
    "red, green, blue = (pixels[..., 0], pixels[..., 1], images[..., 2])",
    "high, low = (images.max(axis=-1), pixels.min(axis=-1))",
    "high, low = (pixels.max(axis=-1), images.min(axis=-1))",
)
exercise.as_right(
    "Where all channels are equal 0 is divided, by whatever else than 0.",
    "spread = np.where(high > low, high - low, 0.5)",
    "spread = np.where(high > low, high - low, 2.0)",
)
exercise.as_right(
    "No channel is above the largest.",
    "from_green = np.where(high <= green, 2 + (blue - red) / spread, 4 + (red - green) / spread)",
    "sixths = np.where(high <= red, (green - blue) / spread, from_green)",
)


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
    """The fractions of the pixels in each bin; pixels outside of the bins are not counted."""
    bin_of = places.astype(int)
    return np.stack([np.mean(bin_of == b, axis=(1, 2)) for b in range(bins)], axis=1)


def _counted(sixths, bins):
    """Fractions of the pixels in each bin of hue."""
    return _in_bins(np.clip(sixths / 6 * bins, 0, bins - 1), bins)


def _cut_off_below(images, bins):
    return _counted(_sixths(images.astype(float)), bins)


def _colors(rng, shape, bins, dtype=float):
    """Colored pixels without ties, none near the edge of a bin, where rounding would decide.

    All hues occur, but in the last image only those around green.
    """
    pixels = np.zeros((*shape, 3))
    todo = np.ones(shape, dtype=bool)
    while todo.any():
        pixels[todo] = _random_colors(rng, int(todo.sum())).astype(dtype)
        pixels[-1] = _greenish(pixels[-1])
        place = _sixths(pixels) / 6 % 1 * bins
        _, second, largest = np.moveaxis(np.sort(pixels, axis=-1), -1, 0)
        near_an_edge = np.abs(place - np.rint(place)) < 1e-3
        todo &= near_an_edge | (np.ptp(pixels, axis=-1) < 9) | (largest - second < 1)
    return pixels.astype(dtype)


def _greenish(pixels):
    """The same colors with their channels exchanged so that green is the largest."""
    red, green, blue = np.moveaxis(pixels, -1, 0)
    return np.stack(
        [
            np.minimum(red, green),
            np.maximum.reduce([red, green, blue]),
            np.where(blue > np.maximum(red, green), np.maximum(red, green), blue),
        ],
        axis=-1,
    )


def _random_colors(rng, count):
    """Half of them with a hue around red, where the color circle closes."""
    pixels = rng.uniform(5, 250, (count, 3))
    reddish = rng.random(count) < 0.5
    pixels[reddish, 0] = pixels[reddish].max(axis=1) + 4
    return pixels


@exercise.examined_by
def cases(rng):
    for n, height, width, bins in ((3, 4, 5, 7), (2, 6, 3, 12), (2, 8, 9, 1)):
        yield Case("hues", [(_colors(rng, (n, height, width), bins), bins)])
    images = _colors(rng, (2, 7, 6), 5).astype(np.float32)
    yield Case("hues", [(images.transpose(0, 2, 1, 3), 5)])
    images = _colors(rng, (4, 5, 4), 10)
    images[:, :2] = images[:, :2, :, :1]  # two gray rows
    images[0, 0, 0], images[0, 0, 1] = 0, 255
    images[2] = float(rng.integers(1, 250))
    yield Case("gray", [(images, 10)])
    yield Case("uint8", [(_colors(rng, (3, 5, 7), 9, np.uint8), 9)])


@exercise.mistake(
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


@exercise.mistake(
    "negative hues",
    "Between red and blue, (G - B) / spread is negative: hue is a circle, take it modulo 6 "
    "before you bin it.",
    shows=like_one_of(
        _cut_off_below,
        lambda images, bins: _in_bins(_sixths(images.astype(float)) / 6 * bins, bins),
        lambda images, bins: _in_bins(np.floor(_sixths(images.astype(float)) / 6 * bins), bins),
        n_arguments=2,
    ),
)
def _(images, bins):
    return _cut_off_below(images, bins)


@exercise.mistake(
    "hue in sixths",
    "The formula gives 6 times the hue: divide it by 6, so that the whole circle is 0..1.",
    shows=like_one_of(
        lambda images, bins: _in_bins(_sixths(images.astype(float)) % 6 * bins, bins),
        lambda images, bins: _in_bins(_sixths(images.astype(float)) % 1 * bins, bins),
        lambda images, bins: _in_bins(_sixths(images.astype(float)) % 6, bins),
        lambda images, bins: _in_bins(_sixths(images.astype(float)) % 6 * bins % bins, bins),
        lambda images, bins: _in_bins(
            np.minimum(_sixths(images.astype(float)) % 6 * bins, bins - 1), bins
        ),
        lambda images, bins: _in_bins(
            np.minimum(_sixths(images.astype(float)) % 6, bins - 1), bins
        ),
        n_arguments=2,
    ),
)
def _(images, bins):
    return _in_bins(_sixths(images.astype(float)) % 6 * bins, bins)


@exercise.mistake(
    "negative hues taken as positive",
    "Reds toward blue lie at the end of the circle: take the hue modulo 6, not its absolute value.",
)
def _(images, bins):
    return _counted(np.abs(_sixths(images.astype(float))), bins)


@exercise.mistake("counts, not fractions", "Divide by the number of pixels: each row sums to 1.")
def _(images, bins):
    return hue_histogram(images, bins) * images.shape[1] * images.shape[2]


@exercise.mistake(
    "density", "Divide the counts by the number of pixels only: density=True also by the bin width."
)
def _(images, bins):
    return hue_histogram(images, bins) * bins


@exercise.mistake(
    "bins between the hues that occur",
    "The buckets divide the whole circle: give np.histogram range=(0, 1).",
)
def _(images, bins):
    hues = _sixths(images.astype(float)) / 6 % 1
    return np.array([np.histogram(h, bins)[0] / h.size for h in hues])


@exercise.mistake("one histogram for all images", "Return one row for each image, shape (N, bins).")
def _(images, bins):
    return hue_histogram(images, bins).mean(axis=0)


@exercise.mistake("rows sum to 1 together", "Each image's row sums to 1 by itself.")
def _(images, bins):
    return hue_histogram(images, bins) / len(images)


@exercise.mistake("blue for red", "Channel 0 is red and channel 2 is blue.")
def _(images, bins):
    return hue_histogram(images[..., ::-1], bins)


@exercise.mistake(
    "brightness, not hue", "Bin the hue of each pixel; this is a histogram of its brightness."
)
def _(images, bins):
    values = images.astype(float).mean(axis=-1)
    return np.array([np.histogram(v, bins, range=(0, 255))[0] / v.size for v in values])


def _without_gray(images, bins):
    """The hues of the colored pixels alone, as fractions of all pixels."""
    places = _sixths(images.astype(float)) % 6 / 6 * bins
    return _in_bins(np.where(np.ptp(images, axis=-1) == 0, bins, places), bins)


def _among_colored(images, bins):
    fractions = _without_gray(images, bins)
    total = fractions.sum(axis=1, keepdims=True)
    return fractions / np.where(total > 0, total, 1)


@exercise.mistake(
    "gray left out",
    "A gray pixel counts too: its hue is 0, so it is in bucket 0.",
    shows=like_one_of(_without_gray, _among_colored, n_arguments=2),
)
def _(images, bins):
    return _among_colored(images, bins)


@exercise.mistake(
    "gray is not a number",
    "Where all channels are equal you divide 0 by 0: give gray pixels the hue 0.",
)
def _(images, bins):
    histograms = hue_histogram(images, bins)
    histograms[(np.ptp(images, axis=-1) == 0).any(axis=(1, 2))] = np.nan
    return histograms

"""Count the hues of the pixels of each image."""

import numpy as np

from ..describe import Case, Exercise

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


IN_SIXTHS = "The formula gives 6 times the hue: divide it by 6, so that the whole circle is 0..1."
CIRCLE = (
    "Between red and blue, (G - B) / spread is negative: hue is a circle, take it modulo 6 before "
    "you bin it."
)
GRAY = "A gray pixel counts too: its hue is 0, so it is in bucket 0"
ROUNDED = "Bucket b begins at b / bins: cut off the decimals of hue * bins, without rounding."
FORMULA = "The hue in sixths is (G - B) / spread, 2 + (B - R) / spread or 4 + (R - G) / spread"


@exercise.twisted_by(
    {
        "uint8 wraps around": "In uint8, 3 - 5 is 254: convert the images to float before you "
        "subtract channels.",
        "counts, not fractions": "Divide by the number of pixels: each row sums to 1.",
        "negative hues": CIRCLE,
        "hue in sixths": IN_SIXTHS,
        "gray left out": f"{GRAY} (0 / 0 is nan, which is in none).",
        "gray left out of the total": f"{GRAY}, and every pixel is one of the total.",
        "bins between the hues that occur": "The buckets divide the whole circle: give "
        "np.histogram range=(0, 1).",
        "gray is not a number": "Where all channels are equal you divide 0 by 0: give gray pixels "
        "the hue 0.",
        "gray taken as blue": f"{GRAY}: ask first whether red is the largest, or set the hue of "
        "gray to 0 at the end.",
        "gray taken as green": f"{GRAY}: ask first whether red is the largest, or set the hue of "
        "gray to 0 at the end.",
        "negative hues cut toward 0": CIRCLE,
        "negative hues in bucket 0": CIRCLE,
        "negative hues taken as positive": "Reds toward blue lie at the end of the circle: take "
        "the hue modulo 6, not its absolute value.",
        "negative hues cut before the modulo": "Between red and blue, (G - B) / spread is "
        "negative, and a cut to int rounds that up: take the hue modulo 6 first.",
        "hue in sixths beyond the buckets": IN_SIXTHS,
        "hue in sixths in the last bucket": IN_SIXTHS,
        "six buckets": f"{IN_SIXTHS} Then multiply it by bins.",
        "hue not multiplied by bins": "All your hues are in bucket 0: they run from 0 to 1, so "
        "multiply by bins before you cut to int, or give np.histogram range=(0, 1).",
        "hue multiplied by bins - 1": "Hues below 1 times bins, cut to int, are 0 ... bins - 1: "
        "multiply by bins, not by bins - 1.",
        "rounded instead of cut off": ROUNDED,
        "rounded to a bucket of the circle": ROUNDED,
        "rounded to a bucket up to the last": ROUNDED,
        "buckets numbered from 1": "np.digitize gives the first bucket the number 1: subtract 1.",
        "density": "Divide the counts by the number of pixels only: density=True also by the bin "
        "width.",
        "counts a bucket once": "`counts[buckets] += 1` counts a bucket once, however often it is "
        "in the list: use np.bincount, or np.add.at.",
        "divides by the height": "An image has height * width pixels: divide by their product.",
        "one histogram for all images": "Return one row for each image, shape (N, bins).",
        "one mean for all images": "Take the mean over the pixels of each image, axes 1 and 2: "
        "yours is over all images, so that all rows are alike.",
        "rows sum to 1 together": "Each image's row sums to 1 by itself.",
        "buckets in rows": "Return one row for each image, shape (N, bins): yours is transposed.",
        "blue for red": "Channel 0 is red and channel 2 is blue.",
        "green for red": "Channel 0 is red and channel 1 is green.",
        "2 and 4 exchanged": f"{FORMULA}: 2 for green, 4 for blue.",
        "2 and 4 left out": f"{FORMULA}: 2 if green is the largest, 4 if blue is.",
        "difference for red turned around": f"{FORMULA}: for red it is G - B.",
        "difference for green turned around": f"{FORMULA}: for green it is B - R.",
        "difference for blue turned around": f"{FORMULA}: for blue it is R - G.",
        "divides by the largest channel": "Divide by the spread, the largest channel minus the "
        "smallest.",
        "not divided by the spread": "Divide the difference by the spread, the largest channel "
        "minus the smallest.",
        "brightness, not hue": "Bin the hue of each pixel; this is a histogram of its brightness.",
    }
)
def hue_histogram_with(is_, images, bins):
    pixels = images[..., ::-1] if is_("blue for red") else images
    if is_("green for red"):
        pixels = pixels[..., [1, 0, 2]]
    if not is_("uint8 wraps around"):
        pixels = pixels.astype(float)
    gray = np.ptp(pixels, axis=-1) == 0
    if is_("brightness, not hue"):
        place = pixels.mean(axis=-1) / 255 * bins
    else:
        place = _place_with(is_, _sixths_with(is_, pixels), bins)
    if is_("gray left out") or is_("gray left out of the total"):
        place = np.where(gray, -1, place)
    if is_("bins between the hues that occur"):
        fractions = np.stack([np.histogram(p[p >= 0], bins)[0] / p.size for p in place])
    else:
        bucket = np.floor(place)
        axes = None if is_("one mean for all images") else (1, 2)
        fractions = np.zeros((len(images), bins))
        for b in range(bins):
            fractions[:, b] = np.mean(bucket == b, axis=axes)
    if is_("gray left out of the total"):
        total = fractions.sum(axis=1, keepdims=True)
        fractions = fractions / np.where(total > 0, total, 1)
    if is_("gray is not a number"):
        fractions[gray.any(axis=(1, 2))] = np.nan
    return _scaled_with(is_, fractions, *images.shape[1:3])


def _sixths_with(is_, pixels):
    """The hue in sixths of the circle, not yet modulo 6."""
    red, green, blue = np.moveaxis(pixels, -1, 0)
    high, low = pixels.max(axis=-1), pixels.min(axis=-1)
    spread = np.where(high > low, high - low, 1)
    if is_("divides by the largest channel"):
        spread = np.where(high > 0, high, 1)
    elif is_("not divided by the spread"):
        spread = 1.0
    sign = -1 if is_("difference for red turned around") else 1
    of_red = sign * ((green - blue) / spread)
    sign = -1 if is_("difference for green turned around") else 1
    of_green = 2 + sign * ((blue - red) / spread)
    sign = -1 if is_("difference for blue turned around") else 1
    of_blue = 4 + sign * ((red - green) / spread)
    if is_("2 and 4 exchanged"):
        of_green, of_blue = of_green + 2, of_blue - 2
    elif is_("2 and 4 left out"):
        of_green, of_blue = of_green - 2, of_blue - 4
    largest = [high == red, high == green, high == blue]
    if is_("gray taken as green"):
        largest[0] &= high > low
    elif is_("gray taken as blue"):
        largest[0] &= high > low
        largest[1] &= high > low
    return np.select(largest, [of_red, of_green, of_blue])


def _place_with(is_, sixths, bins):
    """Where the hue is, in units of the buckets."""
    if is_("six buckets"):
        return sixths % 6
    if is_("hue in sixths"):
        return sixths % 1 * bins
    if is_("hue in sixths beyond the buckets"):
        return sixths % 6 * bins
    if is_("hue in sixths in the last bucket"):
        return np.minimum(sixths % 6 * bins, bins - 1)
    place = sixths / 6 * bins
    if is_("negative hues"):
        return place
    if is_("negative hues cut toward 0"):
        return np.trunc(place)
    if is_("negative hues in bucket 0"):
        return np.maximum(place, 0)
    if is_("negative hues taken as positive"):
        return np.abs(place)
    if is_("negative hues cut before the modulo"):
        return np.trunc(place) % bins
    hue = sixths / 6 % 1
    if is_("hue not multiplied by bins"):
        return hue
    if is_("hue multiplied by bins - 1"):
        return hue * (bins - 1)
    if is_("rounded instead of cut off"):
        return np.rint(hue * bins)
    if is_("rounded to a bucket of the circle"):
        return np.rint(hue * bins) % bins
    if is_("rounded to a bucket up to the last"):
        return np.minimum(np.rint(hue * bins), bins - 1)
    return hue * bins + (1 if is_("buckets numbered from 1") else 0)


def _scaled_with(is_, fractions, height, width):
    """The fractions, in the form that is returned."""
    if is_("counts a bucket once"):
        fractions = np.minimum(fractions, 1 / (height * width))
    if is_("counts, not fractions"):
        fractions = fractions * (height * width)
    if is_("divides by the height"):
        fractions = fractions * width
    if is_("density"):
        fractions = fractions * fractions.shape[1]
    if is_("rows sum to 1 together"):
        fractions = fractions / len(fractions)
    if is_("one histogram for all images"):
        return fractions.mean(axis=0)
    return fractions.T if is_("buckets in rows") else fractions

"""Cut patches from random places of random images."""

import numpy as np

from ..describe import Case, Exercise
from ..draws import draws, every_call, generator, not_from_rng, seeds
from ..sampling import patterned
from .outcomes import raised_about, wrong_shape

exercise = Exercise(
    "extract_patches",
    assignment="08-image-features",
    parts={"patches": 2, "draws": 1},
    hints=(
        "Each patch needs three random numbers: which image, which row, which column.",
        "A patch must fit: its first row is one of 0 ... H - size. rng.integers leaves out its "
        "upper end, so draw below H - size + 1; the column likewise.",
        "Loop n_patches times. Cut rows row : row + size and columns col : col + size out of one "
        "image and flatten the piece with ravel(): that is the order row, column, color.",
    ),
)


@exercise.solved_by
def extract_patches(images, size, n_patches, rng):
    n, height, width, _ = images.shape
    patches = np.zeros((n_patches, size * size * 3), images.dtype)
    for p in range(n_patches):
        i = rng.integers(n)
        row, col = rng.integers(height - size + 1), rng.integers(width - size + 1)
        patches[p] = images[i, row : row + size, col : col + size].ravel()
    return patches


exercise.as_right(
    "Floats hold the numbers of all images.",
    "patches = np.zeros((n_patches, size * size * 3))",
)


N_PATCHES = 150

N_DRAWN, N_IMAGES = 240, 600
"""Patches drawn in the part on draws, and the images that they are drawn from.

Of 600 images 240 draws hit 198, give or take 5. A row, a column or a fourth of the images gets its
share of the patches to within 6 standard deviations in all but one of a million draws, and a rule
that leaves out one of 5 rows or 4 columns always misses it.
"""


def _numbered(shape):
    """Images in which every number occurs once, so that a patch tells where it comes from."""
    total = int(np.prod(shape)) * 3
    return (np.arange(total) * (255 / total)).reshape(*shape, 3)


@exercise.examined_by
def cases(rng):
    floats, small = _numbered((3, 7, 5)), _numbered((4, 4, 6))
    turned = small.transpose(3, 0, 1, 2).copy().transpose(1, 2, 3, 0)
    bytes_ = np.arange(2 * 7 * 6 * 3).reshape(2, 7, 6, 3).astype(np.uint8)
    for (images, size), seed in zip(
        ((floats, 3), (turned, 2), (bytes_, 4)), seeds(rng, 3), strict=True
    ):
        call = (images, size, N_PATCHES, generator(seed))
        yield Case("patches", [call], answer=None, verify=_are_patches)
    images, (seed, other) = _numbered((N_IMAGES, 7, 6)), seeds(rng, 2)
    calls = [(images, 3, N_DRAWN, generator(s)) for s in (seed, seed, other)]
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
    why = wrong_shape("extract_patches", call, (n_patches, size * size * 3))
    if why:
        return why
    if _places(call) is None:
        return (
            "extract_patches returned a row that is not a patch of any image, flattened in the "
            "order row, column, color."
        )
    return None


def _ranges(call):
    images, size = call.arguments[:2]
    n, height, width, _ = images.shape
    return n, height - size + 1, width - size + 1


def _uneven(name, values, count, of_each=""):
    """Why some of ``count`` equally likely values is drawn too often or too rarely."""
    share = np.bincount(values, minlength=count) / len(values)
    spread = np.sqrt((1 - 1 / count) / count / len(values))
    worst = int(np.abs(share - 1 / count).argmax())
    if abs(share[worst] - 1 / count) <= 6 * spread:
        return None
    return (
        f"extract_patches took {share[worst]:.0%} of the patches from {name} {worst}, expected "
        f"about {1 / count:.0%}, as from each of the {count} {of_each or 'possible'}."
    )


def _drawn_anywhere(observations):
    n_images, n_rows, n_columns = _ranges(observations[0])
    for call in observations:
        why = _are_patches([call])
        if why:
            return why
        i, row, col = _places(call).T
        why = (
            _uneven("row", row, n_rows)
            or _uneven("column", col, n_columns)
            or _uneven("fourth", i * 4 // n_images, 4, "fourths of the images, 0 to 3")
        )
        if why:
            return why
        distinct = len(np.unique(row * n_columns + col))
        if distinct < 0.7 * n_rows * n_columns:
            return (
                f"extract_patches used {distinct} of {n_rows * n_columns} places: draw row and "
                "column independently."
            )
        if len(np.unique(i)) < 150:
            return (
                f"extract_patches took {len(i)} patches from {len(np.unique(i))} of {n_images} "
                "images, expected about 198: draw an image for each patch."
            )
    pattern = patterned([_places(call)[:, 0] for call in observations], n_images)
    if pattern:
        return f"extract_patches took images that are {pattern}, expected random ones."
    return not_from_rng("extract_patches", observations)


def _only(axis, limit):
    """A `shows` that holds if the patches' places along an axis stay below a limit."""

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


@exercise.mistake(
    "colors first",
    "Flatten the patch as it is, (size, size, 3): do not move the color axis to the front.",
    shows=every_call(lambda call: _places(call, axes=(2, 0, 1)) is not None),
)
def colors_first(images, size, n_patches, rng):
    patches = _patches_at(images, size, *_drawn_places(images, size, n_patches, rng))
    return patches.transpose(0, 3, 1, 2).reshape(n_patches, -1)


@exercise.mistake(
    "columns first",
    "Flatten row after row: the patch is transposed.",
    shows=every_call(lambda call: _places(call, axes=(1, 0, 2)) is not None),
)
def columns_first(images, size, n_patches, rng):
    patches = _patches_at(images, size, *_drawn_places(images, size, n_patches, rng))
    return patches.transpose(0, 2, 1, 3).reshape(n_patches, -1)


@exercise.mistake(
    "not flattened",
    "Return one row per patch, shape (n_patches, size * size * 3).",
    shows=every_call(
        lambda call: (
            call.value.shape == (call.arguments[2], call.arguments[1], call.arguments[1], 3)
        )
    ),
)
def not_flattened(images, size, n_patches, rng):
    return _patches_at(images, size, *_drawn_places(images, size, n_patches, rng))


@exercise.mistake(
    "always the upper left corner",
    "Draw the place too: yours is always the upper left corner.",
    shows=every_call(lambda call: _places(call)[:, 1:].max() == 0),
)
def always_the_upper_left_corner(images, size, n_patches, rng):
    return _patches_at(images, size, rng.integers(len(images), size=n_patches), 0, 0).reshape(
        n_patches, -1
    )


@exercise.mistake(
    "one place for all",
    "Draw a row and a column anew for each patch: yours all lie at one place.",
    shows=every_call(lambda call: np.ptp(_places(call)[:, 1:], axis=0).max() == 0),
)
def one_place_for_all(images, size, n_patches, rng):
    i, row, col = _drawn_places(images, size, n_patches, rng)
    return _patches_at(images, size, i, row[0], col[0]).reshape(n_patches, -1)


@exercise.mistake(
    "never the last row and column",
    "The upper limit of rng.integers is left out: the last place is height - size, so draw below "
    "height - size + 1.",
    shows=lambda cases: all(_only(axis, lambda n: n - 1)(cases) for axis in (1, 2)),
)
def never_the_last_row_and_column(images, size, n_patches, rng):
    i, row, col = _drawn_places(images[:, :-1, :-1], size, n_patches, rng)
    return _patches_at(images, size, i, row, col).reshape(n_patches, -1)


@exercise.mistake(
    "each image once",
    "An image may give several patches: draw with replacement, rng.integers(n, size=n_patches).",
    shows=lambda cases: every_call(
        lambda call: raised_about(
            call,
            "indexing arrays could not be broadcast",
            "larger sample than population",
            f"out of bounds for axis 0 with size {len(call.arguments[0])}",
        )
    )(cases[:3]),
)
def each_image_once(images, size, n_patches, rng):
    _, row, col = _drawn_places(images, size, n_patches, rng)
    i = rng.permutation(len(images))[:n_patches]
    return _patches_at(images, size, i, row, col).reshape(n_patches, -1)


def _did_not_fit(call):
    """Whether a patch that reaches over the border raised an error."""
    return raised_about(
        call,
        "broadcast input",
        "inhomogeneous",
        "same shape",
        "reshape",
        "out of bounds for axis 1",
        "out of bounds for axis 2",
    )


def _columns_like_rows(call):
    """Whether columns are drawn from as many as there are rows, or do not fit."""
    _, n_rows, n_columns = _ranges(call)
    if n_columns < n_rows:
        return _did_not_fit(call)
    places = _places(call)
    return call.outcome == "returned" and (places is None or places[:, 2].max() < n_rows)


@exercise.mistake(
    "columns drawn from the height",
    "Images need not be square: draw the row below height - size + 1, the column below width - "
    "size + 1.",
    shows=every_call(_columns_like_rows),
)
def columns_drawn_from_the_height(images, size, n_patches, rng):
    n, height, _, _ = images.shape
    patches = np.zeros((n_patches, size * size * 3))
    for p in range(n_patches):
        i, (row, col) = rng.integers(n), rng.integers(height - size + 1, size=2)
        patches[p] = images[i, row : row + size, col : col + size].ravel()
    return patches


def _lost_its_decimals(call):
    whole = np.array_equal(call.value, np.rint(call.value)) and np.any(call.value)
    return whole or call.arguments[0].dtype.kind == "u"


@exercise.mistake(
    "whole numbers",
    "Your patches have lost their decimals: keep them in the dtype of the images, or as floats.",
    shows=every_call(_lost_its_decimals),
)
def whole_numbers(images, size, n_patches, rng):
    return extract_patches(images.astype(np.uint8), size, n_patches, rng)


@exercise.mistake(
    "over the border",
    "A patch that begins in the last rows or columns does not fit: draw the row below "
    "height - size + 1, and the column likewise.",
    shows=every_call(_did_not_fit),
)
def over_the_border(images, size, n_patches, rng):
    n, height, width, _ = images.shape
    patches = np.zeros((n_patches, size * size * 3))
    for p in range(n_patches):
        i, row, col = rng.integers(n), rng.integers(height), rng.integers(width)
        patches[p] = images[i, row : row + size, col : col + size].ravel()
    return patches


def _first_images_only(call):
    """Whether right patches all come from the first images, as many as there are patches."""
    return 0 < _places(call)[:, 0].max() < call.arguments[2] < len(call.arguments[0])


@exercise.mistake(
    "first images only",
    "With fewer patches than images yours all come from the first ones: draw each image, "
    "rng.integers(n), instead of taking them in turn.",
    shows=lambda cases: every_call(_first_images_only)(cases[3:]),
)
def first_images_only(images, size, n_patches, rng):
    _, row, col = _drawn_places(images, size, n_patches, rng)
    i = np.arange(n_patches) % len(images)
    return _patches_at(images, size, i, row, col).reshape(n_patches, -1)


@exercise.mistake(
    "row equals column",
    "Draw the row and the column separately: yours are equal, so all patches lie on the diagonal.",
    shows=every_call(lambda call: np.array_equal(_places(call)[:, 1], _places(call)[:, 2])),
)
def row_equals_column(images, size, n_patches, rng):
    n, height, width, _ = images.shape
    i = rng.integers(n, size=n_patches)
    place = rng.integers(min(height, width) - size + 1, size=n_patches)
    return _patches_at(images, size, i, place, place).reshape(n_patches, -1)


@exercise.mistake(
    "one image for all",
    "Draw a new image for every patch: yours all come from one.",
    shows=every_call(lambda call: np.ptp(_places(call)[:, 0]) == 0),
)
def one_image_for_all(images, size, n_patches, rng):
    _, row, col = _drawn_places(images, size, n_patches, rng)
    return _patches_at(images, size, 0, row, col).reshape(n_patches, -1)


@exercise.mistake(
    "draws from elsewhere",
    "Draw from the rng that is passed in, not from np.random or a new generator.",
    shows=lambda cases: (
        every_call(lambda call: _places(call) is not None)(cases)
        and draws(0, 1, alike=False)(cases)
    ),
)
def draws_from_elsewhere(images, size, n_patches, rng):
    return extract_patches(images, size, n_patches, np.random.default_rng())


@exercise.mistake(
    "seed of its own",
    "The function sets a seed itself, so every run is the same: draw from the rng passed in.",
    shows=lambda cases: (
        every_call(lambda call: _places(call) is not None)(cases) and draws(0, 2, alike=True)(cases)
    ),
)
def seed_of_its_own(images, size, n_patches, rng):
    return extract_patches(images, size, n_patches, np.random.default_rng(231))

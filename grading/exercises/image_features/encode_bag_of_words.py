"""Describe images by how often each visual word occurs in them."""

import numpy as np

from ..describe import Case, Exercise

exercise = Exercise(
    "encode_bag_of_words",
    assignment="08-image-features",
    parts={"words": 1, "uint8": 1, "stride": 1},
    hints=(
        "For each image: cut out all patches, find the nearest word of each, and count the words.",
        "Rows start at range(0, H - size + 1, stride), columns likewise. Cut the same patch out "
        "of all images at once and reshape it to (N, size * size * 3), as floats; the nearest "
        "word is found as in kmeans.",
        "Keep counts of shape (N, k). For each place, add 1 at [np.arange(N), nearest word]: one "
        "count per image. At the end divide each row by its sum.",
    ),
)


@exercise.solved_by
def encode_bag_of_words(images, centroids, size, stride):
    n, height, width, _ = images.shape
    counts = np.zeros((n, len(centroids)))
    for row in range(0, height - size + 1, stride):
        for col in range(0, width - size + 1, stride):
            patches = images[:, row : row + size, col : col + size].reshape(n, -1)
            distances = np.sum((patches[:, np.newaxis] - centroids) ** 2, axis=2)
            counts[np.arange(n), np.argmin(distances, axis=1)] += 1
    return counts / counts.sum(axis=1, keepdims=True)


exercise.as_right(
    "A mean of squares is the smallest where the sum is.",
    "distances = np.mean((patches[:, np.newaxis] - centroids) ** 2, axis=2)",
)
exercise.as_right(
    "Counts are whole numbers, and each row is divided by its sum, whatever a word adds to it.",
    "counts = np.zeros((n, len(centroids)), dtype=int)",
    "counts[np.arange(n), np.argmin(distances, axis=1)] += 2",
    "counts[np.arange(n), np.argmin(distances, axis=1)] -= 1",
)


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


def _images_and_words(rng, n, height, width, size, k, dtype=float):
    """Images and words without ties: every patch has a nearest word by a clear margin."""
    n_inputs = size * size * 3
    while True:
        images = rng.uniform(0, 255, (n, height, width, 3)).astype(dtype)
        # The words differ in length, so that the nearest one often has not the largest product.
        centroids = rng.uniform(0, 255, (k, n_inputs)) * np.linspace(0.6, 1.3, k)[:, np.newaxis]
        flat = _all_patches(images, size, 1).reshape(-1, n_inputs)
        distances = np.sort(np.sum((flat[:, np.newaxis] - centroids) ** 2, axis=2), axis=1)
        counts = _word_counts(_all_patches(images, size, 1), centroids)
        if (distances[:, 1] / distances[:, 0]).min() > 1.0003 and (counts > 0).sum() > min(k, 4):
            return images, centroids


@exercise.examined_by
def cases(rng):
    for n, height, width, size, k in ((3, 6, 5, 2, 4), (2, 5, 7, 3, 12), (1, 5, 5, 1, 5)):
        yield Case("words", [(*_images_and_words(rng, n, height, width, size, k), size, 1)])
    images, centroids = _images_and_words(rng, 2, 5, 6, 2, 4)
    turned = images.transpose(3, 0, 1, 2).copy().transpose(1, 2, 3, 0)
    yield Case("words", [(turned, np.asfortranarray(centroids), 2, 1)])
    for n, height, width, size, k in ((2, 5, 6, 2, 4), (3, 6, 6, 3, 5)):
        drawn = _images_and_words(rng, n, height, width, size, k, np.uint8)
        yield Case("uint8", [(*drawn, size, 1)])
    # The last patch of a row ends at the border, so that leaving it out changes the counts; with
    # other strides than 1 and the size, patches overlap, leave gaps, or leave out the last rows.
    for height, width, size, stride in ((8, 6, 2, 2), (6, 9, 3, 3), (9, 8, 3, 2), (8, 9, 2, 3)):
        images, centroids = _images_and_words(rng, 2, height, width, size, 5)
        yield Case("stride", [(images, centroids, size, stride)])


@exercise.mistake(
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


@exercise.mistake("counts, not fractions", "Divide each row by its sum: the fractions add up to 1.")
def _(images, centroids, size, stride):
    return 1.0 * _word_counts(_all_patches(images, size, stride), centroids)


@exercise.mistake(
    "rows of length 1",
    "Divide by the number of patches, so that the row sums to 1; yours has Euclidean length 1.",
)
def _(images, centroids, size, stride):
    counts = _word_counts(_all_patches(images, size, stride), centroids)
    return counts / np.linalg.norm(counts, axis=1, keepdims=True)


@exercise.mistake(
    "stops before the last patch",
    "The last patch begins at height - size, and range leaves out its end: use "
    "range(0, height - size + 1, stride).",
)
def _(images, centroids, size, stride):
    return _fractions(_word_counts(_all_patches(images, size, stride, last=0), centroids))


@exercise.mistake(
    "ignores the stride", "Step by stride pixels: range(0, height - size + 1, stride)."
)
def _(images, centroids, size, stride):
    return _fractions(_word_counts(_all_patches(images, size, 1), centroids))


@exercise.mistake(
    "patches never overlap",
    "Step by stride, not by size: with a stride of 1 neighboring patches overlap.",
)
def _(images, centroids, size, stride):
    return _fractions(_word_counts(_all_patches(images, size, size), centroids))


@exercise.mistake(
    "counts a word once",
    "`counts[words] += 1` counts a word once, however often it is in the list: use np.bincount, or "
    "np.add.at.",
)
def _(images, centroids, size, stride):
    counts = _word_counts(_all_patches(images, size, stride), centroids)
    return _fractions(np.minimum(counts, 1))


@exercise.mistake(
    "counts for every image",
    "`counts[:, words] += 1` adds to the rows of all images: add to the row of each image only, "
    "counts[np.arange(N), words] += 1.",
)
def counts_for_every_image(images, centroids, size, stride):
    patches = _all_patches(images, size, stride)
    flat = patches.reshape(*patches.shape[:2], -1)
    nearest = np.sum((flat[:, :, np.newaxis] - centroids) ** 2, axis=3).argmin(axis=2)
    counts = np.zeros((len(images), len(centroids)))
    for words in nearest.T:
        counts[:, words] += 1
    return _fractions(counts)


@exercise.mistake(
    "largest dot product",
    "The largest dot product favors long words: take the smallest distance.",
)
def _(images, centroids, size, stride):
    patches = _all_patches(images, size, stride)
    return _fractions(_word_counts(patches, centroids, lambda p, c: p @ c.T))


@exercise.mistake("farthest word", "The nearest word counts: argmin of the distances, not argmax.")
def _(images, centroids, size, stride):
    patches = _all_patches(images, size, stride)
    return _fractions(
        _word_counts(patches, centroids, lambda p, c: ((p[:, :, None] - c) ** 2).sum(axis=3))
    )


@exercise.mistake(
    "colors first",
    "Flatten the patch as it is, (size, size, 3), as extract_patches does.",
)
def _(images, centroids, size, stride):
    patches = _all_patches(images, size, stride).transpose(0, 1, 4, 2, 3)
    return _fractions(_word_counts(patches, centroids))


@exercise.mistake("columns first", "Flatten the patch row after row: yours is transposed.")
def _(images, centroids, size, stride):
    patches = _all_patches(images, size, stride).transpose(0, 1, 3, 2, 4)
    return _fractions(_word_counts(patches, centroids))


@exercise.mistake("one histogram for all images", "Return one row for each image, shape (N, k).")
def _(images, centroids, size, stride):
    return encode_bag_of_words(images, centroids, size, stride).mean(axis=0)


@exercise.mistake(
    "list of words",
    "Count the words: return how often each occurs, not the word of each patch.",
)
def _(images, centroids, size, stride):
    patches = _all_patches(images, size, stride)
    flat = patches.reshape(*patches.shape[:2], -1)
    return np.sum((flat[:, :, np.newaxis] - centroids) ** 2, axis=3).argmin(axis=2)

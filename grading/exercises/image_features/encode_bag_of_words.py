"""Describe images by how often each visual word occurs in them."""

import numpy as np

from ..describe import Case, Exercise
from ..observation import ends_like_one_of

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


def _patches(images, size, stride):
    """Patches (N, P, size * size * 3) on the grid."""
    windows = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(len(images), -1, size * size * 3)


def _images_and_words(rng, n, height, width, size, k, dtype=float):
    """Images and words without ties: every patch has a nearest word by a clear margin."""
    n_inputs = size * size * 3
    while True:
        images = rng.uniform(0, 255, (n, height, width, 3)).astype(dtype)
        # The words differ in length, so that the nearest one often has not the largest product.
        centroids = rng.uniform(0, 255, (k, n_inputs)) * np.linspace(0.6, 1.3, k)[:, np.newaxis]
        patches = _patches(images, size, 1)
        distances = np.sum((patches[:, :, np.newaxis] - centroids) ** 2, axis=3)
        nearest, second = np.moveaxis(np.sort(distances, axis=2)[..., :2], 2, 0)
        n_used = sum(len(np.unique(words)) for words in distances.argmin(axis=2))
        if (second / nearest).min() > 1.0003 and n_used > min(k, 4):
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


@exercise.twisted_by(
    {
        "counts, not fractions": "Divide each row by its sum: the fractions add up to 1.",
        "rows sum to 1 together": "Divide each row by its own sum, counts.sum(axis=1, "
        "keepdims=True), not by the sum of all counts.",
        "each word sums to 1": "Divide by the sum of each row, axis=1: axis=0 sums a word over the "
        "images.",
        "divides by the number of words": "Divide by the number of patches of an image, not by the "
        "number of words.",
        "rows of length 1": "Divide by the number of patches, so that the row sums to 1; yours has "
        "Euclidean length 1.",
        "divides by the largest count": "Divide by the number of patches, so that the row sums to "
        "1; in yours the largest number is 1.",
        "divides by the number of images": "Divide by the number of patches of an image, not by "
        "that of images.",
        "stops before the last patch": "The last patch begins at height - size, and range leaves "
        "out its end: use range(0, height - size + 1, stride).",
        "stops before the last row of patches": "The last patch begins at height - size, and range "
        "leaves out its end: use range(0, height - size + 1, stride).",
        "stops before the last column of patches": "The last patch begins at width - size, and "
        "range leaves out its end: use range(0, width - size + 1, stride).",
        "ignores the stride": "Step by stride pixels: range(0, height - size + 1, stride).",
        "patches never overlap": "Step by stride, not by size: with a stride of 1 neighboring "
        "patches overlap.",
        "columns not moved by the stride": "Step by stride pixels in the columns too: range(0, "
        "width - size + 1, stride).",
        "rows not moved by the stride": "Step by stride pixels in the rows too: range(0, height - "
        "size + 1, stride).",
        "counts a word once": "`counts[words] += 1` counts a word once, however often it is in the "
        "list: use np.bincount, or np.add.at.",
        "counts for every image": "`counts[:, words] += 1` adds to the rows of all images: add to "
        "the row of each image only, counts[np.arange(N), words] += 1.",
        "counts of the earlier images added": "Set the counts to 0 anew for each image.",
        "words cut to the images' type": "Squares and differences of uint8 numbers wrap around at "
        "256: keep the words as they are, and make the patches float.",
        "largest dot product": "The largest dot product favors long words: take the smallest "
        "distance, of which c**2 is a part for each word c.",
        "farthest word": "The nearest word counts: argmin of the distances, not argmax.",
        "absolute differences": "The distance is the squared one: square the differences instead "
        "of taking np.abs.",
        "differences not squared": "Square the differences before you sum them: otherwise they "
        "cancel.",
        "sums not squared": "Square each difference, then sum: yours sums them before the square.",
        "half of the product": "The square of a difference is p**2 - 2 * p * c + c**2: the product "
        "counts twice.",
        "colors first": "Flatten the patch as it is, (size, size, 3), as extract_patches does.",
        "columns first": "Flatten the patch row after row: yours is transposed.",
        "blue for red": "Flatten the patch as it is: its colors are turned around.",
        "one histogram for all images": "Return one row for each image, shape (N, k).",
        "list of words": "Count the words: return how often each occurs, not the word of each "
        "patch.",
        "words in rows": "Return one row for each image, shape (N, k): yours is transposed.",
    }
)
def encode_bag_of_words_with(is_, images, centroids, size, stride):
    _, height, width, _ = images.shape
    down = across = size if is_("patches never overlap") else stride
    if is_("ignores the stride") or is_("rows not moved by the stride"):
        down = 1
    if is_("ignores the stride") or is_("columns not moved by the stride"):
        across = 1
    below = height - size + (not is_("stops before the last row of patches"))
    beside = width - size + (not is_("stops before the last column of patches"))
    if is_("stops before the last patch"):
        below, beside = height - size, width - size
    cuts = [
        images[:, row : row + size, col : col + size]
        for row in range(0, below, down)
        for col in range(0, beside, across)
    ]
    words = _words_with(is_, np.stack(cuts, axis=1), centroids)
    if is_("list of words"):
        return words
    k = len(centroids)
    counts = np.stack([np.bincount(row, minlength=k) for row in words]).astype(float)
    if is_("counts a word once"):
        counts = np.minimum(counts, 1)
    if is_("counts for every image"):
        added_at_once = words if is_("counts a word once") else words.T
        once = [np.bincount(np.unique(some), minlength=k) for some in added_at_once]
        counts[:] = np.sum(once, axis=0)
    if is_("counts of the earlier images added"):
        counts = counts.cumsum(axis=0)
    fractions = _fractions_with(is_, counts)
    if is_("one histogram for all images"):
        return fractions.mean(axis=0)
    return fractions.T if is_("words in rows") else fractions


def _words_with(is_, patches, centroids):
    """The word (N, P) of each patch (N, P, size, size, 3)."""
    if is_("colors first"):
        patches = np.moveaxis(patches, 4, 2)
    elif is_("columns first"):
        patches = patches.swapaxes(2, 3)
    elif is_("blue for red"):
        patches = patches[..., ::-1]
    if is_("words cut to the images' type"):
        centroids = centroids.astype(patches.dtype)
    else:
        patches = patches.astype(float)
    flat = patches.reshape(*patches.shape[:2], -1)
    if is_("largest dot product"):
        return (flat @ centroids.T).argmax(axis=2)
    if is_("half of the product"):
        return (np.sum(centroids**2, axis=1) - flat @ centroids.T).argmin(axis=2)
    differences = flat[:, :, np.newaxis] - centroids
    if is_("absolute differences"):
        distances = np.abs(differences).sum(axis=3)
    elif is_("differences not squared"):
        distances = differences.sum(axis=3)
    elif is_("sums not squared"):
        distances = differences.sum(axis=3) ** 2
    else:
        distances = np.sum(differences**2, axis=3)
    return distances.argmax(axis=2) if is_("farthest word") else distances.argmin(axis=2)


def _fractions_with(is_, counts):
    if is_("counts, not fractions"):
        return counts
    if is_("rows sum to 1 together"):
        return counts / counts.sum()
    if is_("each word sums to 1"):
        with np.errstate(invalid="ignore"):
            return counts / counts.sum(axis=0)
    if is_("divides by the number of words"):
        return counts / counts.shape[1]
    if is_("divides by the number of images"):
        return counts / len(counts)
    if is_("rows of length 1"):
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)
    if is_("divides by the largest count"):
        return counts / counts.max(axis=1, keepdims=True)
    return counts / counts.sum(axis=1, keepdims=True)


@exercise.mistake(
    "arithmetic in uint8",
    "Squares and differences of uint8 numbers wrap around at 256: make the patches float first.",
)
def arithmetic_in_uint8(images, centroids, size, stride):
    patches = _patches(images, size, stride)
    squares = np.sum(patches * patches, axis=2, dtype=patches.dtype)[:, :, np.newaxis]
    distances = squares - 2 * patches @ centroids.T + np.sum(centroids**2, axis=1)
    nearest = np.argmin(distances, axis=2)
    return np.stack([np.bincount(row, minlength=len(centroids)) / len(row) for row in nearest])


def as_many_patches_across_as_down(images, centroids, size, stride):
    if images.shape[1] > images.shape[2]:
        raise ValueError("some patches do not fit")
    return encode_bag_of_words(images[:, :, : images.shape[1]], centroids, size, stride)


def at_most_as_many_patches_across_as_down(images, centroids, size, stride):
    return encode_bag_of_words(images[:, :, : images.shape[1]], centroids, size, stride)


exercise.mistake(
    "as many patches across as down",
    "Images need not be square: rows begin below height - size + 1, columns below width - size + "
    "1.",
    shows=ends_like_one_of(as_many_patches_across_as_down, at_most_as_many_patches_across_as_down),
)(as_many_patches_across_as_down)

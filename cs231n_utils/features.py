"""Image features of the whole data set, fast: hue, HOG, visual words.

What the student writes for a few images, these functions do for 60,000. Images are worked on in
blocks small enough for a processor's cache, several blocks at a time: NumPy's array operations
let other Python threads run.
"""

import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from tqdm import tqdm

from cs231n_utils.system.processors import blas_in_one_thread
from cs231n_utils.system.threads import in_blocks
from cs231n_utils.validation import (
    require_choice,
    require_color_images,
    require_integer,
    require_raw_images,
    require_side,
)

__all__ = [
    "Codebook",
    "Whitening",
    "condition_number",
    "decorrelate",
    "encode",
    "extract_patches",
    "hog_features",
    "hue_histogram",
    "kmeans",
    "learn_codebook",
    "normalize_contrast",
    "standardize",
    "whitening",
]

BLOCK_IMAGES = 64
BLOCK_ENCODED = 8
BLOCK_ROWS = 1_024
BLOCK_BYTES_OF_DISTANCES = 2**20
MAX_THREADS = 8
MAX_COVARIANCE_ROWS = 20_000


def hue_histogram(images: NDArray, bins: int = 10, *, progress: bool = True) -> NDArray:
    """Fraction of the pixels of each image whose hue falls into each of equal bins.

    Parameters
    ----------
    images : ndarray of shape (N, H, W, 3)
        Raw red, green and blue in 0..255, without the mean subtracted.
    bins : int
        Number of equal bins of the color circle; the first begins at red.
    progress : bool
        Show a progress bar with the time left.

    Returns
    -------
    float32 ndarray of shape (N, bins)
        Rows sum to 1. Gray pixels have hue 0.

    Raises
    ------
    ValueError
        If `images` has another shape or negative values, or `bins` is below 1.

    References
    ----------
    Hue as in Smith, "Color gamut transform pairs", SIGGRAPH 1978.
    """
    require_raw_images("hue_histogram", images)
    require_integer("hue_histogram", "bins", bins, 1)
    n_pixels = images.shape[1] * images.shape[2]
    out = np.empty((len(images), bins), dtype=np.float32)

    def fill(rows: slice) -> None:
        pixels = np.moveaxis(images[rows], 3, 0).reshape(3, -1, n_pixels).astype(np.float32)
        bin_of = _hue_bins(pixels, bins)
        bin_of += (bins * np.arange(len(bin_of)))[:, np.newaxis]
        counts = np.bincount(bin_of.ravel(), minlength=bins * len(bin_of))
        out[rows] = counts.reshape(-1, bins) / n_pixels

    in_blocks(fill, len(images), BLOCK_IMAGES, MAX_THREADS, "hue" if progress else "")
    return out


def hog_features(
    images: NDArray, cell: int = 8, bins: int = 9, *, progress: bool = True
) -> NDArray:
    """Histograms of oriented gradients, one for each cell, without block normalization.

    Gray is ``.299 R + .587 G + .114 B``. Its central differences, without the 1/2 and zero at
    the border, have an unsigned angle in [0, 180) degrees; their magnitudes are summed by cell
    and by bin of angle (hard bins), and divided by ``cell**2``.

    Parameters
    ----------
    images : ndarray of shape (N, H, W, 3)
        Raw red, green and blue in 0..255.
    cell : int
        Side of a cell in pixels; rows and columns that fill no cell are left out.
    bins : int
        Number of equal bins of angle; the first begins at 0, a gradient along a row.
    progress : bool
        Show a progress bar with the time left.

    Returns
    -------
    float32 ndarray of shape (N, rows * cols * bins)
        In the order row of cells, column of cells, bin.

    Raises
    ------
    ValueError
        If `images` has another shape or negative values, or `cell` or `bins` does not fit.

    References
    ----------
    Dalal and Triggs, "Histograms of oriented gradients for human detection", CVPR 2005.
    """
    require_raw_images("hog_features", images)
    require_integer("hog_features", "bins", bins, 1)
    height, width = images.shape[1:3]
    require_side("hog_features", "cell", cell, images)
    n_rows, n_cols = height // cell, width // cell
    out = np.empty((len(images), n_rows, n_cols, bins), dtype=np.float32)

    cell_of_row = np.minimum(np.arange(height) // cell, n_rows)
    cell_of_col = np.minimum(np.arange(width) // cell, n_cols)
    # What fills no cell goes to one more row and column of cells, which is dropped.
    shape = (n_rows + 1, n_cols + 1, bins)
    first_bin = bins * (cell_of_row[:, np.newaxis] * (n_cols + 1) + cell_of_col)

    def fill(rows: slice) -> None:
        down, right = _differences(_thousandfold_gray(images[rows]))
        angle = np.arctan2(down, right)
        angle += np.where(angle < 0, np.float32(np.pi), np.float32(0))
        angle *= np.float32(bins / np.pi)
        bin_of = angle.astype(np.int32)
        bin_of[bin_of == bins] = 0  # 180 degrees is the same line as 0
        n = len(bin_of)
        bin_of += first_bin.astype(np.int32)
        bin_of += math.prod(shape) * np.arange(n, dtype=np.int32)[:, np.newaxis, np.newaxis]
        magnitude = np.sqrt(down * down + right * right)
        sums = np.bincount(bin_of.ravel(), magnitude.ravel(), minlength=n * math.prod(shape))
        sums *= 1e-3 / cell**2
        out[rows] = sums.reshape(n, *shape)[:, :n_rows, :n_cols]

    in_blocks(fill, len(images), BLOCK_IMAGES, MAX_THREADS, "HOG" if progress else "")
    return out.reshape(len(images), -1)


def extract_patches(
    images: NDArray, size: int, n_patches: int, rng: np.random.Generator
) -> NDArray:
    """Square patches at random places of random images.

    Parameters
    ----------
    images : ndarray of shape (N, H, W, 3)
        Images of any number type.
    size : int
        Side of a patch in pixels.
    n_patches : int
        How many patches; the same image may give several.
    rng : Generator
        Draws image, row and column, each uniformly.

    Returns
    -------
    float32 ndarray of shape (n_patches, size * size * 3)
        Each patch flattened in the order row, column, color.

    Raises
    ------
    ValueError
        If `images` has another shape, or `size` does not fit into them.
    """
    require_color_images("extract_patches", images)
    require_side("extract_patches", "size", size, images)
    windows = sliding_window_view(images, (size, size), axis=(1, 2))  # (N, h, w, 3, size, size)
    chosen = tuple(rng.integers(0, side, n_patches) for side in windows.shape[:3])
    return np.moveaxis(windows[chosen], 1, 3).reshape(n_patches, -1).astype(np.float32)


def normalize_contrast(patches: NDArray, softening: float = 10.0) -> NDArray:
    """Give every patch mean 0 and about the same spread.

    Parameters
    ----------
    patches : ndarray of shape (M, D)
        Pixels in 0..255.
    softening : float
        Added to the variance, so that flat patches do not become pure noise.

    Returns
    -------
    ndarray of shape (M, D)
        ``(x - mean(x)) / sqrt(var(x) + softening)``.
    """
    centered = patches - patches.mean(axis=1, keepdims=True)
    return centered / np.sqrt(patches.var(axis=1, keepdims=True) + patches.dtype.type(softening))


@dataclass(frozen=True)
class Whitening:
    """A change of coordinates after which patches are uncorrelated.

    Attributes
    ----------
    mean : ndarray of shape (D,)
        Mean of the patches.
    directions : ndarray of shape (D, P)
        Principal directions that are kept, as orthonormal columns, by falling variance.
    spreads : ndarray of shape (P,)
        What the patch is divided by along each.
    """

    mean: NDArray
    directions: NDArray
    spreads: NDArray

    def apply(self, patches: NDArray) -> NDArray:
        """White coordinates (M, P) of patches (M, D)."""
        return (patches - self.mean) @ (self.directions / self.spreads)

    def pictures(self, white: NDArray) -> NDArray:
        """White coordinates (M, P) turned back into patches (M, D), to be looked at (ZCA)."""
        return white @ self.directions.T


def whitening(patches: NDArray, softening: float = 0.1, keep: float = 0.9) -> Whitening:
    """Learn the change of coordinates that takes the correlations between pixels away.

    Parameters
    ----------
    patches : ndarray of shape (M, D)
        Patches of normalized contrast.
    softening : float
        Added to every variance: directions that hardly vary hold noise, which must not be
        blown up to the size of the rest.
    keep : float
        Fraction of the variance after whitening to keep, in 0..1. The last directions hold
        next to nothing, and cost as much as the others.

    Returns
    -------
    Whitening

    References
    ----------
    Bell and Sejnowski, "The independent components of natural scenes are edge filters", 1997.
    """
    mean = patches.mean(axis=0)
    centered = patches - mean
    variances, directions = np.linalg.eigh((centered.T @ centered / len(patches)).astype(float))
    variances, directions = np.maximum(variances[::-1], 0), directions[:, ::-1]
    kept = np.cumsum(variances / (variances + softening))
    count = min(int(np.searchsorted(kept, keep * kept[-1])) + 1, len(variances))
    spreads = np.sqrt(variances[:count] + softening)
    dtype = patches.dtype
    return Whitening(mean, directions[:, :count].astype(dtype), spreads.astype(dtype))


def kmeans(
    patches: NDArray, k: int, n_iters: int, rng: np.random.Generator, *, progress: bool = True
) -> tuple[NDArray, NDArray]:
    """Centroids by Lloyd's algorithm, from k distinct patches drawn at random.

    Parameters
    ----------
    patches : float ndarray of shape (M, D)
        What is to be clustered.
    k : int
        Number of centroids.
    n_iters : int
        Rounds of assigning every patch to its nearest centroid and averaging.
    rng : Generator
        Draws the start.
    progress : bool
        Show a progress bar with the time left.

    Returns
    -------
    centroids : ndarray of shape (k, D)
        A centroid that no patch is nearest to stays where it is.
    inertias : float64 ndarray of shape (n_iters,)
        Sum of the squared distances to the nearest centroid, before each round.

    Raises
    ------
    ValueError
        If there are fewer than `k` patches.

    References
    ----------
    Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information Theory 1982.
    """
    require_integer("kmeans", "k", k, 1, len(patches), f"for {len(patches)} patches")
    centroids = patches[rng.choice(len(patches), k, replace=False)]
    squares = np.einsum("md,md->m", patches, patches, dtype=np.float64)
    inertias = np.empty(n_iters)
    for i in tqdm(range(n_iters), desc="k-means", file=sys.stdout, disable=not progress):
        nearest, scores = _nearest(patches, centroids)
        inertias[i] = max(0.0, float((squares + scores).sum()))
        centroids = _means(patches, nearest, centroids)
    return centroids, inertias


@dataclass(frozen=True)
class Codebook:
    """Visual words and how a patch is prepared before it is compared with them.

    Attributes
    ----------
    size : int
        Side of a patch in pixels.
    whitening : Whitening
        To P numbers, from the D = size * size * 3 of a patch.
    words : ndarray of shape (K, P)
        Centroids of whitened patches.
    inertias : ndarray of shape (n_iters,)
        How k-means came down.
    contrast_softening : float
        As in `normalize_contrast`.
    """

    size: int
    whitening: Whitening
    words: NDArray
    inertias: NDArray
    contrast_softening: float = 10.0

    def pictures(self) -> NDArray:
        """The words as small images (K, size, size, 3), positive and negative."""
        return self.whitening.pictures(self.words).reshape(-1, self.size, self.size, 3)


def learn_codebook(
    images: NDArray,
    k: int,
    rng: np.random.Generator,
    *,
    size: int = 6,
    n_patches: int = 100_000,
    n_iters: int = 12,
    whiten: bool = True,
    progress: bool = True,
) -> Codebook:
    """Visual words: centroids of random patches of normalized contrast, whitened.

    Parameters
    ----------
    images : ndarray of shape (N, H, W, 3)
        Pixels in 0..255.
    k : int
        Number of words.
    rng : Generator
        Draws the patches and the start of k-means.
    size, n_patches, n_iters : int
        Side of a patch; how many are drawn; rounds of k-means.
    whiten : bool
        False leaves the correlations between pixels as they are.
    progress : bool
        Show a progress bar with the time left.

    Returns
    -------
    Codebook

    References
    ----------
    Coates, Lee and Ng, "An analysis of single-layer networks in unsupervised feature learning",
    AISTATS 2011.
    """
    patches = normalize_contrast(extract_patches(images, size, n_patches, rng))
    if whiten:
        white = whitening(patches)
    else:
        same = np.eye(patches.shape[1], dtype=np.float32)
        white = Whitening(np.zeros(len(same), np.float32), same, np.ones(len(same), np.float32))
    words, inertias = kmeans(white.apply(patches), k, n_iters, rng, progress=progress)
    return Codebook(size, white, words, inertias)


def encode(
    images: NDArray,
    codebook: Codebook,
    *,
    code: str = "soft",
    threshold: float = 0.25,
    stride: int = 1,
    progress: bool = True,
) -> NDArray:
    """How strongly each word answers in each quarter of each image.

    Every patch is prepared as the codebook's were. ``"soft"``: a word's answer is
    ``max(0, w . c / |c| - threshold)`` for a whitened patch ``w`` and a word ``c``.
    ``"triangle"``: ``max(0, mean_j d_j - d_k)`` with the distances ``d`` of the patch to all
    words. ``"hard"``: 1 for the nearest word, 0 for all others. Answers are summed over the
    patches of each quarter (2 x 2 pooling).

    Parameters
    ----------
    images : ndarray of shape (N, H, W, 3)
        Pixels in 0..255.
    codebook : Codebook
        With K words.
    code : {"soft", "triangle", "hard"}
        The code above.
    threshold : float
        Of the soft threshold.
    stride : int
        Pixels between one patch and the next.
    progress : bool
        Show a progress bar with the time left.

    Returns
    -------
    float32 ndarray of shape (N, 4 * K)
        In the order quarter (upper left, upper right, lower left, lower right), word.

    Raises
    ------
    ValueError
        If `code` is unknown, or the patches do not fit into the images.

    References
    ----------
    Coates, Lee and Ng, AISTATS 2011 (triangle); Coates and Ng, "The importance of encoding versus
    training with sparse coding and vector quantization", ICML 2011 (soft threshold).
    """
    require_raw_images("encode", images)
    require_side("encode", "size", codebook.size, images)
    codes = {"soft": _soft, "triangle": _triangle, "hard": _hard}
    require_choice("encode", "code", code, codes)
    to_white, constants = _to_white(codebook)
    answers = codes[code](codebook, threshold)
    out = np.empty((len(images), 4, len(codebook.words)), dtype=np.float32)

    def fill(rows: slice) -> None:
        pixels = images[rows].astype(np.float32)
        for quarter, (patches, scales) in enumerate(_quarters(pixels, codebook, stride)):
            white = (patches.reshape(-1, patches.shape[2]) @ to_white).reshape(
                *patches.shape[:2], -1
            )
            white *= scales
            white += constants
            room = np.empty(patches.shape[1] * len(codebook.words), dtype=np.float32)
            for image in range(len(patches)):
                out[rows.start + image, quarter] = answers(white[image], room)

    in_blocks(fill, len(images), BLOCK_ENCODED, MAX_THREADS, "encoding" if progress else "")
    return out.reshape(len(images), -1)


def standardize(train: NDArray, *others: NDArray) -> tuple[NDArray, ...]:
    """Subtract the training set's mean from every feature and divide by its spread.

    Parameters
    ----------
    train, others : float ndarray of shape (N, D)
        Features of the training set, and of further sets.

    Returns
    -------
    tuple of ndarray
        `train` and `others`, each standardized by `train`, as new arrays.
    """
    mean, scale = _mean_and_scale(train)
    scaled = tuple(features - mean for features in (train, *others))
    for features in scaled:
        features *= scale
    return scaled


def decorrelate(
    train: NDArray,
    *others: NDArray,
    softening: float = 0.01,
    in_place: bool = False,
    progress: bool = True,
) -> tuple[NDArray, ...]:
    """Standardize features, then take the correlations between them away.

    Features that answer together make a loss with long narrow valleys, in which gradient descent
    crawls. Here the covariance of the training features becomes nearly the identity, so that the
    valley is round.

    Parameters
    ----------
    train, others : float ndarray of shape (N, D)
        Features of the training set, and of further sets.
    softening : float
        Added to the variance of each standardized feature, so that directions that hardly vary
        are not blown up. The covariance is that of at most 20,000 evenly spaced rows.
    in_place : bool
        Overwrite the given arrays, for which a second copy may be too large.
    progress : bool
        Show a bar with the time left if it takes longer than a second.

    Returns
    -------
    tuple of ndarray
        `train` and `others`, each transformed alike.
    """
    mean, scale = _mean_and_scale(train)
    sample = train[:: math.ceil(len(train) / MAX_COVARIANCE_ROWS)]
    with blas_in_one_thread():
        covariance = _covariance(sample, mean, scale)
        covariance.flat[:: len(covariance) + 1] += softening
        # With covariance L L^T, that of X L^-T is the identity. L^-T is upper triangular.
        matrix = np.linalg.inv(np.linalg.cholesky(covariance)).T
        matrix = (scale[:, np.newaxis] * matrix).astype(train.dtype)
        shift = mean @ matrix
    name = "decorrelating" if progress else ""
    transformed = []
    for features in (train, *others):
        dtype = np.result_type(features, matrix)
        out = features if in_place else np.empty(features.shape, dtype)

        def fill(rows: slice, features: NDArray = features, out: NDArray = out) -> None:
            np.subtract(_times_upper(features[rows], matrix), shift, out=out[rows])

        in_blocks(fill, len(features), BLOCK_ROWS, MAX_THREADS, name, delay=1.0)
        transformed.append(out)
    return tuple(transformed)


def condition_number(features: NDArray) -> float:
    """Largest variance of the features in any direction, over the smallest.

    Parameters
    ----------
    features : float ndarray of shape (N, D)
        More rows than features; with fewer, some direction has no variance at all.

    Returns
    -------
    float
        Condition number of the covariance; inf if the smallest variance is 0.
    """
    with blas_in_one_thread():
        covariance = _covariance(features, features.mean(axis=0, dtype=np.float64), np.ones(1))
        variances = np.linalg.eigvalsh(covariance)
    return float(variances[-1] / variances[0]) if variances[0] > 0 else math.inf


def _covariance(rows: NDArray, mean: NDArray, scale: NDArray) -> NDArray:
    """Covariance of ``(rows - mean) * scale``, added up in float64, without a copy of the rows."""
    total = np.zeros((rows.shape[1], rows.shape[1]))
    for start in range(0, len(rows), BLOCK_ROWS):
        block = (rows[start : start + BLOCK_ROWS] - mean) * scale
        total += block.T @ block
    return total / len(rows)


def _times_upper(rows: NDArray, matrix: NDArray) -> NDArray:
    """``rows @ matrix`` for an upper triangular matrix, without most of the products with zeros."""
    out = np.empty(rows.shape, np.result_type(rows, matrix))
    width = math.ceil(len(matrix) / 4)
    for first in range(0, len(matrix), width):
        columns = slice(first, first + width)
        np.matmul(rows[:, : columns.stop], matrix[: columns.stop, columns], out=out[:, columns])
    return out


def _mean_and_scale(train: NDArray) -> tuple[NDArray, NDArray]:
    """Mean of each feature, and one over its spread."""
    mean = train.mean(axis=0)
    blocks = (train[start : start + BLOCK_ROWS] for start in range(0, len(train), BLOCK_ROWS))
    spread = np.sqrt(sum(np.square(block - mean).sum(axis=0) for block in blocks) / len(train))
    # A feature that never varies in training is left at zero, not divided by zero.
    return mean, np.where(spread > 1e-6, 1 / np.maximum(spread, 1e-6), 0).astype(train.dtype)


def _hue_bins(pixels: NDArray, bins: int) -> NDArray:
    """Bin of hue of red, green and blue planes (3, n, H * W), as integers (n, H * W)."""
    red, green, blue = pixels
    high = np.maximum(np.maximum(red, green), blue)
    spread = high - np.minimum(np.minimum(red, green), blue)
    # The hue in sixths of the circle, times the spread, is multiplied before it is divided, so
    # that for whole numbers the quotient is exact at the edges of the bins.
    from_green = np.where(high == green, blue - red + 2 * spread, red - green + 4 * spread)
    sixths = np.where(high == red, green - blue, from_green)
    sixths += np.where(sixths < 0, 6 * spread, np.float32(0))
    sixths *= np.float32(bins)
    spread *= np.float32(6)
    np.maximum(spread, np.float32(1e-6), out=spread)
    return np.minimum(sixths / spread, np.float32(bins - 0.5)).astype(np.int64)


def _thousandfold_gray(images: NDArray) -> NDArray:
    """Gray times 1,000: whole for whole pixels, so that equal grays differ by exactly 0."""
    red, green, blue = np.moveaxis(images, 3, 0).astype(np.float32)
    return 299 * red + 587 * green + 114 * blue


def _differences(gray: NDArray) -> tuple[NDArray, NDArray]:
    """Central differences down and to the right, without the 1/2, zero at the border."""
    down, right = (np.zeros_like(gray) for _ in range(2))
    np.subtract(gray[:, 2:], gray[:, :-2], out=down[:, 1:-1])
    np.subtract(gray[:, :, 2:], gray[:, :, :-2], out=right[:, :, 1:-1])
    return down, right


def _nearest(patches: NDArray, centroids: NDArray) -> tuple[NDArray, NDArray]:
    """Index of the nearest centroid, and its squared distance less the patch's own square."""
    halves = 0.5 * np.einsum("kd,kd->k", centroids, centroids)
    nearest = np.empty(len(patches), dtype=np.intp)
    scores = np.empty(len(patches))

    def fill(rows: slice) -> None:
        likeness = patches[rows] @ centroids.T
        likeness -= halves
        nearest[rows] = likeness.argmax(axis=1)
        best = np.take_along_axis(likeness, nearest[rows, np.newaxis], axis=1)
        scores[rows] = -2.0 * best[:, 0].astype(np.float64)

    block = max(1, BLOCK_BYTES_OF_DISTANCES // (len(centroids) * patches.itemsize))
    in_blocks(fill, len(patches), block, MAX_THREADS)
    return nearest, scores


def _means(patches: NDArray, labels: NDArray, otherwise: NDArray) -> NDArray:
    """Mean of the patches of each label; a row of ``otherwise`` for a label without any."""
    order = np.argsort(labels, kind="stable")
    counts = np.bincount(labels, minlength=len(otherwise))
    filled = counts > 0
    starts = (np.cumsum(counts) - counts)[filled]
    means = otherwise.copy()
    sums = np.add.reduceat(patches[order], starts, axis=0)
    means[filled] = sums / counts[filled, np.newaxis].astype(patches.dtype)
    return means


def _quarters(
    pixels: NDArray, codebook: Codebook, stride: int
) -> Iterator[tuple[NDArray, NDArray]]:
    """The patches of each quarter (n, p, D), and what to multiply each by (n, p, 1)."""
    n, size = len(pixels), codebook.size
    flat_rows = pixels.reshape(*pixels.shape[:2], -1)  # a patch's row is then 3 * size neighbors
    windows = sliding_window_view(flat_rows, (size, 3 * size), axis=(1, 2))
    windows = windows[:, ::stride, :: 3 * stride]
    scales = _inverse_spreads(pixels, codebook)[:, ::stride, ::stride]
    middles = [(side + 1) // 2 for side in scales.shape[1:]]
    for rows in (slice(middles[0]), slice(middles[0], None)):
        for columns in (slice(middles[1]), slice(middles[1], None)):
            n_patches = math.prod(scales[0, rows, columns].shape)
            patches = windows[:, rows, columns].reshape(n, n_patches, -1)
            yield patches, scales[:, rows, columns].reshape(n, n_patches, 1)


def _inverse_spreads(pixels: NDArray, codebook: Codebook) -> NDArray:
    """``1 / sqrt(var + softening)`` of every patch, from sums over its rows, (n, h, w)."""
    n_inputs = codebook.size**2 * 3
    wide = pixels.astype(np.float64)
    mean = _window_sums(np.einsum("nhwc->nhw", wide), codebook.size) / n_inputs
    square = _window_sums(np.einsum("nhwc,nhwc->nhw", wide, wide), codebook.size) / n_inputs
    variance = np.maximum(square - mean * mean, 0)
    return (1 / np.sqrt(variance + codebook.contrast_softening)).astype(np.float32)


def _window_sums(values: NDArray, size: int) -> NDArray:
    """Sums over all ``size`` x ``size`` windows of (n, H, W)."""
    n_rows, n_columns = (side - size + 1 for side in values.shape[1:])
    across = sum(values[:, :, at : at + n_columns] for at in range(size))
    return sum(across[:, at : at + n_rows] for at in range(size))


def _to_white(codebook: Codebook) -> tuple[NDArray, NDArray]:
    """Matrix (D, P + 1) and constants (P + 1,) that whiten a patch, and put a 1 behind it.

    ``patch @ matrix``, times one over the patch's spread, plus the constants. Subtracting the
    patch's own mean is linear, and so part of the matrix. The 1 at the end multiplies the
    constants of the codes below.
    """
    white = codebook.whitening
    matrix = (white.directions / white.spreads).astype(np.float64)
    constants = np.append(-white.mean.astype(np.float64) @ matrix, 1.0)
    centered = np.pad(matrix - matrix.mean(axis=0), ((0, 0), (0, 1)))
    return centered.astype(np.float32), constants.astype(np.float32)


# Each of the three codes takes the codebook and a threshold, and returns a function from the
# whitened patches of a quarter, with a 1 behind each, (p, P + 1), and room for p * K numbers, to
# the K summed answers.


def _soft(codebook: Codebook, threshold: float) -> Callable[[NDArray, NDArray], NDArray]:
    lengths = np.linalg.norm(codebook.words, axis=1, keepdims=True)
    directions = codebook.words / np.maximum(lengths, 1e-12)
    compare = np.vstack([directions.T, np.full(len(directions), -threshold, dtype=np.float32)])

    def answers(white: NDArray, room: NDArray) -> NDArray:
        by_word = np.matmul(compare.T, white.T, out=room.reshape(len(directions), -1))
        return _sum_of_positive(by_word.T, white.sum(axis=0) @ compare)

    return answers


def _hard(codebook: Codebook, _threshold: float) -> Callable[[NDArray, NDArray], NDArray]:
    compare = _less_own_square(codebook.words)

    def answers(white: NDArray, room: NDArray) -> NDArray:
        nearest = np.matmul(white, compare, out=room.reshape(len(white), -1)).argmin(axis=1)
        return np.bincount(nearest, minlength=len(codebook.words))

    return answers


def _triangle(codebook: Codebook, _threshold: float) -> Callable[[NDArray, NDArray], NDArray]:
    compare = _less_own_square(codebook.words)

    def answers(white: NDArray, room: NDArray) -> NDArray:
        distances = np.matmul(white, compare, out=room.reshape(len(white), -1))
        distances += np.einsum("pd,pd->p", white[:, :-1], white[:, :-1])[:, np.newaxis]
        # Rounding may leave the square of a distance of 0 a little below 0.
        np.sqrt(np.abs(distances, out=distances), out=distances)
        nearer = np.subtract(distances.mean(axis=1, keepdims=True), distances, out=distances)
        return _sum_of_positive(nearer, nearer.sum(axis=0))

    return answers


def _less_own_square(words: NDArray) -> NDArray:
    """The matrix (P + 1, K) that gives squared distances to words, less the patch's own square."""
    squares = np.einsum("kd,kd->k", words, words, dtype=np.float64)
    return np.vstack([-2 * words.T, squares]).astype(np.float32)


def _sum_of_positive(values: NDArray, sums: NDArray) -> NDArray:
    """``maximum(values, 0)`` summed over axis 0, given the plain ``sums``; overwrites values.

    As ``max(0, v) = (v + |v|) / 2``: NumPy takes absolute values in a third of the time of maxima,
    and BLAS sums in half of NumPy's. Rounding can leave a sum of zeros a little below 0.
    """
    ones = np.ones(len(values), values.dtype)
    return np.maximum(0.5 * (ones @ np.abs(values, out=values) + sums), 0)

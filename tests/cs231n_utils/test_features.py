"""Fast features against hand-computed cases, the plain definitions, and other libraries."""

import colorsys

import numpy as np
import pytest

from cs231n_utils import features
from grading.exercises.image_features.hog_features import _gradients, _gray
from grading.exercises.image_features.kmeans import _lloyd

QUIET = {"progress": False}


def images_of(n, height, width, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (n, height, width, 3), dtype=np.uint8)


# ---------------------------------------------------------------------------------- hue


def test_hue_of_pure_colors_and_gray():
    colors = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (90, 90, 90), (200, 10, 40)]
    image = np.array(colors, dtype=np.uint8).reshape(1, 1, 5, 3)
    expected = np.array([[2, 0, 1, 0, 1, 1]]) / 5
    np.testing.assert_allclose(features.hue_histogram(image, 6, **QUIET), expected, rtol=1e-6)


def test_hue_histogram_counts_the_hues_of_the_standard_library():
    images = images_of(70, 5, 4)
    hues = np.array([colorsys.rgb_to_hsv(*map(int, p))[0] for p in images.reshape(-1, 3)])
    off_edges = np.abs(hues * 10 - np.rint(hues * 10)) > 1e-6
    got = features.hue_histogram(images.reshape(-1, 1, 1, 3), 10, **QUIET)
    assert off_edges.mean() > 0.9
    assert np.array_equal(got.argmax(axis=1)[off_edges], (hues * 10).astype(int)[off_edges])
    whole = features.hue_histogram(images, 10, **QUIET)
    np.testing.assert_allclose(whole, got.reshape(70, 20, 10).mean(axis=1), rtol=1e-6)


def test_hue_on_the_edge_of_a_bin_belongs_to_the_upper_bin():
    # (G - B) / spread is 3 / 5, which is the first of ten edges, 0.6 sixths of the circle.
    image = np.array([105, 103, 100], dtype=np.uint8).reshape(1, 1, 1, 3)
    assert features.hue_histogram(image, 10, **QUIET).argmax() == 1


# ---------------------------------------------------------------------------------- HOG


def test_hog_of_a_straight_edge():
    image = np.zeros((1, 8, 8, 3), dtype=np.uint8)
    image[:, 4:] = 100
    got = features.hog_features(image, **QUIET)
    np.testing.assert_allclose(got, 25 * np.eye(9)[[4]], atol=1e-4)
    sideways = features.hog_features(image.swapaxes(1, 2)[:, :, ::-1], **QUIET)
    np.testing.assert_allclose(sideways, 25 * np.eye(9)[[0]], atol=1e-4)


@pytest.mark.parametrize(("cell", "bins"), [(8, 9), (4, 7), (5, 4)])
def test_hog_agrees_with_the_plain_definition(cell, bins):
    images = images_of(70, 16, 24)
    got = features.hog_features(images, cell, bins, **QUIET)
    fitting = images[:, : 16 // cell * cell, : 24 // cell * cell]
    # Differences at the cut are those of the whole image, so the plain one sees the whole too.
    down, right = _gradients(_gray(images.astype(float)))
    rows, cols = fitting.shape[1:3]
    down, right = down[:, :rows, :cols], right[:, :rows, :cols]
    bin_of = (np.degrees(np.arctan2(down, right)) % 180 * bins / 180).astype(int) % bins
    expected = np.zeros((70, rows // cell, cols // cell, bins))
    n, y, x = np.indices(down.shape)
    np.add.at(expected, (n, y // cell, x // cell, bin_of), np.hypot(down, right) / cell**2)
    differs = ~np.isclose(got, expected.reshape(70, -1), rtol=1e-4, atol=1e-3)
    assert differs.mean() < 0.002  # a gradient on the edge of a bin may fall to either side


def test_hog_agrees_with_scikit_image_up_to_its_normalization():
    """Blocks of one cell, L1: scikit-image divides each cell by its sum; we never do.

    Its channels_axis picks the strongest channel, so it gets our gray image. Angles, hard bins,
    plain differences and zero borders are the same.
    """
    skimage_feature = pytest.importorskip("skimage.feature")
    images = images_of(20, 32, 32)
    ours = features.hog_features(images, **QUIET).reshape(20, 4, 4, 9)
    gray = images @ np.array([0.299, 0.587, 0.114])
    theirs = [
        skimage_feature.hog(
            image, 9, (8, 8), cells_per_block=(1, 1), block_norm="L1", feature_vector=False
        )
        for image in gray
    ]
    shares = ours / ours.sum(axis=-1, keepdims=True)
    differs = ~np.isclose(shares, np.array(theirs).reshape(shares.shape), atol=2e-4)
    # Where equal grays differ by rounding, scikit-image takes -1e-14 degrees modulo 180, gets
    # 180.0, and drops the pixel: one cell here, all nine shares of it.
    assert differs.mean() < 0.01


# -------------------------------------------------------------------------------- patches


def test_patches_are_cut_from_all_places_and_flattened_row_column_color():
    images = np.arange(3 * 5 * 6 * 3, dtype=np.float32).reshape(3, 5, 6, 3)
    patches = features.extract_patches(images, 2, 2000, np.random.default_rng(0))
    assert patches.shape == (2000, 12) and patches.dtype == np.float32
    assert len(np.unique(patches[:, 0])) == 3 * 4 * 5
    for patch in patches[:50]:
        i, row, col, color = np.unravel_index(int(patch[0]), images.shape)
        assert color == 0
        assert np.array_equal(patch, images[i, row : row + 2, col : col + 2].ravel())


def test_normalized_contrast_has_mean_zero_and_unit_spread():
    patches = np.random.default_rng(0).uniform(0, 255, (40, 27)).astype(np.float32)
    normal = features.normalize_contrast(patches)
    np.testing.assert_allclose(normal.mean(axis=1), 0, atol=1e-5)
    variance = patches.var(axis=1)
    np.testing.assert_allclose(normal.var(axis=1), variance / (variance + 10), rtol=1e-4)
    assert np.array_equal(features.normalize_contrast(np.full((1, 27), 7.0)), np.zeros((1, 27)))


def test_whitened_patches_are_uncorrelated():
    rng = np.random.default_rng(0)
    patches = rng.standard_normal((4000, 6)) @ rng.standard_normal((6, 6)) + 3
    white = features.whitening(patches, softening=0.0, keep=1.0).apply(patches)
    np.testing.assert_allclose(np.cov(white, rowvar=False, bias=True), np.eye(6), atol=1e-8)


def test_whitening_drops_directions_that_hold_nothing():
    rng = np.random.default_rng(0)
    patches = rng.standard_normal((500, 2)) @ rng.standard_normal((2, 6))
    whitening = features.whitening(patches, keep=0.999)
    assert whitening.directions.shape == (6, 2)
    rebuilt = whitening.pictures(whitening.apply(patches) * whitening.spreads)
    np.testing.assert_allclose(rebuilt, patches - patches.mean(axis=0), atol=1e-8)


# -------------------------------------------------------------------------------- k-means


def test_kmeans_takes_the_steps_of_lloyds_algorithm():
    patches = np.random.default_rng(0).standard_normal((300, 5))
    start = features.kmeans(patches, 7, 0, np.random.default_rng(1), **QUIET)[0]
    got = features.kmeans(patches, 7, 6, np.random.default_rng(1), **QUIET)[0]
    np.testing.assert_allclose(got, _lloyd(patches, start, 6), rtol=1e-9)


def test_inertia_never_rises_and_is_the_sum_of_squared_distances():
    patches = np.random.default_rng(0).standard_normal((400, 4)).astype(np.float32)
    start = features.kmeans(patches, 9, 0, np.random.default_rng(1), **QUIET)[0]
    _, inertias = features.kmeans(patches, 9, 8, np.random.default_rng(1), **QUIET)
    squares = ((patches[:, None].astype(float) - start) ** 2).sum(axis=2).min(axis=1)
    assert inertias[0] == pytest.approx(squares.sum(), rel=1e-5)
    assert np.all(np.diff(inertias) <= 0)


def test_empty_cluster_keeps_its_centroid():
    patches = np.repeat([[0.0, 0.0], [5.0, 5.0]], 4, axis=0)
    for seed in range(10):
        got, _ = features.kmeans(patches, 4, 3, np.random.default_rng(seed), **QUIET)
        assert np.isfinite(got).all() and set(map(tuple, got)) <= {(0.0, 0.0), (5.0, 5.0)}


def test_inertia_agrees_with_scikit_learn_from_the_same_start():
    cluster = pytest.importorskip("sklearn.cluster")
    patches = np.random.default_rng(0).standard_normal((2000, 12))
    start = features.kmeans(patches, 20, 0, np.random.default_rng(1), **QUIET)[0]
    got, _ = features.kmeans(patches, 20, 15, np.random.default_rng(1), **QUIET)
    peer = cluster.KMeans(20, init=start, n_init=1, max_iter=15, tol=0, algorithm="lloyd")
    peer.fit(patches)
    distances = ((patches[:, None] - got) ** 2).sum(axis=2).min(axis=1)
    assert distances.sum() == pytest.approx(peer.inertia_, rel=1e-6)


def test_more_centroids_than_patches_are_refused():
    with pytest.raises(ValueError, match="k=5 for 3 patches"):
        features.kmeans(np.zeros((3, 2)), 5, 1, np.random.default_rng(0), **QUIET)


# ------------------------------------------------------------------------------- encoding


@pytest.fixture(scope="module")
def book():
    images = images_of(30, 9, 10, seed=5)
    return features.learn_codebook(
        images, 11, np.random.default_rng(0), size=3, n_patches=400, n_iters=3, **QUIET
    )


def plain_encoding(image, book, code, stride, threshold):
    """The definition of `encode`, patch by patch, in float64."""
    size, (height, width, _) = book.size, image.shape
    lines = len(range(0, height - size + 1, stride)), len(range(0, width - size + 1, stride))
    answers = np.zeros((2, 2, len(book.words)))
    for row, col in np.ndindex(*lines):
        y, x = stride * row, stride * col
        patch = image[y : y + size, x : x + size].astype(float).reshape(1, -1)
        white = book.whitening.apply(features.normalize_contrast(patch))[0]
        distances = np.linalg.norm(white - book.words, axis=1)
        directions = book.words / np.linalg.norm(book.words, axis=1, keepdims=True)
        value = {
            "soft": np.maximum(0, directions @ white - threshold),
            "triangle": np.maximum(0, distances.mean() - distances),
            "hard": distances == distances.min(),
        }[code]
        lower, right = row >= (lines[0] + 1) // 2, col >= (lines[1] + 1) // 2
        answers[int(lower), int(right)] += value
    return answers.reshape(-1)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("code", ["soft", "triangle", "hard"])
def test_encoding_agrees_with_its_definition(book, code, stride):
    images = images_of(19, 9, 10, seed=6)
    got = features.encode(images, book, code=code, stride=stride, threshold=0.3, **QUIET)
    expected = [plain_encoding(image, book, code, stride, 0.3) for image in images]
    np.testing.assert_allclose(got, expected, rtol=2e-4, atol=2e-3)


@pytest.mark.parametrize("code", ["soft", "triangle"])
def test_words_that_never_answer_are_not_below_zero(book, code):
    deaf = features.encode(images_of(19, 9, 10), book, code=code, threshold=2.0, **QUIET)
    assert np.all(deaf >= 0)


def test_unknown_code_is_refused(book):
    with pytest.raises(ValueError, match="'tetrahedron'"):
        features.encode(images_of(1, 9, 10), book, code="tetrahedron", **QUIET)


# ------------------------------------------------------------------------- scaling, training


def test_standardized_features_have_mean_zero_and_unit_spread():
    rng = np.random.default_rng(0)
    train, other = 3 + 2 * rng.standard_normal((2, 50, 4))
    train[:, 2] = 7.0
    scaled, scaled_other = features.standardize(train, other)
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=0), [1, 1, 0, 1], atol=1e-12)
    expected = (other - train.mean(axis=0)) / np.where(np.arange(4) == 2, np.inf, train.std(axis=0))
    np.testing.assert_allclose(scaled_other, expected, atol=1e-12)


def test_decorrelated_features_are_uncorrelated_and_all_sets_change_alike():
    rng = np.random.default_rng(0)
    train = rng.standard_normal((600, 5)) @ rng.standard_normal((5, 5)) + 2
    white, again = features.decorrelate(train, train[:7], softening=0.0)
    np.testing.assert_allclose(white.T @ white / 600, np.eye(5), atol=1e-9)
    np.testing.assert_allclose(again, white[:7], atol=1e-9)


def test_condition_number_is_the_ratio_of_variances():
    rng = np.random.default_rng(0)
    turn, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    independent, _ = np.linalg.qr(rng.standard_normal((500, 4)) - np.arange(4))
    independent, _ = np.linalg.qr(independent[:, :3] - independent[:, :3].mean(axis=0))
    spread = independent * [1.0, 3.0, 10.0] @ turn
    assert features.condition_number(spread) == pytest.approx(100, rel=0.01)
    assert features.condition_number(spread[:, [0, 0]]) > 1e12


def test_features_decorrelated_in_place_need_no_second_copy():
    train = np.random.default_rng(0).standard_normal((300, 4))
    (expected,) = features.decorrelate(train)
    (overwritten,) = features.decorrelate(train, in_place=True)
    assert overwritten is train
    np.testing.assert_array_equal(train, expected)


# ---------------------------------------------------------------------------------- misuse


@pytest.mark.parametrize("function", [features.hue_histogram, features.hog_features])
def test_images_with_the_mean_subtracted_are_refused(function):
    with pytest.raises(ValueError, match="without the mean subtracted"):
        function(images_of(2, 8, 8).astype(np.float32) - 120, **QUIET)


@pytest.mark.parametrize("function", [features.hue_histogram, features.hog_features])
def test_rows_of_pixels_are_refused(function):
    with pytest.raises(ValueError, match=r"\(4, 3072\).*expected \(N, H, W, 3\)"):
        function(np.zeros((4, 3072), dtype=np.float32), **QUIET)


def test_arguments_are_left_as_they_were(book):
    images = images_of(12, 9, 10)
    before = images.copy()
    features.hue_histogram(images, **QUIET)
    features.hog_features(images, 3, **QUIET)
    features.encode(images, book, **QUIET)
    features.extract_patches(images, 3, 5, np.random.default_rng(0))
    assert np.array_equal(images, before)

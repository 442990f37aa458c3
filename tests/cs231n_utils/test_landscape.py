"""Slices against direct evaluation by PyTorch in float64, kinks and planes against their laws."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from cs231n_utils import landscape
from cs231n_utils.losses import softmax_loss, svm_loss, svm_loss_and_gradient

REG = 0.3


@pytest.fixture
def problem():
    """Weights, two directions at no special angle, images and labels; N, D, C all different."""
    rng = np.random.default_rng(231)
    W, W1, W2 = rng.standard_normal((3, 7, 4)) + rng.standard_normal((7, 4))
    X = rng.standard_normal((50, 7))
    X[:, -1] = 1
    return W, W1, W2, X, rng.integers(0, 4, 50)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def by_pytorch(kind, W, X, y):
    torch = pytest.importorskip("torch")
    scores, labels = torch.tensor(X @ W), torch.tensor(y)
    if kind == "softmax":
        loss = torch.nn.functional.cross_entropy(scores, labels)
    else:
        # PyTorch divides the sum over the classes by their number.
        loss = torch.nn.functional.multi_margin_loss(scores, labels) * W.shape[1]
    return float(loss) + REG * float(np.sum(W**2))


UNEVEN = np.array([0.7, -2.0, 3.0, -1e3, 0.0])
EVEN = np.linspace(-1.5, 2.0, 8)


@pytest.mark.xdist_group("torch")
@pytest.mark.parametrize("kind", ["svm", "softmax"])
@pytest.mark.parametrize("last", [UNEVEN, EVEN, EVEN[::-1], EVEN[:1]])
def test_linear_slice_in_a_plane_is_direct_evaluation(problem, kind, last):
    W, W1, W2, X, y = problem
    got = landscape.slice_linear(kind, W, [W1, W2], X, y, [UNEVEN, last], REG)
    direct = [[by_pytorch(kind, W + a * W1 + b * W2, X, y) for b in last] for a in UNEVEN]
    np.testing.assert_allclose(got, direct, rtol=1e-12)


@pytest.mark.xdist_group("torch")
@pytest.mark.parametrize("kind", ["svm", "softmax"])
@pytest.mark.parametrize("steps", [UNEVEN, EVEN])
def test_linear_slice_along_a_line_is_direct_evaluation(problem, kind, steps):
    W, W1, _, X, y = problem
    got = landscape.slice_linear(kind, W, [W1], X, y, [steps], REG)
    np.testing.assert_allclose(got, [by_pytorch(kind, W + a * W1, X, y) for a in steps], rtol=1e-12)


@pytest.mark.xdist_group("torch")
def test_linear_slice_in_three_directions_keeps_the_order_of_its_axes(problem):
    W, W1, W2, X, y = problem
    grids = [EVEN[:2], EVEN[2:5], EVEN[4:]]
    got = landscape.slice_linear("svm", W, [W1, W2, X[:7, :4]], X, y, grids, REG)
    assert got.shape == (2, 3, 4)
    point = W + grids[0][1] * W1 + grids[1][2] * W2 + grids[2][0] * X[:7, :4]
    assert got[1, 2, 0] == pytest.approx(by_pytorch("svm", point, X, y), rel=1e-12)


@pytest.mark.parametrize(("kind", "loss"), [("svm", svm_loss), ("softmax", softmax_loss)])
def test_fast_and_black_box_slices_agree_in_float32(problem, kind, loss):
    W, W1, W2, X, y = (array.astype(np.float32) for array in problem)
    y, grids = y.astype(int), [EVEN, UNEVEN]
    fast = landscape.slice_linear(kind, W, [W1, W2], X, y, grids, REG)
    slow = landscape.slice_loss(lambda V: loss(V, X, y, REG), W, [W1, W2], grids)
    np.testing.assert_allclose(fast, slow, rtol=1e-5)


def test_images_in_several_blocks_count_as_one_set(problem, monkeypatch):
    W, W1, W2, X, y = problem
    whole = landscape.slice_linear("svm", W, [W1, W2], X, y, [EVEN, EVEN], REG)
    monkeypatch.setattr(landscape, "IMAGES_AT_ONCE", 7)
    parts = landscape.slice_linear("svm", W, [W1, W2], X, y, [EVEN, EVEN], REG)
    np.testing.assert_allclose(parts, whole, rtol=1e-12)


def test_level_ramps_and_kinks_on_grid_points_are_counted_right():
    """Along a direction that moves one class by whole steps, kinks fall on the grid."""
    X, y = np.array([[1.0], [1.0]]), np.array([0, 1])
    W, W1 = np.array([[0.0, 0.0, 2.0]]), np.array([[1.0, -0.0, 0.0]])
    ts = np.arange(-3.0, 5.0)
    got = landscape.slice_linear("svm", W, [W1], X, y, [ts])
    ramp = np.maximum
    image_0 = ramp(0, 1 - ts) + ramp(0, 3 - ts)
    image_1 = ramp(0, 1 + ts) + 3
    np.testing.assert_allclose(got, (image_0 + image_1) / 2, rtol=1e-14)


def test_any_loss_is_evaluated_at_every_combination_of_steps():
    start, axes = np.array([1.0, 2.0]), np.eye(2)
    got = landscape.slice_loss(lambda w: w[0] ** 3 + 10 * w[1], start, axes, [[0, 1, 2], [0, -1]])
    np.testing.assert_array_equal(got, [[21, 11], [28, 18], [47, 37]])


@pytest.mark.parametrize(
    ("directions", "grids", "words"),
    [
        ([np.ones((7, 4))], [EVEN, EVEN], "1 directions and 2 grids"),
        ([np.ones((4, 7))], [EVEN], r"shape \(4, 7\)"),
        ([], [], "0 directions"),
    ],
)
def test_directions_that_do_not_fit_are_named(problem, directions, grids, words):
    W, _, _, X, y = problem
    with pytest.raises(ValueError, match=words):
        landscape.slice_linear("svm", W, directions, X, y, grids)
    with pytest.raises(ValueError, match=words):
        landscape.slice_loss(np.sum, W, directions, grids)


def test_unknown_loss_is_named(problem):
    W, W1, _, X, y = problem
    with pytest.raises(ValueError, match="'hinge'"):
        landscape.slice_linear("hinge", W, [W1], X, y, [EVEN])


# --------------------------------------------------------------------------------- convexity


@pytest.mark.parametrize("kind", ["svm", "softmax"])
def test_slices_of_a_linear_classifier_are_convex_and_more_so_by_the_penalty(problem, kind):
    W, W1, _, X, y = problem
    ts = np.linspace(-3, 3, 61)
    bends = [
        np.diff(landscape.slice_linear(kind, W, [W1], X, y, [ts], reg), 2) for reg in (0.0, REG)
    ]
    assert bends[0].min() > -1e-12
    added = 2 * REG * np.sum(W1**2) * (ts[1] - ts[0]) ** 2
    np.testing.assert_allclose(bends[1] - bends[0], added, rtol=1e-8)


# -------------------------------------------------------------------------------- directions


def test_random_directions_have_length_one_and_no_preferred_axis():
    rng = np.random.default_rng(231)
    like = np.zeros((3, 2), np.float32)
    drawn = np.stack([landscape.random_direction(like, rng) for _ in range(4_000)])
    assert drawn.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(drawn, axis=(1, 2)), 1, rtol=1e-5)
    second_moments = drawn.reshape(-1, 6).T @ drawn.reshape(-1, 6) / len(drawn)
    np.testing.assert_allclose(second_moments, np.eye(6) / 6, atol=0.015)


def test_gradient_slope_is_the_slope_of_the_slice(problem):
    W, _, _, X, y = problem
    _, gradient = svm_loss_and_gradient(W, X, y, REG)
    direction = landscape.unit(gradient)
    low, high = landscape.slice_linear("svm", W, [direction], X, y, [[-1e-7, 1e-7]], REG)
    assert (high - low) / 2e-7 == pytest.approx(np.linalg.norm(gradient), rel=1e-6)


def test_zero_has_no_direction():
    with pytest.raises(ValueError, match="all zero"):
        landscape.unit(np.zeros(3))


def test_filter_normalized_columns_are_as_long_as_those_of_the_weights(problem):
    W, W1, *_ = problem
    W = W * [1, 10, 0.1, 0]
    scaled = landscape.filter_normalized(W1, W)
    np.testing.assert_allclose(np.linalg.norm(scaled, axis=0), np.linalg.norm(W, axis=0))
    cosines = np.sum(scaled * W1, 0)[:3] / np.linalg.norm(W1[:, :3], axis=0)
    np.testing.assert_allclose(cosines, np.linalg.norm(W[:, :3], axis=0))


def test_pca_finds_the_plane_that_a_run_lies_in():
    rng = np.random.default_rng(231)
    u, v = np.linalg.qr(rng.standard_normal((30, 2)))[0].T.reshape(2, 5, 6)
    end = rng.standard_normal((5, 6))
    steps = np.array([[9.0, 1.0], [6.0, -1.0], [3.0, 0.5], [1.0, 0.2], [0.0, 0.0]])
    path = [end + a * u + b * v for a, b in steps]
    (first, second), shares = landscape.pca_plane(path)
    assert shares.sum() == pytest.approx(1) and shares[0] > 0.97
    assert abs(np.vdot(first, u)) > 0.99 and abs(np.vdot(first, second)) < 1e-12
    route = landscape.coordinates(path, end, [first, second])
    rebuilt = [end + a * first + b * second for a, b in route]
    np.testing.assert_allclose(rebuilt, path, atol=1e-12)


def test_pca_of_too_short_a_run_is_refused():
    with pytest.raises(ValueError, match="n_directions=2 for a run of 2 points"):
        landscape.pca_plane([np.zeros(3), np.ones(3)])


def test_coordinates_are_those_of_skewed_directions_too(problem):
    W, W1, W2, *_ = problem
    steps = np.array([[1.0, 2.0], [-3.0, 0.5]])
    path = [W + a * W1 + b * W2 for a, b in steps]
    np.testing.assert_allclose(landscape.coordinates(path, W, [W1, W2]), steps)


# ------------------------------------------------------------------------------------- kinks


def test_slope_jumps_at_each_kink_and_nowhere_else(problem):
    W, W1, _, X, y = problem
    X, y = X[:4], y[:4]
    positions, jumps = landscape.svm_kinks(W, W1, X, y)
    assert len(positions) == 4 * 3 and np.all(np.diff(positions) > 0)
    between = np.concatenate(
        [[positions[0] - 1], (positions[:-1] + positions[1:]) / 2, [positions[-1] + 1]]
    )
    slopes = [np.vdot(svm_loss_and_gradient(W + t * W1, X, y)[1], W1) for t in between]
    np.testing.assert_allclose(np.diff(slopes), jumps, rtol=1e-9)


def test_along_a_direction_that_moves_no_score_there_are_no_kinks(problem):
    W, _, _, X, y = problem
    same_for_all_classes = np.ones_like(W)
    assert landscape.svm_kinks(W, same_for_all_classes, X, y)[0].size == 0


def test_creases_of_a_plane_are_cut_off_at_its_frame_and_a_margin_is_zero_on_them(problem):
    W, W1, W2, X, y = problem
    X, y, extent = X[:6], y[:6], 0.7
    creases = landscape.svm_creases(W, [W1, W2], X, y, extent)
    assert 0 < len(creases) < 6 * 3
    np.testing.assert_allclose(np.abs(creases).max(axis=2), extent)
    wrong = np.arange(4) != y[:, np.newaxis]

    def margins(a, b):
        scores = X @ (W + a * W1 + b * W2)
        return (scores - scores[np.arange(6), y][:, np.newaxis] + 1)[wrong]

    corners = np.array([margins(a, b) for a in (-extent, extent) for b in (-extent, extent)])
    assert len(creases) == np.sum((corners.max(axis=0) > 0) & (corners.min(axis=0) < 0))
    for start, end in creases:
        on_both = np.maximum(np.abs(margins(*start)), np.abs(margins(*end)))
        assert on_both.min() == pytest.approx(0, abs=1e-9)


# ------------------------------------------------------------------------------------- plots


def test_curve_draws_the_predicted_slope_through_step_zero():
    _, ax = plt.subplots()
    ts = np.linspace(-1, 1, 21)
    landscape.draw_curve(ax, ts, ts**2 + ts, slope=1.0)
    curve, tangent, point = ax.lines
    np.testing.assert_array_equal(curve.get_ydata(), ts**2 + ts)
    np.testing.assert_allclose(tangent.get_ydata(), tangent.get_xdata())
    assert (point.get_xdata()[0], point.get_ydata()[0]) == (0, 0)


@pytest.mark.parametrize("log", [False, True])
def test_contour_has_a_labeled_color_bar_and_the_run_on_it(log):
    fig, ax = plt.subplots()
    a, b = np.linspace(-1, 2, 7), np.linspace(0, 5, 9)
    path = np.array([[0.0, 1.0], [1.0, 4.0]])
    landscape.draw_contour(ax, (a, b), 1 + a[:, None] ** 2 + b, path, log=log, label="height")
    bar = fig.axes[1]
    assert bar.get_ylabel() == ("height (log scale)" if log else "height")
    assert not log or bar.get_yticks().tolist() == [1, 2, 5, 10]
    assert ax.get_xlim()[0] <= -1 and ax.get_ylim()[1] >= 5
    ends = [tuple(float(c[0]) for c in line.get_data()) for line in ax.lines]
    assert ends == [(0.0, 1.0), (1.0, 4.0)]


def test_surface_has_its_first_direction_along_x():
    fig = plt.figure()
    ax = fig.add_subplot(projection="3d")
    a, b = np.linspace(-1, 2, 4), np.linspace(0, 5, 6)
    landscape.draw_surface(ax, (a, b), a[:, None] + 0 * b, label="height")
    assert ax.get_zlabel() == "height" and fig.axes[1].get_ylabel() == "height"
    assert ax.get_xlim()[1] < 3 and ax.get_ylim()[1] > 4.9

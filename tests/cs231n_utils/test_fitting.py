"""The fits reach the minimum: judged by conditions only a minimum meets.

The losses here are written out image by image, and their slopes are centered differences:
nothing is shared with the module.
"""

import math

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from cs231n_utils import fitting
from cs231n_utils.fitting import fit_one_vs_all_svm, fit_softmax
from tests.support.blas import blas_threads

N_STEPS = 3_000


def cross_entropy(W, X, y):
    total = 0.0
    for row, label in zip(X, y, strict=True):
        scores = [sum(a * b for a, b in zip(row, column, strict=True)) for column in W.T]
        total += math.log(sum(math.exp(score) for score in scores)) - scores[label]
    return total / len(y)


def slope(W, X, y, loss=cross_entropy, h=1e-6):
    """Centered differences of a loss, one weight at a time."""
    out = np.zeros_like(W)
    for index in np.ndindex(W.shape):
        up, down = W.copy(), W.copy()
        up[index] += h
        down[index] -= h
        out[index] = (loss(up, X, y) - loss(down, X, y)) / (2 * h)
    return out


@pytest.fixture
def problem():
    """Thirty examples, six features and a bias column, three overlapping classes."""
    rng = np.random.default_rng(231)
    X = np.hstack([rng.standard_normal((30, 6)) * [3, 2, 1, 1, 1, 0.5], np.ones((30, 1))])
    y = np.argmax(X[:, :3] + rng.gumbel(size=(30, 3)), axis=1)
    return X, y


@pytest.mark.parametrize("reg", [0.01, 0.1, 1.0])
def test_l2_minimum_has_no_slope_left(problem, reg):
    X, y = problem
    W = fit_softmax(X, y, reg, kind="l2", n_steps=N_STEPS)
    np.testing.assert_allclose(slope(W, X, y) + 2 * reg * W, 0, atol=1e-7)


@pytest.mark.parametrize(
    ("kind", "reg", "l1", "l2"),
    [("l1", 0.02, 0.02, 0.0), ("l1", 0.1, 0.1, 0.0), ("elastic_net", 0.1, 0.03, 0.07)],
)
def test_l1_minimum_balances_kept_weights_and_outweighs_dropped_ones(problem, kind, reg, l1, l2):
    X, y = problem
    W = fit_softmax(X, y, reg, kind=kind, n_steps=N_STEPS, l1_ratio=0.3)
    pull = slope(W, X, y) + 2 * l2 * W
    kept = W != 0
    assert 0 < kept.sum() < W.size
    np.testing.assert_allclose(pull[kept], -l1 * np.sign(W[kept]), atol=1e-7)
    assert np.all(np.abs(pull[~kept]) <= l1 + 1e-7)


def test_l1_keeps_nothing_from_the_largest_slope_at_zero_on(problem):
    X, y = problem
    threshold = np.abs(slope(np.zeros((7, 3)), X, y)).max()
    assert not fit_softmax(X, y, threshold * 1.001, kind="l1").any()
    assert fit_softmax(X, y, threshold * 0.99, kind="l1").any()


@pytest.mark.parametrize(("l1_ratio", "kind"), [(0.0, "l2"), (1.0, "l1")])
def test_elastic_net_ends_at_l2_and_l1(problem, l1_ratio, kind):
    X, y = problem
    mixed = fit_softmax(X, y, 0.05, kind="elastic_net", l1_ratio=l1_ratio)
    np.testing.assert_array_equal(mixed, fit_softmax(X, y, 0.05, kind=kind))


def test_without_penalty_separable_examples_are_all_learned():
    rng = np.random.default_rng(231)
    X = rng.standard_normal((20, 50))
    y = rng.integers(0, 4, size=20)
    W = fit_softmax(X, y, reg=0.0)
    assert np.array_equal(np.argmax(X @ W, axis=1), y)
    assert cross_entropy(W, X, y) < 0.05


def test_more_pixels_than_images_or_fewer_reach_the_same_minimum(problem):
    X, y = problem
    doubled = np.hstack([X, X, X, X, X])  # 35 columns for 30 rows: same scores from equal shares
    wide = fit_softmax(doubled, y, 0.1, n_steps=N_STEPS)
    tall = fit_softmax(X, y, 0.1 / 5, n_steps=N_STEPS)
    np.testing.assert_allclose(doubled @ wide, X @ tall, atol=1e-6)


def test_float32_stays_float32_and_agrees_with_float64(problem):
    X, y = problem
    W = fit_softmax(X.astype(np.float32), y, 0.1)
    assert W.dtype == np.float32
    np.testing.assert_allclose(W, fit_softmax(X, y, 0.1), atol=1e-5)


def test_fit_keeps_its_small_products_in_one_thread(problem, monkeypatch):
    seen = []

    def slope(W, X, y):
        seen.extend(blas_threads())
        return W

    monkeypatch.setattr(fitting, "_slope", slope)
    with threadpool_limits(2, user_api="blas"):
        fit_softmax(*problem, 0.1, n_steps=1)
    assert set(seen) == {1}


def test_scores_too_large_for_exp_do_no_harm():
    X = np.array([[1e4, 1.0], [-1e4, 1.0]])
    assert np.isfinite(fit_softmax(X, np.array([0, 1]), reg=0.0)).all()


def test_arguments_are_left_alone(problem):
    X, y = problem
    X_before, y_before = X.copy(), y.copy()
    fit_softmax(X, y, 0.1, kind="l1")
    np.testing.assert_array_equal(X, X_before)
    np.testing.assert_array_equal(y, y_before)


@pytest.mark.parametrize(
    ("arguments", "got"),
    [
        ({"reg": 1.0, "kind": "l3"}, "'l3'"),
        ({"reg": -1.0}, "-1.0"),
        ({"reg": 1.0, "kind": "elastic_net", "l1_ratio": 1.5}, "1.5"),
        ({"reg": 1.0, "y": np.array([0, 1])}, r"y of shape \(2,\), expected \(30,\)"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(problem, arguments, got):
    with pytest.raises(ValueError, match=got):
        fit_softmax(**{**dict(zip(("X", "y"), problem, strict=True)), **arguments})


# ------------------------------------------------------------------------------- one-vs-all SVM


def squared_hinge(W, X, y):
    total = 0.0
    for row, label in zip(X, y, strict=True):
        for c, column in enumerate(W.T):
            score = sum(a * b for a, b in zip(row, column, strict=True))
            total += max(0.0, 1 - (score if c == label else -score)) ** 2
    return total / len(y)


@pytest.mark.parametrize("reg", [0.003, 0.1])
def test_svm_minimum_has_no_slope_left(problem, reg):
    X, y = problem
    W = fit_one_vs_all_svm(X, y, reg, n_steps=N_STEPS, progress=False)
    assert np.mean((X @ W)[np.arange(30), y] > 1) > 0.1, "some margins are kept"
    np.testing.assert_allclose(slope(W, X, y, squared_hinge) + 2 * reg * W, 0, atol=1e-7)


def test_svm_is_least_squares_where_every_margin_is_violated(problem):
    X, y = problem
    targets = 2.0 * (y[:, None] == np.arange(3)) - 1
    ridge = np.linalg.solve(X.T @ X + 30 * 100.0 * np.eye(7), X.T @ targets)
    assert np.all(targets * (X @ ridge) < 1)
    W = fit_one_vs_all_svm(X, y, 100.0, n_steps=1, progress=False)
    np.testing.assert_allclose(W, ridge, rtol=1e-9)


def test_twenty_steps_are_enough_for_features_that_answer_together():
    rng = np.random.default_rng(231)
    X = rng.standard_normal((400, 30)) * np.logspace(0, -3, 30) @ rng.standard_normal((30, 30))
    y = np.argmax(X[:, :4] + rng.gumbel(size=(400, 4)), axis=1)
    few, many = (fit_one_vs_all_svm(X, y, 1e-3, n, progress=False) for n in (20, 500))
    assert np.mean((X @ few).argmax(axis=1) == (X @ many).argmax(axis=1)) > 0.99
    np.testing.assert_allclose(X @ few, X @ many, atol=0.02)


def test_svm_without_penalty_is_refused(problem):
    with pytest.raises(ValueError, match=r"got reg=0\.0"):
        fit_one_vs_all_svm(*problem, reg=0.0)

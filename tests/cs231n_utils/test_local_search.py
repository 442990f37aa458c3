"""Local search by shared products, against the same search with one loss after another."""

import numpy as np
import pytest

from cs231n_utils.local_search import local_search


def problem(dtype, n=60, d=7, c=4):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, d)).astype(dtype)
    return X, rng.integers(0, c, n), rng.standard_normal((d, c)).astype(dtype)


def hinge(W, X, y):
    losses = []
    for x, label in zip(X.astype(float), y, strict=True):
        scores = x @ W.astype(float)
        losses.append(np.maximum(0, np.delete(scores, label) - scores[label] + 1).sum())
    return np.mean(losses)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_history_starts_falls_and_ends_at_the_loss_of_the_weights(dtype):
    X, y, W0 = problem(dtype)
    walk = local_search(X, y, W0, 80, 0.05, np.random.default_rng(1), stack=16, progress=False)
    assert walk.W.dtype == dtype and walk.W.shape == W0.shape
    assert walk.start_loss == pytest.approx(hinge(W0, X, y), rel=1e-5)
    assert walk.history[-1] == pytest.approx(hinge(walk.W, X, y), rel=1e-4)
    falls = -np.diff(walk.history, prepend=walk.start_loss)
    assert np.array_equal(falls > 0, walk.accepted) and falls.min() == 0
    assert 5 < walk.accepted.sum() < 75


def test_same_path_as_one_loss_after_another():
    X, y, W0 = problem(np.float64)
    walk = local_search(X, y, W0, 50, 0.1, np.random.default_rng(2), stack=1, progress=False)
    rng = np.random.default_rng(2)
    W, best, history = W0, hinge(W0, X, y), []
    for _ in range(50):
        candidate = W + 0.1 * rng.standard_normal(W0.T.shape).T
        if hinge(candidate, X, y) < best:
            W, best = candidate, hinge(candidate, X, y)
        history.append(best)
    np.testing.assert_allclose(walk.W, W, rtol=1e-9)
    np.testing.assert_allclose(walk.history, history, rtol=1e-9)


@pytest.mark.parametrize("stack", [7, 20, 100])
def test_path_does_not_depend_on_how_many_steps_share_a_product(stack):
    X, y, W0 = problem(np.float64)
    one = local_search(X, y, W0, 40, 0.1, np.random.default_rng(3), stack=1, progress=False)
    many = local_search(X, y, W0, 40, 0.1, np.random.default_rng(3), stack=stack, progress=False)
    assert np.array_equal(one.accepted, many.accepted)
    np.testing.assert_allclose(one.W, many.W, rtol=1e-9)


def test_arguments_are_left_as_they_were():
    X, y, W0 = problem(np.float32)
    before = X.copy(), y.copy(), W0.copy()
    local_search(X, y, W0, 20, 0.1, np.random.default_rng(4), progress=False)
    assert all(np.array_equal(a, b) for a, b in zip(before, (X, y, W0), strict=True))


def test_progress_goes_to_standard_output(capsys):
    X, y, W0 = problem(np.float32)
    local_search(X, y, W0, 20, 0.1, np.random.default_rng(5))
    shown = capsys.readouterr()
    assert "20/20" in shown.out and not shown.err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda X, y, W: (X, y, W.T.copy()), "expected"),
        (lambda X, y, W: (X, y[:-1], W), "expected"),
        (lambda X, y, W: (X, y, W.astype(np.float64)), "W0 of dtype float64, expected a float32"),
        (lambda X, y, W: (X.astype(int), y, W), "X of dtype int64, expected a float32 or"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_what_was_got(change, message):
    with pytest.raises((TypeError, ValueError), match=message):
        local_search(*change(*problem(np.float32)), 5, 0.1, np.random.default_rng(6))

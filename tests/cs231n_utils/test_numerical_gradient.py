"""The one-column numerical gradient: equal to stepping in every weight, and to calculus."""

import numpy as np
import pytest

from cs231n_utils import numerical_gradient as numeric
from cs231n_utils.numerical_gradient import linear_numerical_gradient


def hinge(W, X, y, reg):
    total = 0.0
    for x, label in zip(X, y, strict=True):
        scores = x @ W
        total += sum(
            max(0.0, scores[j] - scores[label] + 1) for j in range(len(scores)) if j != label
        )
    return total / len(X) + reg * np.sum(W**2)


def cross_entropy(W, X, y, reg):
    exponentials = np.exp(X @ W)
    p = exponentials / exponentials.sum(axis=1, keepdims=True)
    return np.mean([-np.log(row[label]) for row, label in zip(p, y, strict=True)]) + reg * np.sum(
        W**2
    )


LOSSES = {"svm": hinge, "softmax": cross_entropy}


def step_by_step(f, W, h, centered):
    grad = np.zeros(W.shape)
    for ix in np.ndindex(W.shape):
        e = np.zeros(W.shape)
        e[ix] = h
        grad[ix] = (f(W + e) - f(W - e)) / (2 * h) if centered else (f(W + e) - f(W)) / h
    return grad


def batch(rng, n=9, d=6, c=4):
    X = rng.standard_normal((n, d))
    X[:, -1] = 1
    return rng.standard_normal((d, c)), X, rng.integers(0, c, n)


@pytest.mark.parametrize("centered", [True, False])
@pytest.mark.parametrize("h", [1e-4, 0.3])  # the larger one crosses kinks and shows truncation
@pytest.mark.parametrize("loss", LOSSES)
def test_equals_stepping_in_every_weight(loss, h, centered):
    W, X, y = batch(np.random.default_rng(3))
    for reg in (0.0, 0.7):
        expected = step_by_step(lambda V: LOSSES[loss](V, X, y, reg), W, h, centered)  # noqa: B023
        got = linear_numerical_gradient(W, X, y, reg, loss=loss, h=h, centered=centered)
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("loss", LOSSES)
def test_does_not_depend_on_the_size_of_its_blocks(loss, monkeypatch):
    W, X, y = batch(np.random.default_rng(4), d=11)
    whole = linear_numerical_gradient(W, X, y, loss=loss)
    monkeypatch.setattr(numeric, "BLOCK_NUMBERS", 30)
    np.testing.assert_allclose(linear_numerical_gradient(W, X, y, loss=loss), whole, rtol=1e-12)


def test_tiny_steps_are_not_lost_to_rounding():
    W, X, y = batch(np.random.default_rng(5))
    usual = linear_numerical_gradient(W, X, y, loss="softmax", h=1e-6)
    tiny = linear_numerical_gradient(W, X, y, loss="softmax", h=1e-12)
    np.testing.assert_allclose(tiny, usual, rtol=1e-6, atol=1e-9)


@pytest.mark.xdist_group("torch")
@pytest.mark.parametrize("loss", LOSSES)
def test_agrees_with_torch(loss):
    torch = pytest.importorskip("torch")
    W, X, y = batch(np.random.default_rng(6))
    weights = torch.tensor(W, requires_grad=True)
    scores, labels = torch.tensor(X) @ weights, torch.tensor(y)
    if loss == "softmax":
        value = torch.nn.functional.cross_entropy(scores, labels)
    else:
        # PyTorch divides by the number of classes as well.
        value = W.shape[1] * torch.nn.functional.multi_margin_loss(scores, labels)
    (value + 0.1 * (weights**2).sum()).backward()
    got = linear_numerical_gradient(W, X, y, 0.1, loss=loss)
    np.testing.assert_allclose(got, weights.grad.numpy(), rtol=1e-7, atol=1e-9)


def test_float32_arguments_are_computed_in_float64_and_kept():
    W, X, y = batch(np.random.default_rng(7))
    W32, X32 = W.astype(np.float32), X.astype(np.float32)
    before = W32.copy(), X32.copy()
    got = linear_numerical_gradient(W32, X32, y)
    assert got.dtype == np.float64
    assert np.array_equal(W32, before[0]) and np.array_equal(X32, before[1])
    np.testing.assert_array_equal(
        got, linear_numerical_gradient(W32.astype(np.float64), X32.astype(np.float64), y)
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"loss": "hinge"}, "expected 'svm' or 'softmax'"),
        ({"h": 0.0}, "expected a finite number above 0"),
        ({"X": np.zeros((9, 5))}, r"X of shape \(9, 5\) and W of shape \(6, 4\)"),
        ({"X": np.zeros((0, 6)), "y": np.zeros(0, int)}, r"expected \(N, D\)"),
        ({"y": np.zeros(8, int)}, r"expected \(9,\)"),
        ({"y": np.full(9, 4)}, "expected 0 to 3"),
        ({"y": np.full(9, -1)}, "expected 0 to 3"),
    ],
)
def test_arguments_out_of_range_are_named(change, message):
    W, X, y = batch(np.random.default_rng(8))
    with pytest.raises(ValueError, match=message):
        linear_numerical_gradient(**{"W": W, "X": X, "y": y, **change})

"""The fast losses, against hand computation, PyTorch, finite differences, and float64."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs231n_utils.losses import (
    softmax_loss,
    softmax_loss_and_dscores,
    softmax_loss_and_gradient,
    svm_loss,
    svm_loss_and_dscores,
    svm_loss_and_gradient,
)

SCORES = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
LABELS = np.array([0, 1, 2])
WITH_GRADIENT = {"svm": svm_loss_and_gradient, "softmax": softmax_loss_and_gradient}
PAIRS = [
    (svm_loss, svm_loss_and_gradient, svm_loss_and_dscores),
    (softmax_loss, softmax_loss_and_gradient, softmax_loss_and_dscores),
]


def batch(rng, n=30, d=7, c=5, dtype=np.float64):
    W, X = rng.standard_normal((d, c)), rng.standard_normal((n, d))
    return W.astype(dtype), X.astype(dtype), rng.integers(0, c, n)


def test_hinge_of_cat_car_and_frog_is_as_by_hand():
    each = [svm_loss(np.eye(3), SCORES[i : i + 1], LABELS[i : i + 1]) for i in range(3)]
    assert np.allclose(each, [2.9, 0.0, 12.9])
    assert svm_loss(np.eye(3), SCORES, LABELS) == pytest.approx(15.8 / 3)


def test_softmax_of_the_cat_is_as_by_hand():
    assert softmax_loss(np.eye(3), SCORES[:1], LABELS[:1]) == pytest.approx(2.04, abs=0.005)


def test_weights_of_zero_give_the_losses_of_the_sanity_check():
    W, X, y = batch(np.random.default_rng(0), c=10)
    assert svm_loss(0 * W, X, y) == pytest.approx(9)
    assert softmax_loss(0 * W, X, y) == pytest.approx(np.log(10))


@pytest.mark.parametrize("reg", [0.0, 0.3])
def test_hinge_and_its_gradient_agree_with_pytorch(reg):
    torch = pytest.importorskip("torch")
    W, X, y = batch(np.random.default_rng(1))
    w = torch.tensor(W, requires_grad=True)
    mean_over_classes_too = torch.nn.functional.multi_margin_loss(
        torch.tensor(X) @ w, torch.tensor(y)
    )
    loss = mean_over_classes_too * W.shape[1] + reg * (w**2).sum()
    loss.backward()
    got, dW = svm_loss_and_gradient(W, X, y, reg)
    assert got == pytest.approx(loss.item(), rel=1e-12)
    assert np.allclose(dW, w.grad.numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("reg", [0.0, 0.3])
def test_softmax_and_its_gradient_agree_with_pytorch(reg):
    torch = pytest.importorskip("torch")
    W, X, y = batch(np.random.default_rng(2))
    w = torch.tensor(W, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(torch.tensor(X) @ w, torch.tensor(y))
    loss = loss + reg * (w**2).sum()
    loss.backward()
    got, dW = softmax_loss_and_gradient(W, X, y, reg)
    assert got == pytest.approx(loss.item(), rel=1e-12)
    assert np.allclose(dW, w.grad.numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", WITH_GRADIENT)
def test_gradient_agrees_with_centered_differences(name):
    function = WITH_GRADIENT[name]
    W, X, y = batch(np.random.default_rng(3), n=12)
    _, dW = function(W, X, y, 0.1)
    numeric = np.zeros_like(W)
    for index in np.ndindex(W.shape):
        step = np.zeros_like(W)
        step[index] = 1e-6
        numeric[index] = (
            function(W + step, X, y, 0.1)[0] - function(W - step, X, y, 0.1)[0]
        ) / 2e-6
    assert np.allclose(dW, numeric, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("loss", "with_gradient", "of_scores"), PAIRS)
@given(
    n=st.integers(1, 40),
    d=st.integers(1, 6),
    c=st.integers(2, 11),
    dtype=st.sampled_from([np.float32, np.float64]),
    label_dtype=st.sampled_from([np.int8, np.uint8, np.int32, np.int64]),
    layout=st.sampled_from(["C", "F", "strided"]),
    seed=st.integers(0, 10_000),
)
@settings(max_examples=60, deadline=None)
def test_any_shape_dtype_and_layout(
    loss, with_gradient, of_scores, n, d, c, dtype, label_dtype, layout, seed
):
    W, X, y = batch(np.random.default_rng(seed), n, d, c, dtype)
    if layout == "F":
        W, X = np.asfortranarray(W), np.asfortranarray(X)
    elif layout == "strided":
        W, X = np.repeat(W, 2, axis=1)[:, ::2], np.repeat(X, 2, axis=0)[::2]
    before = W.copy(), X.copy(), y.copy()
    value, dW = with_gradient(W, X, y.astype(label_dtype), 0.25)
    assert isinstance(value, float)
    assert dW.shape == W.shape and dW.dtype == W.dtype
    assert loss(W, X, y, 0.25) == pytest.approx(value, rel=1e-5)
    scores = X.astype(np.float64) @ W
    data_loss, dscores = of_scores(scores, y)
    penalty = 0.25 * np.sum(W.astype(np.float64) ** 2)
    assert value == pytest.approx(data_loss + penalty, rel=1e-4, abs=1e-5)
    if with_gradient is softmax_loss_and_gradient:
        assert np.allclose(dW, X.T @ dscores + 0.5 * W, rtol=1e-3, atol=1e-4)
    for array, was in zip((W, X, y), before, strict=True):
        assert np.array_equal(array, was)


@pytest.mark.parametrize(("loss", "with_gradient", "of_scores"), PAIRS)
def test_many_blocks_add_up_to_one(loss, with_gradient, of_scores):
    W, X, y = batch(np.random.default_rng(5), n=9_000, d=300, c=4)
    value, dW = with_gradient(W, X, y)
    data_loss, dscores = of_scores(X @ W, y)
    assert value == pytest.approx(data_loss, rel=1e-12)
    assert np.allclose(dW, X.T @ dscores, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", WITH_GRADIENT)
def test_float32_agrees_with_float64(name):
    W, X, y = batch(np.random.default_rng(6), n=2_000, d=50, c=10)
    exact, exact_gradient = WITH_GRADIENT[name](W, X, y, 0.1)
    value, gradient = WITH_GRADIENT[name](W.astype(np.float32), X.astype(np.float32), y, 0.1)
    assert value == pytest.approx(exact, rel=1e-5)
    assert np.abs(gradient - exact_gradient).max() < 1e-3 * np.abs(exact_gradient).max()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", WITH_GRADIENT)
def test_huge_scores_stay_finite(name, dtype):
    X = np.array([[1e4, -1e4, 0.0], [0.0, 1e4, -1e4]], dtype=dtype)
    value, gradient = WITH_GRADIENT[name](np.eye(3, dtype=dtype), X, np.array([1, 2]))
    assert value == pytest.approx({"svm": 30_002, "softmax": 20_000.0}[name])
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"W": None}, TypeError, "W is NoneType, expected a NumPy array"),
        ({"X": np.zeros((3, 2), int)}, TypeError, "X has dtype int64, expected float32 or float64"),
        ({"X": np.zeros((3, 5))}, ValueError, "must share D"),
        ({"X": np.zeros(4)}, ValueError, r"X has shape \(4,\), expected \(N, D\)"),
        ({"y": np.zeros(3)}, TypeError, "y has dtype float64, expected integers"),
        ({"y": np.zeros(2, int)}, ValueError, r"y has shape \(2,\), expected \(3,\)"),
        ({"y": np.array([0, 1, 9])}, ValueError, "labels from 0 to 9, expected 0 to 1"),
        ({"y": np.array([0, -1, 1])}, ValueError, "labels from -1 to 1, expected 0 to 1"),
        ({"reg": "strong"}, TypeError, "reg is str, expected a number"),
        ({"reg": -1.0}, ValueError, "reg is -1.0"),
        ({"reg": float("nan")}, ValueError, "reg is nan"),
    ],
)
def test_bad_argument_is_one_sentence(change, error, sentence):
    arguments = {"W": np.zeros((4, 2)), "X": np.zeros((3, 4)), "y": np.zeros(3, int), "reg": 0.0}
    for function in (svm_loss, softmax_loss_and_gradient):
        with pytest.raises(error, match=sentence):
            function(**{**arguments, **change})

"""The fast losses agree with hand computation, PyTorch and finite differences, on any layout."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs231n_utils import losses
from cs231n_utils.losses import (
    softmax_loss,
    softmax_loss_and_dscores,
    softmax_loss_and_gradient,
    svm_loss,
    svm_loss_and_dscores,
    svm_loss_and_gradient,
)

# CS231n lecture 3: scores of cat, car and frog for the images of a cat, a car and a frog.
LECTURE_SCORES = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
LECTURE_LABELS = np.array([0, 1, 2])

WITH_GRADIENT = {svm_loss: svm_loss_and_gradient, softmax_loss: softmax_loss_and_gradient}
both_losses = pytest.mark.parametrize("loss_fn", WITH_GRADIENT)


def draw_problem(n=7, d=5, c=4, dtype=np.float64, seed=231):
    """Weights, images and labels whose scores spread over a few units."""
    rng = np.random.default_rng(seed)
    W = rng.standard_normal((d, c)).astype(dtype)
    X = rng.standard_normal((n, d)).astype(dtype)
    return W, X, rng.integers(0, c, n)


def hinge_by_hand(scores, label):
    return math.fsum(
        max(0.0, score - scores[label] + 1) for j, score in enumerate(scores) if j != label
    )


def cross_entropy_by_hand(scores, label):
    top = max(scores)
    return math.log(math.fsum(math.exp(score - top) for score in scores)) + top - scores[label]


BY_HAND = {svm_loss: hinge_by_hand, softmax_loss: cross_entropy_by_hand}


def loss_by_hand(loss_fn, W, X, y, reg):
    """Loss in plain Python floats, image by image."""
    W, X = W.astype(float).tolist(), X.astype(float).tolist()
    columns = list(zip(*W, strict=True))
    data_losses = []
    for image, label in zip(X, y.tolist(), strict=True):
        scores = [math.fsum(a * b for a, b in zip(image, w, strict=True)) for w in columns]
        data_losses.append(BY_HAND[loss_fn](scores, label))
    return math.fsum(data_losses) / len(X) + reg * math.fsum(w * w for row in W for w in row)


@pytest.mark.parametrize(("image", "expected"), [(0, 2.9), (1, 0.0), (2, 12.9)])
def test_hinge_of_each_lecture_image(image, expected):
    one = slice(image, image + 1)
    loss = svm_loss(np.eye(3), LECTURE_SCORES[one], LECTURE_LABELS[one])
    assert loss == pytest.approx(expected, abs=1e-12)


def test_hinge_of_the_lecture_is_the_mean_over_images():
    loss = svm_loss(np.eye(3), LECTURE_SCORES, LECTURE_LABELS)
    assert loss == pytest.approx((2.9 + 0 + 12.9) / 3, abs=1e-12)
    assert loss == pytest.approx(5.27, abs=0.005)


def test_hinge_gradient_of_the_lecture_counts_the_active_margins():
    loss, dscores = svm_loss_and_dscores(LECTURE_SCORES, LECTURE_LABELS)
    assert loss == pytest.approx(15.8 / 3)
    np.testing.assert_allclose(3 * dscores, [[-1, 1, 0], [0, 0, 0], [1, 1, -2]], atol=1e-15)


def test_cross_entropy_of_the_lecture_cat():
    loss, dscores = softmax_loss_and_dscores(LECTURE_SCORES[:1], LECTURE_LABELS[:1])
    assert loss == pytest.approx(-math.log(0.13), abs=0.005)
    np.testing.assert_allclose(dscores, [[0.13 - 1, 0.87, 0.00]], atol=0.005)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_zero_weights_give_the_sanity_values(dtype):
    _, X, y = draw_problem(n=50, c=10, dtype=dtype)
    W = np.zeros((5, 10), dtype)
    assert svm_loss(W, X, y) == pytest.approx(9)
    assert softmax_loss(W, X, y) == pytest.approx(math.log(10), rel=1e-6)


def test_a_margin_at_its_kink_takes_no_part_in_the_gradient():
    loss, dscores = svm_loss_and_dscores(np.array([[2.0, 1.0, 1.5]]), np.array([0]))
    assert loss == 0.5
    np.testing.assert_array_equal(dscores, [[-1, 0, 1]])


@pytest.mark.xdist_group("torch")
@both_losses
@pytest.mark.parametrize("reg", [0, 0.3])
def test_values_and_gradients_match_pytorch_autograd(loss_fn, reg):
    torch = pytest.importorskip("torch")
    W, X, y = draw_problem(n=60, d=20, c=10)
    weights, labels = torch.tensor(W, requires_grad=True), torch.tensor(y)
    scores = torch.tensor(X) @ weights
    if loss_fn is svm_loss:
        # PyTorch divides each image's sum of margins by the number of classes.
        data_loss = 10 * torch.nn.functional.multi_margin_loss(scores, labels)
    else:
        data_loss = torch.nn.functional.cross_entropy(scores, labels)
    expected = data_loss + reg * (weights**2).sum()
    expected.backward()

    loss, dW = WITH_GRADIENT[loss_fn](W, X, y, reg)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    assert loss_fn(W, X, y, reg) == loss
    np.testing.assert_allclose(dW, weights.grad.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.xdist_group("torch")
@pytest.mark.parametrize("loss_name", ["svm", "softmax"])
def test_score_gradients_match_pytorch_autograd(loss_name):
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    ours, theirs = {
        "svm": (svm_loss_and_dscores, lambda s, t: 6 * functional.multi_margin_loss(s, t)),
        "softmax": (softmax_loss_and_dscores, functional.cross_entropy),
    }[loss_name]
    rng = np.random.default_rng(5)
    scores, y = 3 * rng.standard_normal((40, 6)), rng.integers(0, 6, 40)
    tensor = torch.tensor(scores, requires_grad=True)
    expected = theirs(tensor, torch.tensor(y))
    expected.backward()

    before = scores.copy()
    loss, dscores = ours(scores, y)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(dscores, tensor.grad.numpy(), rtol=1e-10, atol=1e-14)
    np.testing.assert_array_equal(scores, before)


@both_losses
def test_gradient_matches_centered_differences(loss_fn):
    W, X, y = draw_problem(n=12)
    reg, h = 0.1, 1e-6
    _, dW = WITH_GRADIENT[loss_fn](W, X, y, reg)
    for index in np.ndindex(W.shape):
        up, down = W.copy(), W.copy()
        up[index] += h
        down[index] -= h
        slope = (loss_by_hand(loss_fn, up, X, y, reg) - loss_by_hand(loss_fn, down, X, y, reg)) / (
            2 * h
        )
        assert dW[index] == pytest.approx(slope, rel=1e-6, abs=1e-8)


LAYOUTS = {
    "C": np.ascontiguousarray,
    "Fortran": np.asfortranarray,
    "every other row and column": lambda a: np.repeat(np.repeat(a, 2, 0), 2, 1)[::2, ::2],
    "reversed": lambda a: a[::-1, ::-1].copy()[::-1, ::-1],
}
layouts = st.sampled_from(sorted(LAYOUTS))
LABEL_DTYPES = ("int8", "uint8", "int32", "int64", "uint64")


@both_losses
@settings(max_examples=80, deadline=None)
@given(
    n=st.integers(1, 9),
    d=st.integers(1, 6),
    c=st.integers(2, 5),
    seed=st.integers(0, 2**32 - 1),
    dtype=st.sampled_from([np.float32, np.float64]),
    label_dtype=st.sampled_from(LABEL_DTYPES),
    layout_W=layouts,
    layout_X=layouts,
    reg=st.sampled_from([0, 0.5]),
)
def test_any_shape_dtype_and_layout(
    loss_fn, n, d, c, seed, dtype, label_dtype, layout_W, layout_X, reg
):
    W, X, y = draw_problem(n, d, c, dtype, seed)
    y = np.repeat(y.astype(label_dtype), 2)[::2]
    W, X = LAYOUTS[layout_W](W), LAYOUTS[layout_X](X)
    before = W.copy(), X.copy(), y.copy()

    loss, dW = WITH_GRADIENT[loss_fn](W, X, y, reg)
    assert type(loss) is float
    assert (dW.shape, dW.dtype) == (W.shape, W.dtype)
    tolerance = 1e-5 if dtype == np.float32 else 1e-12
    expected = loss_by_hand(loss_fn, W, X, y, reg)
    assert loss == pytest.approx(expected, rel=tolerance, abs=tolerance)
    assert loss_fn(W, X, y, reg) == loss
    for array, copy in zip((W, X, y), before, strict=True):
        np.testing.assert_array_equal(array, copy)


@both_losses
@pytest.mark.parametrize("read_only", [False, True])
def test_arguments_and_results_share_no_memory(loss_fn, read_only):
    arrays = draw_problem()
    for array in arrays:
        array.flags.writeable = not read_only
    _, dW = WITH_GRADIENT[loss_fn](*arrays)
    assert not any(np.shares_memory(dW, array) for array in arrays)
    assert dW.flags.writeable
    assert dW.flags.c_contiguous


@both_losses
@pytest.mark.parametrize("limit", ["BLOCK_BYTES_OF_IMAGES", "BLOCK_BYTES_OF_SCORES"])
@pytest.mark.parametrize("n_bytes", [1, 200, 500])
@pytest.mark.parametrize("few", [0, 2**20], ids=["in threads", "in turn"])
def test_blocks_of_images_give_what_one_block_gives(loss_fn, limit, n_bytes, few, monkeypatch):
    W, X, y = draw_problem(n=23)
    whole_loss, whole_dW = WITH_GRADIENT[loss_fn](W, X, y, 0.1)
    monkeypatch.setattr(losses, limit, n_bytes)
    monkeypatch.setattr(losses, "FEW_BYTES_OF_IMAGES", few)
    loss, dW = WITH_GRADIENT[loss_fn](W, X, y, 0.1)
    assert loss == pytest.approx(whole_loss, rel=1e-14)
    assert loss_fn(W, X, y, 0.1) == loss
    np.testing.assert_allclose(dW, whole_dW, rtol=1e-12, atol=1e-14)


@both_losses
def test_float32_agrees_with_float64_on_many_images(loss_fn):
    W, X, y = draw_problem(n=5_000, d=100, c=10, dtype=np.float32)
    loss, dW = WITH_GRADIENT[loss_fn](W, X, y, 0.01)
    exact_loss, exact_dW = WITH_GRADIENT[loss_fn](W.astype(float), X.astype(float), y, 0.01)
    assert loss == pytest.approx(exact_loss, rel=1e-6)
    np.testing.assert_allclose(dW, exact_dW, rtol=1e-4, atol=1e-5)


@both_losses
def test_sums_are_accumulated_in_float64(loss_fn):
    # Added in float32, a million rows of the same loss drift; in float64 they do not.
    n_images = 1_000_000
    scores = np.full((n_images, 2), [0.1, 0.0], np.float32)
    y = np.ones(n_images, np.int64)
    one = loss_fn(np.eye(2, dtype=np.float32), scores[:1], y[:1])
    assert loss_fn(np.eye(2, dtype=np.float32), scores, y) == pytest.approx(one, rel=1e-12)

    W = np.full((3_000, 10), 0.1, np.float32)
    data_loss = loss_fn(W, np.zeros((1, 3_000), np.float32), np.array([0]))
    reg_loss = loss_fn(W, np.zeros((1, 3_000), np.float32), np.array([0]), 1.0) - data_loss
    assert reg_loss == pytest.approx(30_000 * float(np.float32(0.1)) ** 2, rel=1e-12)


@both_losses
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("label", [0, 1, 2])
def test_extreme_scores_stay_finite_and_right(loss_fn, dtype, label):
    scores = np.array([[1e4, -1e4, 9_999]], dtype)
    loss, dW = WITH_GRADIENT[loss_fn](np.eye(3, dtype=dtype), scores, np.array([label]))
    expected = BY_HAND[loss_fn]([1e4, -1e4, 9_999.0], label)
    assert loss == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert np.isfinite(dW).all()


@both_losses
def test_weights_and_images_of_different_precision_give_the_dtype_of_the_weights(loss_fn):
    W, X, y = draw_problem(dtype=np.float32)
    exact_loss, exact_dW = WITH_GRADIENT[loss_fn](W.astype(float), X.astype(float), y)
    for w_dtype, x_dtype in ((np.float32, np.float64), (np.float64, np.float32)):
        loss, dW = WITH_GRADIENT[loss_fn](W.astype(w_dtype), X.astype(x_dtype), y)
        assert dW.dtype == w_dtype
        assert loss == pytest.approx(exact_loss, rel=1e-12)
        np.testing.assert_allclose(dW, exact_dW, rtol=1e-6, atol=1e-7)


W0, X0, Y0 = draw_problem(n=7, d=5, c=4)
BAD_ARGUMENTS = {
    "W is None": (
        (None, X0, Y0),
        TypeError,
        "W of type NoneType, expected a float32 or float64 array",
    ),
    "X is a list": (
        (W0, X0.tolist(), Y0),
        TypeError,
        "X of type list, expected a float32 or float64 array",
    ),
    "y is a list": ((W0, X0, Y0.tolist()), TypeError, "y of type list, expected an array"),
    "images not floating": (
        (W0, X0.astype(np.uint8), Y0),
        TypeError,
        "X of dtype uint8, expected a float32 or float64 array",
    ),
    "half precision": (
        (W0.astype(np.float16), X0, Y0),
        TypeError,
        "W of dtype float16, expected a float32 or float64 array",
    ),
    "labels floating": (
        (W0, X0, Y0.astype(float)),
        TypeError,
        "y of dtype float64, expected an array of 7 integer labels",
    ),
    "labels boolean": (
        (W0, X0, Y0 > 1),
        TypeError,
        "y of dtype bool, expected an array",
    ),
    "one image, flat": ((W0, X0[0], Y0), ValueError, "X of shape (5,), expected (N, D)"),
    "no images": ((W0, X0[:0], Y0[:0]), ValueError, "X of shape (0, 5), expected (N, D)"),
    "no classes": ((W0[:, :0], X0, Y0), ValueError, "W of shape (5, 0), expected (D, C)"),
    "bias forgotten": (
        (W0, X0[:, 1:], Y0),
        ValueError,
        "X of shape (7, 4) and W of shape (5, 4)",
    ),
    "labels as a column": (
        (W0, X0, Y0[:, None]),
        ValueError,
        "y of shape (7, 1), expected (7,)",
    ),
    "labels too few": ((W0, X0, Y0[:-1]), ValueError, "y of shape (6,), expected (7,)"),
    "labels from 1": (
        (W0, X0, np.array([1, 2, 3, 4, 1, 2, 3])),
        ValueError,
        "y with labels from 1 to 4, expected 0 to 3",
    ),
    "label negative": (
        (W0, X0, np.array([-1, 0, 0, 0, 0, 0, 2])),
        ValueError,
        "y with labels from -1 to 2, expected 0 to 3",
    ),
    "reg negative": ((W0, X0, Y0, -1.0), ValueError, "reg=-1.0, expected a finite number"),
    "reg NaN": ((W0, X0, Y0, math.nan), ValueError, "reg=nan, expected a finite number"),
    "reg infinite": ((W0, X0, Y0, math.inf), ValueError, "reg=inf, expected a finite number"),
    "reg None": ((W0, X0, Y0, None), TypeError, "reg of type NoneType, expected a number"),
}


@pytest.mark.parametrize("loss_fn", [*WITH_GRADIENT, *WITH_GRADIENT.values()])
@pytest.mark.parametrize("name", BAD_ARGUMENTS)
def test_bad_arguments_are_answered_in_one_sentence(loss_fn, name):
    arguments, error, start = BAD_ARGUMENTS[name]
    with pytest.raises(error, match=re.escape(start)) as caught:
        loss_fn(*arguments)
    assert_one_sentence(str(caught.value))


@pytest.mark.parametrize("loss_fn", [svm_loss_and_dscores, softmax_loss_and_dscores])
def test_bad_scores_are_answered_in_one_sentence(loss_fn):
    with pytest.raises(ValueError, match=re.escape("scores of shape (3,), expected (N, C)")) as e:
        loss_fn(LECTURE_SCORES[0], LECTURE_LABELS)
    assert_one_sentence(str(e.value))
    with pytest.raises(ValueError, match="y with labels from 0 to 3, expected 0 to 2") as e:
        loss_fn(LECTURE_SCORES, np.array([0, 3, 1]))
    assert_one_sentence(str(e.value))


def assert_one_sentence(message):
    assert "\n" not in message
    assert message.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", message)

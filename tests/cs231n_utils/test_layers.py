"""Layers agree with PyTorch and with finite differences, in any memory order and block size."""

import math

import numpy as np
import pytest

from cs231n_utils import layers
from cs231n_utils.gradcheck import check_gradient
from cs231n_utils.optimizers import cosine_schedule, momentum
from cs231n_utils.training import train

# (N, C, H, W), (F, HH, WW), stride, pad: sides all different, windows that leave pixels over,
# and padding wider than the filter, so that some windows see nothing but zeros.
CONVOLUTIONS = [
    ((2, 3, 7, 9), (4, 3, 2), 1, 0),
    ((3, 2, 8, 6), (5, 3, 3), 2, 1),
    ((2, 2, 7, 8), (3, 2, 4), 3, 2),
    ((2, 1, 5, 4), (2, 2, 2), 2, 3),
    ((1, 3, 9, 7), (2, 5, 3), 1, 2),
    ((4, 2, 10, 11), (3, 3, 3), 4, 0),
    ((2, 2, 5, 6), (3, 1, 1), 1, 2),
    ((3, 2, 5, 6), (4, 5, 6), 1, 0),
]
POOLINGS = [(2, 2), (3, 3), (2, 1), (3, 2), (1, 1), (2, 3), (5, 1)]
TOLERANCE = {np.float32: 2e-5, np.float64: 1e-12}


def draw(shape, dtype=np.float64, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def draw_convolution(x_shape, filters, dtype=np.float64):
    n_filters, height, width = filters
    w = draw((n_filters, x_shape[1], height, width), dtype, 1)
    return draw(x_shape, dtype), w, draw(n_filters, dtype, 2)


def is_images_last(x):
    return x.transpose(1, 2, 3, 0).flags.c_contiguous


# --------------------------------------------------------------------------- against PyTorch


@pytest.mark.xdist_group("torch")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("x_shape", "filters", "stride", "pad"), CONVOLUTIONS)
def test_convolution_matches_pytorch(x_shape, filters, stride, pad, dtype):
    torch = pytest.importorskip("torch")
    x, w, b = draw_convolution(x_shape, filters, dtype)
    tensors = [torch.tensor(array, requires_grad=True) for array in (x, w, b)]
    expected = torch.nn.functional.conv2d(*tensors, stride=stride, padding=pad)
    dout = draw(tuple(expected.shape), dtype, 3)
    expected.backward(torch.tensor(dout))

    out = layers.conv_forward(x, w, b, stride, pad)
    got = layers.conv_backward(dout, x, w, stride, pad)
    limit = {"rtol": TOLERANCE[dtype], "atol": 10 * TOLERANCE[dtype]}
    np.testing.assert_allclose(out, expected.detach().numpy(), **limit)
    for mine, tensor in zip(got, tensors, strict=True):
        assert mine.dtype == dtype
        np.testing.assert_allclose(mine, tensor.grad.numpy(), **limit)


@pytest.mark.xdist_group("torch")
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize(("size", "stride"), POOLINGS)
def test_max_pooling_matches_pytorch(size, stride, ties):
    torch = pytest.importorskip("torch")
    x = draw((3, 2, 7, 8))
    x = np.rint(x) if ties else x
    tensor = torch.tensor(x, requires_grad=True)
    expected = torch.nn.functional.max_pool2d(tensor, size, stride)
    dout = draw(tuple(expected.shape), seed=1)
    expected.backward(torch.tensor(dout))

    out, winners = layers.max_pool_forward(x, size, stride)
    np.testing.assert_array_equal(out, expected.detach().numpy())
    dx = layers.max_pool_backward(dout, winners, x.shape, size, stride)
    np.testing.assert_allclose(dx, tensor.grad.numpy(), atol=1e-14)


@pytest.mark.xdist_group("torch")
@pytest.mark.parametrize("x_shape", [(5, 12), (5, 3, 2, 2)])
def test_affine_and_relu_match_pytorch(x_shape):
    torch = pytest.importorskip("torch")
    arrays = draw(x_shape), draw((12, 4), seed=1), draw(4, seed=2)
    x, w, b = (torch.tensor(array, requires_grad=True) for array in arrays)
    expected = torch.relu(torch.nn.functional.linear(x.flatten(1), w.T, b))
    dout = draw((5, 4), seed=3)
    expected.backward(torch.tensor(dout))

    before = layers.affine_forward(*arrays)
    np.testing.assert_allclose(layers.relu_forward(before), expected.detach().numpy(), atol=1e-13)
    gradients = layers.affine_backward(layers.relu_backward(dout, before), *arrays[:2])
    for mine, tensor in zip(gradients, (x, w, b), strict=True):
        np.testing.assert_allclose(mine, tensor.grad.numpy(), atol=1e-13)


@pytest.mark.xdist_group("torch")
def test_network_matches_the_same_network_in_pytorch():
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    net = small_network()
    x, y = draw((6, 3, 8, 12)), np.array([0, 1, 2, 3, 0, 1])
    p = {name: torch.tensor(value, requires_grad=True) for name, value in net.params.items()}
    hidden = torch.tensor(x)
    for layer, pad in (("1", 2), ("2", 1)):
        hidden = functional.conv2d(hidden, p[f"W{layer}"], p[f"b{layer}"], padding=pad)
        hidden = torch.max_pool2d(torch.relu(hidden), 2)
    scores = hidden.flatten(1) @ p["W3"] + p["b3"]
    squares = sum((p[name] ** 2).sum() for name in ("W1", "W2", "W3"))
    expected = functional.cross_entropy(scores, torch.tensor(y)) + 0.1 * squares
    expected.backward()

    loss, gradients = net.loss_and_gradients(net.params, x, y, 0.1)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(
        net.scores(net.params, x, batch_size=4), scores.detach().numpy(), atol=1e-12
    )
    assert gradients.keys() == net.params.keys()
    for name, slope in gradients.items():
        np.testing.assert_allclose(slope, p[name].grad.numpy(), atol=1e-12)


@pytest.mark.xdist_group("torch")
@pytest.mark.parametrize("sizes", [(5, 3), (5, 7, 3), (5, 6, 4, 3)])
def test_fully_connected_network_matches_pytorch(sizes):
    torch = pytest.importorskip("torch")
    net = layers.FullyConnectedNet(np.random.default_rng(0), sizes, np.float64)
    params = {name: draw(value.shape, seed=1) for name, value in net.params.items()}
    x, y = draw((8, 5)), np.array([0, 1, 2, 0, 1, 2, 0, 1])
    p = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    scores, squares = torch.tensor(x), 0
    for layer in range(1, len(sizes)):
        scores = torch.relu(scores) if layer > 1 else scores
        scores = scores @ p[f"W{layer}"] + p[f"b{layer}"]
        squares = squares + (p[f"W{layer}"] ** 2).sum()
    expected = torch.nn.functional.cross_entropy(scores, torch.tensor(y)) + 0.1 * squares
    expected.backward()

    loss, gradients = net.loss_and_gradients(params, x, y, 0.1)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(net.scores(params, x), scores.detach().numpy(), atol=1e-12)
    assert gradients.keys() == params.keys() == net.params.keys()
    for name, slope in gradients.items():
        np.testing.assert_allclose(slope, p[name].grad.numpy(), atol=1e-12)


def test_linear_classifier_starts_at_zero_and_a_network_does_not():
    rng = np.random.default_rng(0)
    line, net = (layers.FullyConnectedNet(rng, sizes) for sizes in ((50, 3), (50, 400, 3)))
    assert not any(value.any() for value in line.params.values())
    assert net.params["W1"].std() == pytest.approx(np.sqrt(2 / 50), rel=0.05)
    assert {value.dtype for value in net.params.values()} == {np.dtype(np.float32)}


# ------------------------------------------------------------------- against finite differences


def small_network():
    return layers.ConvNet(
        np.random.default_rng(0),
        image_shape=(3, 8, 12),
        n_filters=(4, 5),
        filter_sizes=(5, 3),
        n_classes=4,
        dtype=np.float64,
    )


@pytest.mark.parametrize(("x_shape", "filters", "stride", "pad"), CONVOLUTIONS)
def test_convolution_matches_finite_differences(x_shape, filters, stride, pad):
    inputs = dict(zip("xwb", draw_convolution(x_shape, filters), strict=True))
    dout = draw(layers.conv_forward(**inputs, stride=stride, pad=pad).shape, seed=3)
    slopes = layers.conv_backward(dout, inputs["x"], inputs["w"], stride, pad)
    rng = np.random.default_rng(0)
    for name, slope in zip("xwb", slopes, strict=True):

        def total(value, name=name):
            out = layers.conv_forward(**{**inputs, name: value}, stride=stride, pad=pad)
            return np.sum(dout * out)

        report = check_gradient(total, slope, inputs[name], n_checks=20, rng=rng)
        assert report.passed, str(report)


def test_network_matches_finite_differences():
    net = small_network()
    x, y = draw((6, 3, 8, 12)), np.array([0, 1, 2, 3, 0, 1])
    _, gradients = net.loss_and_gradients(net.params, x, y, 0.1)
    rng = np.random.default_rng(1)
    for name, value in net.params.items():

        def loss(moved, name=name):
            return net.loss_and_gradients({**net.params, name: moved}, x, y, 0.1)[0]

        report = check_gradient(loss, gradients[name], value, n_checks=15, rng=rng)
        assert report.passed, f"{name}\n{report}"


def test_loss_of_small_weights_is_that_of_a_guess():
    net = small_network()
    tiny = {name: 1e-6 * value for name, value in net.params.items()}
    loss, _ = net.loss_and_gradients(tiny, draw((5, 3, 8, 12)), np.arange(5) % 4)
    assert loss == pytest.approx(math.log(4), abs=1e-6)


# ------------------------------------------------------------------------- memory and blocks


def test_results_lie_in_memory_with_the_images_last():
    x, w, b = draw_convolution((4, 3, 8, 6), (5, 3, 3))
    out = layers.conv_forward(x, w, b, pad=1)
    pooled, winners = layers.max_pool_forward(out)
    dx, _, _ = layers.conv_backward(np.ones_like(out), x, w, pad=1)
    back = layers.max_pool_backward(pooled, winners, out.shape)
    assert all(is_images_last(a) for a in (out, pooled, winners, dx, back))
    assert is_images_last(layers.relu_forward(out))


def test_images_last_copies_only_what_lies_otherwise():
    x = draw((4, 3, 8, 6))
    moved = layers.images_last(x)
    np.testing.assert_array_equal(moved, x)
    assert is_images_last(moved) and not np.shares_memory(moved, x)
    assert np.shares_memory(layers.images_last(moved), moved)


@pytest.mark.parametrize("budget", [1, 3_000, 10**9])
def test_results_do_not_depend_on_the_size_of_the_blocks(budget, monkeypatch):
    x, w, b = draw_convolution((4, 3, 9, 6), (5, 3, 3))
    out = layers.conv_forward(x, w, b, 1, 1)
    gradients = layers.conv_backward(out, x, w, 1, 1)
    monkeypatch.setattr(layers, "BYTES_OF_COLUMNS", budget)
    np.testing.assert_allclose(layers.conv_forward(x, w, b, 1, 1), out, rtol=1e-12)
    for mine, before in zip(layers.conv_backward(out, x, w, 1, 1), gradients, strict=True):
        np.testing.assert_allclose(mine, before, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (1, 2, 3, 0), (0, 2, 3, 1), (3, 2, 1, 0)])
def test_any_memory_order_gives_the_same(order):
    x, w, b = draw_convolution((4, 3, 9, 6), (5, 3, 3))
    expected = layers.conv_forward(x, w, b, 2, 1)
    stored = np.ascontiguousarray(x.transpose(order)).transpose(np.argsort(order))
    np.testing.assert_array_equal(layers.conv_forward(stored, w, b, 2, 1), expected)
    np.testing.assert_array_equal(layers.max_pool_forward(stored)[0], layers.max_pool_forward(x)[0])


def test_first_layer_can_leave_out_its_gradient_by_the_images():
    x, w, b = draw_convolution((4, 3, 9, 6), (5, 3, 3))
    dout = np.ones_like(layers.conv_forward(x, w, b))
    dx, dw, db = layers.conv_backward(dout, x, w, need_dx=False)
    _, full_dw, full_db = layers.conv_backward(dout, x, w)
    assert dx is None
    np.testing.assert_array_equal(dw, full_dw)
    np.testing.assert_array_equal(db, full_db)


def test_arguments_are_left_as_they_were():
    x, w, b = (layers.images_last(draw((4, 3, 8, 6))), draw((5, 3, 3, 3), seed=1), draw(5, seed=2))
    before = x.copy(), w.copy(), b.copy()
    out = layers.conv_forward(x, w, b, 1, 1)
    kept = out.copy()
    pooled, winners = layers.max_pool_forward(out)
    layers.conv_backward(layers.max_pool_backward(pooled, winners, out.shape), x, w, 1, 1)
    layers.relu_forward(out)
    assert all(np.array_equal(*pair) for pair in zip(before, (x, w, b), strict=True))
    np.testing.assert_array_equal(out, kept)


# ---------------------------------------------------------------------------------- training


def test_network_learns_rings_and_a_line_cannot():
    rng = np.random.default_rng(0)
    turn, ring = rng.uniform(0, 2 * np.pi, 400), np.arange(400) % 2
    X = (1 + ring)[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    reached = []
    for sizes in ((2, 2), (2, 20, 2)):
        net = layers.FullyConnectedNet(rng, sizes, np.float64)
        params, history = train(
            net.loss_and_gradients,
            net.params,
            X,
            ring,
            step_size=0.1,
            n_epochs=40,
            batch_size=50,
            rng=rng,
            rule=momentum,
            schedule=cosine_schedule,
            show=None,
        )
        assert history.losses[0] > history.losses[-1]
        reached.append(layers.accuracy(net.scores(params, X), ring))
    assert reached[0] < 0.7 and reached[1] > 0.98


def test_about_half_of_the_images_are_mirrored_left_to_right():
    x = draw((400, 3, 4, 5))
    before = x.copy()
    flipped = layers.flip_half(x, np.random.default_rng(0))
    mirrored = np.array([np.array_equal(a, b[..., ::-1]) for a, b in zip(flipped, x, strict=True)])
    same = np.array([np.array_equal(a, b) for a, b in zip(flipped, x, strict=True)])
    assert np.all(mirrored ^ same) and 150 < mirrored.sum() < 250
    np.testing.assert_array_equal(x, before)


# ------------------------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda x, w, b: layers.conv_forward(x[0], w, b),
            r"x of shape .* expected \(N, C, H, W\)",
        ),
        (lambda x, w, b: layers.conv_forward(x[:, :1], w, b), "expected .* of one dtype"),
        (lambda x, w, b: layers.conv_forward(x.astype(np.float32), w, b), "of one dtype"),
        (lambda x, w, b: layers.conv_forward(x[:, :, :2], w, b), "windows of 3"),
        (lambda x, w, b: layers.conv_forward(x, w, b, 0), "stride of 1 or more"),
        (lambda x, w, b: layers.conv_backward(x, x, w), "dout of shape"),
        (lambda x, w, b: layers.max_pool_forward(x, 16), "at most 15"),
        (lambda x, w, b: layers.max_pool_forward(x, 9), "windows of 9"),
        (lambda x, w, b: layers.affine_forward(x, w[0, 0], b), "affine_forward got"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_what_was_got(call, message):
    x, w, b = draw_convolution((4, 3, 8, 6), (5, 3, 3))
    with pytest.raises(ValueError, match=message):
        call(x, w, b)

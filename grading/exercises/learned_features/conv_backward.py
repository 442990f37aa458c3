"""Compute the gradients of a convolution with respect to images, filters and biases."""

import numpy as np

from ..describe import Case, Exercise
from .convolutions import draw_convolution, ends_like, with_border

exercise = Exercise(
    "conv_backward",
    assignment="09-learned-features",
    parts={"db": 1, "dw": 1.5, "dx": 1.5, "padding": 0.5, "stride": 0.5},
    hints=(
        "Go through the same windows as in conv_forward. At each of them the output was window @ "
        "filters + b: you know the gradients of a product.",
        "At place (i, j), with slopes = dout[:, :, i, j] of shape (N, F) and the window as rows: "
        "dw gains slopes.T @ window, and the window itself gets back slopes @ filters.",
        "Windows overlap and filters are used at every place, so add with +=: into zeros like w, "
        "and into zeros like the padded x. At the end cut the padding off, rows pad : pad + H and "
        "columns pad : pad + W. db is the sum of dout over images and places.",
    ),
)


@exercise.solved_by
def conv_backward(dout, x, w, b, stride, pad):
    (n, _, height, width), (f, _, hh, ww) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows = slice(i * stride, i * stride + hh)
            columns = slice(j * stride, j * stride + ww)
            window, slopes = padded[:, :, rows, columns], dout[:, :, i, j]
            dw += (slopes.T @ window.reshape(n, -1)).reshape(w.shape)
            dpadded[:, :, rows, columns] += (slopes @ w.reshape(f, -1)).reshape(window.shape)
    dx = dpadded[:, :, pad : pad + height, pad : pad + width]
    return dx, dw, dout.sum(axis=(0, 2, 3))


def _value(index):
    return lambda observations: observations[-1].value[index]


def _dx_and_dw(observations):
    dx, dw, _ = observations[-1].value
    return dx, dw


@exercise.examined_by
def cases(rng):
    def draw(x_shape, w_shape, stride, pad):
        x, w, b = draw_convolution(rng, x_shape, w_shape)
        rows = 1 + (x_shape[2] + 2 * pad - w_shape[2]) // stride
        columns = 1 + (x_shape[3] + 2 * pad - w_shape[3]) // stride
        dout = rng.standard_normal((x_shape[0], w_shape[0], rows, columns))
        return dout, x, w, b, stride, pad

    question = draw((3, 2, 5, 6), (4, 2, 3, 2), 1, 0)
    for index, name in enumerate(("dx", "dw", "db")):
        yield Case(name, [question], answer=_value(index), measures=name, atol=1e-4)
    for part, *shapes_and_steps in (
        ("padding", (2, 3, 4, 5), (4, 3, 3, 3), 1, 1),
        ("padding", (3, 2, 4, 3), (4, 2, 2, 5), 1, 2),
        ("padding", (2, 3, 2, 2), (2, 3, 2, 2), 1, 3),  # more zeros than all else
        ("stride", (2, 3, 7, 8), (4, 3, 3, 2), 2, 0),
        ("stride", (3, 2, 8, 9), (4, 2, 3, 4), 2, 1),
        ("stride", (1, 2, 9, 8), (3, 2, 2, 3), 3, 2),
    ):
        question = draw(*shapes_and_steps)
        yield Case(part, [question], answer=_dx_and_dw, measures="dx and dw", atol=1e-4)


def _scatter(
    dout,
    x,
    w,
    stride,
    pad,
    step=None,
    add_dw=True,
    add_dx=True,
    w_for_dx=None,
):
    """The reference with one thing changed; dx comes with its padding."""
    (hh, ww), padded = w.shape[2:], with_border(x, pad)
    w_for_dx = w if w_for_dx is None else w_for_dx
    step = stride if step is None else step
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, columns = slice(i * step, i * step + hh), slice(j * step, j * step + ww)
            slopes = dout[:, :, i, j]
            part = np.tensordot(slopes, padded[:, :, rows, columns], axes=(0, 0))
            dw = dw + part if add_dw else part
            spread = np.tensordot(slopes, w_for_dx, axes=1)
            dpadded[:, :, rows, columns] = spread + add_dx * dpadded[:, :, rows, columns]
    return dpadded, dw, dout.sum(axis=(0, 2, 3))


def _cropped(dpadded, x, pad):
    return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]


@exercise.mistake(
    "dx is overwritten",
    "A pixel is in many windows: add what each of them sends back, +=, not =.",
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad, add_dx=False)
    return _cropped(dpadded, x, pad), dw, db


@exercise.mistake(
    "dw of the last window only", "A filter is used at every place: add over the places, +=."
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad, add_dw=False)
    return _cropped(dpadded, x, pad), dw, db


@exercise.mistake(
    "dx keeps the padding",
    "dx has the shape of x: cut the padding off, pad rows and columns on each side.",
)
def _(dout, x, w, b, stride, pad):
    return _scatter(dout, x, w, stride, pad)


@exercise.mistake(
    "cuts from the wrong side",
    "The padding is on all four sides: dx starts at row pad and column pad.",
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad)
    return dpadded[:, :, : x.shape[2], : x.shape[3]], dw, db


@exercise.mistake(
    "empty dx without padding",
    "With pad = 0, pad:-pad is 0:0, which is empty: cut with pad : pad + H.",
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad)
    return dpadded[:, :, pad:-pad, pad:-pad], dw, db


def _padded_by_one(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, 1)
    return dpadded[:, :, 1 : 1 + x.shape[2], 1 : 1 + x.shape[3]], dw, db


@exercise.mistake(
    "pads by 1, whatever pad is",
    "The border is pad pixels wide, also where pad is 0, 2 or 3: (pad, pad), not (1, 1).",
    shows=ends_like(_padded_by_one),
)
def pads_by_one(dout, x, w, b, stride, pad):
    return _padded_by_one(dout, x, w, b, stride, pad)


@exercise.mistake(
    "db of the images only",
    "One bias serves all images and all places: sum over the axes 0, 2 and 3.",
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, _ = _scatter(dout, x, w, stride, pad)
    return _cropped(dpadded, x, pad), dw, dout.sum(axis=0)


@exercise.mistake(
    "mean over the images",
    "Sum over the images: the 1 / N of the loss is in dout already.",
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad)
    return _cropped(dpadded, x, pad), dw / len(x), db / len(x)


@exercise.mistake(
    "mean in db", "One bias serves all images and places: its gradient is the sum, not the mean."
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, _ = _scatter(dout, x, w, stride, pad)
    return _cropped(dpadded, x, pad), dw, dout.mean(axis=(0, 2, 3))


@exercise.mistake(
    "dw divided by the images", "Sum over the images: the 1 / N of the loss is in dout already."
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad)
    return _cropped(dpadded, x, pad), dw / len(x), db


@exercise.mistake(
    "turns the filter around",
    "Window by window, dx gets dout times the filter as it is; it is flipped only when dx is "
    "written as one convolution of dout.",
)
def _(dout, x, w, b, stride, pad):
    turned = w[:, :, ::-1, ::-1]
    dpadded, dw, db = _scatter(dout, x, w, stride, pad, w_for_dx=turned)
    return _cropped(dpadded, x, pad), dw, db


@exercise.mistake(
    "ignores the stride",
    "Window (i, j) starts at (i * stride, j * stride), in the backward pass as in the forward.",
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad, step=1)
    return _cropped(dpadded, x, pad), dw, db


@exercise.mistake(
    "gradients in another order", "Return them in the order of the inputs: dx, dw, db."
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad)
    return dw, _cropped(dpadded, x, pad), db

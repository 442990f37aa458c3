"""Convolve images with filters, with any stride and padding."""

import numpy as np

from ..describe import Case, Exercise
from ..loops import no_loop_over_images
from .convolutions import draw_convolution, draw_images, ends_like, with_border

exercise = Exercise(
    "conv_forward",
    assignment="09-learned-features",
    parts={"values": 1, "padding": 1, "stride": 1, "no loop over images": 1},
    hints=(
        "At every place, each filter is multiplied with the window beneath it and summed: a dot "
        "product. How large is the output, and where does window (i, j) begin?",
        "Pad the last two axes of x with zeros: np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, "
        "pad))). Window (i, j) begins at row i * stride and column j * stride; loop over the "
        "places only.",
        "The window of all images at once has shape (N, C, HH, WW). Reshape it to (N, C * HH * "
        "WW) and the filters to (F, C * HH * WW): one product with the filters transposed, plus "
        "b, gives out[:, :, i, j].",
    ),
)


@exercise.solved_by
def conv_forward(x, w, b, stride, pad):
    (n, _, height, width), (f, _, hh, ww) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows = 1 + (height + 2 * pad - hh) // stride
    columns = 1 + (width + 2 * pad - ww) // stride
    out = np.empty((n, f, rows, columns), x.dtype)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            window = padded[:, :, top : top + hh, left : left + ww]
            out[:, :, i, j] = window.reshape(n, -1) @ w.reshape(f, -1).T + b
    return out


exercise.as_right(
    "Floats of another size hold the numbers as well.",
    "out = np.empty((n, f, rows, columns))",
)


@exercise.examined_by
def cases(rng):
    for part, x_shape, w_shape, stride, pad in (
        ("values", (1, 1, 4, 5), (2, 1, 3, 2), 1, 0),
        ("values", (2, 3, 5, 6), (4, 3, 2, 3), 1, 0),
        ("values", (2, 4, 3, 4), (12, 4, 3, 4), 1, 0),  # a filter as large as the image
        ("padding", (2, 3, 4, 5), (4, 3, 3, 3), 1, 1),
        ("padding", (3, 2, 4, 3), (4, 2, 2, 5), 1, 2),
        ("padding", (2, 3, 2, 2), (2, 3, 2, 2), 1, 3),  # more zeros than all else
        ("stride", (2, 3, 7, 8), (4, 3, 3, 2), 2, 0),
        ("stride", (3, 2, 9, 11), (4, 2, 2, 3), 3, 0),  # neither side divides evenly
        ("stride", (2, 2, 8, 7), (3, 2, 3, 3), 3, 2),
    ):
        yield Case(part, [(*draw_convolution(rng, x_shape, w_shape), stride, pad)], atol=1e-5)
    few = (*draw_convolution(rng, (2, 2, 2, 4), (3, 2, 2, 2)), 1, 0)
    many = (draw_images(rng, (400, 2, 2, 4)), *few[1:])
    yield from no_loop_over_images("no loop over images", few, many, huge=20_000, atol=1e-5)


def _slide(padded, w, b, stride, step=None, n_places=None):
    """Convolve; windows may move by another step than the one from which their number follows."""
    hh, ww = w.shape[2:]
    rows, columns = n_places or (
        1 + (padded.shape[2] - hh) // stride,
        1 + (padded.shape[3] - ww) // stride,
    )
    step = stride if step is None else step
    out = np.empty((len(padded), len(w), rows, columns), padded.dtype)
    for i in range(rows):
        for j in range(columns):
            window = padded[:, :, i * step : i * step + hh, j * step : j * step + ww]
            out[:, :, i, j] = window.reshape(len(window), -1) @ w.reshape(len(w), -1).T + b
    return out


@exercise.mistake(
    "turns the filter around",
    "Networks slide the filter as it is; only signal processing flips it first.",
)
def _(x, w, b, stride, pad):
    return _slide(with_border(x, pad), w[:, :, ::-1, ::-1], b, stride)


@exercise.mistake(
    "rounds the size up",
    "A window must fit in the image: 1 + (H + 2 pad - HH) // stride rounds down.",
)
def _(x, w, b, stride, pad):
    beyond = np.pad(x, ((0, 0), (0, 0), (0, stride - 1), (0, stride - 1)))
    return _slide(with_border(beyond, pad), w, b, stride)


@exercise.mistake("forgets the bias", "Add b[f] to every number that filter f gives.")
def _(x, w, b, stride, pad):
    return _slide(with_border(x, pad), w, 0 * b, stride)


@exercise.mistake(
    "ignores the padding", "Put pad zeros around each image first: four sides, no other axis."
)
def _(x, w, b, stride, pad):
    return _slide(x, w, b, stride)


def _padded_by_one(x, w, b, stride, pad):
    (height, width), (hh, ww) = x.shape[2:], w.shape[2:]
    rows, columns = 1 + (height + 2 * pad - hh) // stride, 1 + (width + 2 * pad - ww) // stride
    return _slide(with_border(x, 1), w, b, stride, n_places=(rows, columns))


@exercise.mistake(
    "pads by 1, whatever pad is",
    "The border is pad pixels wide, also where pad is 0, 2 or 3: (pad, pad), not (1, 1).",
    shows=ends_like(_padded_by_one),
)
def pads_by_one(x, w, b, stride, pad):
    return _padded_by_one(x, w, b, stride, pad)


@exercise.mistake(
    "pads two sides only", "pad zeros go on all four sides: (pad, pad) for the rows and columns."
)
def _(x, w, b, stride, pad):
    return _slide(np.pad(x, ((0, 0), (0, 0), (0, pad), (0, pad))), w, b, stride)


@exercise.mistake("pads with copies of the edge", "The padding is zeros: np.pad's default mode.")
def _(x, w, b, stride, pad):
    return _slide(with_border(x, pad, mode="edge"), w, b, stride)


@exercise.mistake(
    "pads the images and channels too",
    "Pad the last two axes only: np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))).",
)
def _(x, w, b, stride, pad):
    return _slide(np.pad(x, pad), w, b, stride)


@exercise.mistake(
    "pads all four axes",
    "np.pad(x, pad) adds images and channels of zeros: np.pad(x, ((0, 0), (0, 0), (pad, pad), "
    "(pad, pad))).",
)
def _(x, w, b, stride, pad):
    n, _, height, width = x.shape
    padded, (f, _, hh, ww) = np.pad(x, pad), w.shape
    rows = 1 + (height + 2 * pad - hh) // stride
    columns = 1 + (width + 2 * pad - ww) // stride
    out = np.empty((n, f, rows, columns), x.dtype)
    for i in range(rows):
        for j in range(columns):
            window = padded[:, :, i * stride : i * stride + hh, j * stride : j * stride + ww]
            out[:, :, i, j] = window.reshape(n, -1) @ w.reshape(f, -1).T + b
    return out


@exercise.mistake(
    "counts the padding once",
    "The padding is on two sides of each axis: 1 + (H + 2 * pad - HH) // stride windows.",
)
def _(x, w, b, stride, pad):
    rows, columns = (
        1 + (side + pad - size) // stride
        for side, size in zip(x.shape[2:], w.shape[2:], strict=True)
    )
    return _slide(with_border(x, pad), w, b, stride, n_places=(rows, columns))


@exercise.mistake(
    "as many windows across as down",
    "Images and filters need not be square: count the windows across by W and WW.",
)
def _(x, w, b, stride, pad):
    rows = 1 + (x.shape[2] + 2 * pad - w.shape[2]) // stride
    return _slide(with_border(x, pad), w, b, stride, n_places=(rows, rows))


@exercise.mistake(
    "ignores the stride", "Window (i, j) starts at row i * stride and column j * stride."
)
def _(x, w, b, stride, pad):
    return _slide(with_border(x, pad), w, b, 1)


@exercise.mistake(
    "windows not moved by the stride",
    "The number of windows is right, but each starts at (i * stride, j * stride), not at (i, j).",
)
def _(x, w, b, stride, pad):
    return _slide(with_border(x, pad), w, b, stride, step=1)


@exercise.mistake(
    "one window short", "There are 1 + (H + 2 * pad - HH) // stride windows: mind the 1."
)
def _(x, w, b, stride, pad):
    padded = with_border(x, pad)
    rows, columns = (
        (side - size) // stride for side, size in zip(padded.shape[2:], w.shape[2:], strict=True)
    )
    return _slide(padded, w, b, stride, n_places=(rows, columns))


@exercise.mistake(
    "first channel only", "A filter has a layer for every channel: sum over the channels too."
)
def _(x, w, b, stride, pad):
    return _slide(with_border(x, pad)[:, :1], w[:, :1], b, stride)


@exercise.mistake(
    "mean instead of sum", "Each output is a dot product: the sum of the products, not the mean."
)
def _(x, w, b, stride, pad):
    return _slide(with_border(x, pad), w / w[0].size, b, stride)


@exercise.mistake(
    "loops over the images",
    "Cut the same window out of all images at once, x[:, :, rows, columns], and multiply it with "
    "all filters in one product.",
)
def _(x, w, b, stride, pad):
    padded, (hh, ww) = with_border(x, pad), w.shape[2:]
    rows = 1 + (padded.shape[2] - hh) // stride
    columns = 1 + (padded.shape[3] - ww) // stride
    out = np.empty((len(x), len(w), rows, columns))
    for n in range(len(x)):
        for i in range(rows):
            for j in range(columns):
                top, left = i * stride, j * stride
                window = padded[n, :, top : top + hh, left : left + ww]
                out[n, :, i, j] = w.reshape(len(w), -1) @ window.ravel() + b
    return out

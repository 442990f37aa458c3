"""Convolve images with filters, with any stride and padding."""

import numpy as np

from ..describe import Case, Exercise
from ..loops import no_loop_over_images
from .convolutions import draw_convolution, draw_images, pads_like_one_of, with_border
from .windows import PLACE_SLIPS, places_with

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


BIAS = "b has a number for each filter, axis 1 of the output: add b[:, np.newaxis, np.newaxis]."
MIDDLE = (
    "The image lies in the middle of the zeros, pad of them on each side: x goes to rows pad : pad "
    "+ H and columns pad : pad + W."
)
ALL_AXES = (
    "np.pad(x, pad) adds images and channels of zeros: np.pad(x, ((0, 0), (0, 0), (pad, pad), "
    "(pad, pad)))."
)
WINDOW = "Window (i, j) starts at row i * stride and column j * stride"


@exercise.twisted_by(
    {
        "forgets the bias": "Add b[f] to every number that filter f gives.",
        "bias along the columns": BIAS,
        "bias added along the columns": BIAS,
        "bias added for every product": "Sum the products of a window first, then add b[f] once: "
        "yours adds it at every pixel and channel of the window.",
        "bias added for every channel": "Sum over the channels first, then add b[f] once.",
        "ignores the padding": "Put pad zeros around each image first: four sides, no other axis.",
        "ignores the stride": f"{WINDOW}.",
        "windows not moved by the stride": "The number of windows is right, but each starts at "
        "(i * stride, j * stride), not at (i, j).",
        "columns not moved by the stride": f"{WINDOW}: yours starts at column j.",
        "rows not moved by the stride": f"{WINDOW}: yours starts at row i.",
        "/ instead of //": "/ always gives a float, and a size is an int: count the windows with "
        "//, which also rounds down.",
        "one window short": "There are 1 + (H + 2 * pad - HH) // stride windows: mind the 1.",
        "one row of windows short": "There are 1 + (H + 2 * pad - HH) // stride windows down: mind "
        "the 1.",
        "one column of windows short": "There are 1 + (W + 2 * pad - WW) // stride windows across: "
        "mind the 1.",
        "counts the padding once": "The padding is on two sides of each axis: 1 + (H + 2 * pad - "
        "HH) // stride windows.",
        "padding not counted": "The padding makes the image larger: 1 + (H + 2 * pad - HH) // "
        "stride windows.",
        "rounds the size up": "A window must fit in the image: 1 + (H + 2 pad - HH) // stride "
        "rounds down.",
        "as many windows across as down": "Images and filters need not be square: count the "
        "windows across by W and WW.",
        "as many windows down as across": "Images and filters need not be square: count the "
        "windows down by H and HH.",
        "pads two sides only": "pad zeros go on all four sides: (pad, pad) for the rows and "
        "columns.",
        "all of the padding at the top and left": MIDDLE,
        "all of the padding at the bottom and right": MIDDLE,
        "pads with copies of the edge": "The padding is zeros: np.pad's default mode.",
        "pads the images and channels too": "Pad the last two axes only: np.pad(x, ((0, 0), (0, "
        "0), (pad, pad), (pad, pad))).",
        "pads all four axes": ALL_AXES,
        "turns the filter around": "Networks slide the filter as it is; only signal processing "
        "flips it first.",
        "first channel only": "A filter has a layer for every channel: sum over the channels too.",
        "last channel only": "Add up what the channels give, +=: yours keeps only the last.",
        "first filter for all": "Each filter gives a channel of the output: w[f], not w[0].",
        "mean instead of sum": "Each output is a dot product: the sum of the products, not the "
        "mean.",
        "rows and columns exchanged": "Window (i, j) gives out[:, :, i, j]: i counts rows, j "
        "columns.",
        "filters on the last axis": "The output has shape (N, F, rows, columns): the filters come "
        "second.",
    }
    | PLACE_SLIPS
)
def conv_forward_with(is_, x, w, b, stride, pad):
    if is_("first channel only"):
        x, w = x[:, :1], w[:, :1]
    if is_("last channel only"):
        x, w = x[:, -1:], w[:, -1:]
    if is_("first filter for all"):
        w = np.broadcast_to(w[0], w.shape)
    (f, channels, hh, ww), filters = w.shape, w
    if is_("turns the filter around"):
        filters = filters[:, :, ::-1, ::-1]
    if is_("mean instead of sum"):
        filters = filters / filters[0].size
    bias = b
    if any(
        map(is_, ("forgets the bias", "bias along the columns", "bias added along the columns"))
    ):
        b = 0 * b
    if is_("bias added for every product"):
        b = b * w[0].size
    elif is_("bias added for every channel"):
        b = b * channels
    padded, n = _padded_with(is_, x, pad), len(x)
    if is_("pads the images and channels too"):
        n = len(padded)
    rows, columns = _places_with(is_, x, w, stride, pad)
    if is_("rounds the size up"):
        padded = np.pad(padded, ((0, 0), (0, 0), (0, stride - 1), (0, stride - 1)))
    down = across = 1 if is_("ignores the stride") else stride
    if is_("rows not moved by the stride") or is_("windows not moved by the stride"):
        down = 1
    if is_("columns not moved by the stride") or is_("windows not moved by the stride"):
        across = 1
    out = np.zeros((n, f, rows, columns))
    for i, j in places_with(is_, rows, columns):
        top, left = i * down, j * across
        window = padded[:, :, top : top + hh, left : left + ww]
        values = window.reshape(n, -1) @ filters.reshape(f, -1).T + b
        if is_("rows and columns exchanged"):
            out[:, :, j, i] = values
        else:
            out[:, :, i, j] = values
    if is_("bias along the columns"):
        out = out + bias
    elif is_("bias added along the columns"):
        out += bias
    return np.moveaxis(out, 1, -1) if is_("filters on the last axis") else out


def _padded_with(is_, x, pad):
    if is_("ignores the padding"):
        return x
    if is_("pads all four axes") or is_("pads the images and channels too"):
        return np.pad(x, pad)
    if is_("all of the padding at the top and left"):
        return np.pad(x, ((0, 0), (0, 0), (2 * pad, 0), (2 * pad, 0)))
    if is_("all of the padding at the bottom and right"):
        return np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))
    if is_("pads two sides only"):
        return np.pad(x, ((0, 0), (0, 0), (0, pad), (0, pad)))
    return with_border(x, pad, mode="edge" if is_("pads with copies of the edge") else "constant")


def _places_with(is_, x, w, stride, pad):
    """How many windows there are down and across."""
    border = pad if is_("counts the padding once") or is_("pads two sides only") else 2 * pad
    if is_("ignores the padding") or is_("padding not counted"):
        border = 0
    room = np.array(x.shape[2:]) + border - w.shape[2:]
    stride = 1 if is_("ignores the stride") else stride
    if is_("/ instead of //"):
        return tuple(1 + float(side) / stride for side in room)
    if is_("rounds the size up"):
        room = room + stride - 1
    rows, columns = map(int, room // stride + (not is_("one window short")))
    rows -= is_("one row of windows short")
    columns -= is_("one column of windows short")
    if is_("as many windows down as across"):
        return columns, columns
    return rows, rows if is_("as many windows across as down") else columns


def pads_by_one(x, w, b, stride, pad):
    """As many windows as ``pad`` makes room for: more than fit where it is above 1."""
    out = np.empty_like(conv_forward(x, w, b, stride, pad))
    height, width = np.array(x.shape[2:]) + 2 * pad
    out[:] = conv_forward(with_border(x, 1)[:, :, :height, :width], w, b, stride, 0)
    return out


exercise.mistake(
    "pads by 1, whatever pad is",
    "The border is pad pixels wide, also where pad is 0, 2 or 3: (pad, pad), not (1, 1).",
    shows=pads_like_one_of(
        pads_by_one, lambda x, w, b, stride, pad: conv_forward(x, w, b, stride, 1)
    ),
)(pads_by_one)


@exercise.mistake(
    "loops over the images",
    "Cut the same window out of all images at once, x[:, :, rows, columns], and multiply it with "
    "all filters in one product.",
)
def loops_over_the_images(x, w, b, stride, pad):
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


def pads_all_axes(answers):
    """An answer that pads images and channels too, and cuts each window out of all images at once.

    `answers` takes windows (N, C, HH, WW) and filters, and returns the dot products (N, F).
    """

    def forward(x, w, b, stride, pad):
        padded, (hh, ww) = np.pad(x, pad), w.shape[2:]
        rows = 1 + (x.shape[2] + 2 * pad - hh) // stride
        columns = 1 + (x.shape[3] + 2 * pad - ww) // stride
        out = np.empty((len(x), len(w), rows, columns))
        for i, j in np.ndindex(rows, columns):
            top, left = i * stride, j * stride
            out[:, :, i, j] = answers(padded[:, :, top : top + hh, left : left + ww], w) + b
        return out

    return forward


@exercise.mistake("pads all four axes, and goes filter by filter", ALL_AXES)
@pads_all_axes
def filter_by_filter(windows, w):
    return np.stack([np.sum(windows * one, axis=(1, 2, 3)) for one in w], axis=1)


@exercise.mistake("pads all four axes, and multiplies with tensordot", ALL_AXES)
@pads_all_axes
def with_tensordot(windows, w):
    return np.tensordot(windows, w, axes=([1, 2, 3], [1, 2, 3]))

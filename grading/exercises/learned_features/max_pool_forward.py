"""Keep the largest number of each window."""

import numpy as np

from ..describe import Case, Exercise
from .poolings import POOLINGS, draw_pixels

exercise = Exercise(
    "max_pool_forward",
    assignment="09-learned-features",
    parts={"values": 1, "any stride": 1},
    hints=(
        "It is the sliding window of conv_forward without filters: each channel keeps its largest "
        "number in the window.",
        "There are 1 + (H - size) // stride windows down and 1 + (W - size) // stride across. "
        "Window (i, j) begins at row i * stride and column j * stride.",
        "Cut the window out of all images and channels at once, x[:, :, rows, columns], and take "
        "its maximum over the axes 2 and 3.",
    ),
)


@exercise.solved_by
def max_pool_forward(x, size, stride):
    rows = 1 + (x.shape[2] - size) // stride
    columns = 1 + (x.shape[3] - size) // stride
    out = np.empty((*x.shape[:2], rows, columns), x.dtype)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            out[:, :, i, j] = x[:, :, top : top + size, left : left + size].max(axis=(2, 3))
    return out


exercise.as_right(
    "Floats of another size hold the numbers as well.",
    "out = np.empty((*x.shape[:2], rows, columns))",
)


@exercise.examined_by
def cases(rng):
    for part, shape, size, stride in POOLINGS:
        yield Case(part, [(draw_pixels(rng, shape), size, stride)])


def _pool(x, size, stride, reduce, step=None, axis=(2, 3)):
    """Pool by any reduction; windows may move by another step than their number follows from."""
    rows, columns = (1 + (side - size) // stride for side in x.shape[2:])
    step = stride if step is None else step
    out = np.empty((*x.shape[:2], rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * step : i * step + size, j * step : j * step + size]
            out[:, :, i, j] = reduce(window, axis=axis)
    return out


@exercise.mistake("mean instead of maximum", "Max pooling keeps the largest number of a window.")
def _(x, size, stride):
    return _pool(x, size, stride, np.mean)


@exercise.mistake(
    "minimum instead of maximum", "Keep the largest number of a window, not the least."
)
def _(x, size, stride):
    return _pool(x, size, stride, np.min)


@exercise.mistake(
    "never below zero",
    "A window may hold negative numbers only: compare its pixels with each other, not with 0.",
)
def _(x, size, stride):
    return np.maximum(0, _pool(x, size, stride, np.max))


@exercise.mistake(
    "largest in absolute value", "The largest of (-3, 1) is 1: compare the numbers as they are."
)
def _(x, size, stride):
    return _pool(np.abs(x), size, stride, np.max)


@exercise.mistake(
    "windows never overlap",
    "Windows start stride pixels apart, whatever their size: use i * stride.",
)
def _(x, size, stride):
    return _pool(x, size, size, np.max)


@exercise.mistake(
    "windows moved by their size",
    "Window (i, j) starts at (i * stride, j * stride), not at (i * size, j * size).",
)
def _(x, size, stride):
    return _pool(x, size, stride, np.max, step=size)


@exercise.mistake(
    "counts the windows by the size",
    "There are 1 + (H - size) // stride windows down, not H // size: they may overlap.",
)
def _(x, size, stride):
    rows, columns = (side // size for side in x.shape[2:])
    return _pool(x, size, stride, np.max)[:, :, :rows, :columns]


@exercise.mistake(
    "cuts the image into blocks",
    "A reshape works only where the blocks fit and do not overlap: move a window by the stride.",
)
def _(x, size, stride):
    n, c, height, width = x.shape
    return x.reshape(n, c, height // size, size, width // size, size).max(axis=(3, 5))


@exercise.mistake(
    "one maximum for all images",
    "Each image and each channel keeps its own: the maximum over axes 2 and 3.",
)
def _(x, size, stride):
    return _pool(x, size, stride, np.max, axis=None)


@exercise.mistake(
    "windows not moved by the stride",
    "Window (i, j) starts at (i * stride, j * stride), not at (i, j).",
)
def _(x, size, stride):
    return _pool(x, size, stride, np.max, step=1)


@exercise.mistake(
    "pools over the channels too",
    "Each channel is pooled by itself: the maximum over axes 2 and 3.",
)
def _(x, size, stride):
    by_place = _pool(x, size, stride, np.max)
    return by_place.max(axis=1, keepdims=True) + 0 * by_place


@exercise.mistake(
    "one window short", "There are 1 + (H - size) // stride windows down: mind the 1."
)
def _(x, size, stride):
    return _pool(x, size, stride, np.max)[:, :, :-1, :-1]


@exercise.mistake(
    "every pixel starts a window",
    "Leave out the windows that would not fit, and mind the stride: the output is smaller than x.",
)
def _(x, size, stride):
    lowest = np.pad(x, ((0, 0), (0, 0), (0, size - 1), (0, size - 1)), constant_values=-np.inf)
    return _pool(lowest, size, 1, np.max)

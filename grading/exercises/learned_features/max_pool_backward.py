"""Send each gradient back to the largest number of its window."""

import numpy as np

from ..describe import Case, Exercise
from .poolings import POOLINGS, draw_pixels

exercise = Exercise(
    "max_pool_backward",
    assignment="09-learned-features",
    parts={"values": 2, "any stride": 1},
    hints=(
        "Only the largest number of a window decided the output. Which entries of dx get a "
        "gradient then, and how much?",
        "For each window, compare it with its own maximum over the axes 2 and 3 (keepdims=True): "
        "the result is True at the winner of each image and channel.",
        "Multiply this mask by dout[:, :, i : i + 1, j : j + 1], a slice that keeps the axes, and "
        "add it with += to the window's place in dx: windows may overlap.",
    ),
)


@exercise.solved_by
def max_pool_backward(dout, x, size, stride):
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows = slice(i * stride, i * stride + size)
            columns = slice(j * stride, j * stride + size)
            window = x[:, :, rows, columns]
            winner = window == window.max(axis=(2, 3), keepdims=True)
            dx[:, :, rows, columns] += winner * dout[:, :, i : i + 1, j : j + 1]
    return dx


exercise.as_right(
    "No number of a window is above its largest.",
    "winner = window >= window.max(axis=(2, 3), keepdims=True)",
)


@exercise.examined_by
def cases(rng):
    for part, shape, size, stride in POOLINGS:
        places = (1 + (side - size) // stride for side in shape[2:])
        dout = rng.standard_normal((*shape[:2], *places))
        yield Case(part, [(dout, draw_pixels(rng, shape), size, stride)])


def _unpool(dout, x, size, stride, step=None, share=None, add=True):
    """Send back to each window what ``share(window)`` gives its pixels, times dout."""
    share = share or (lambda window: window == window.max(axis=(2, 3), keepdims=True))
    step, dx = stride if step is None else step, np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, columns = slice(i * step, i * step + size), slice(j * step, j * step + size)
            sent = share(x[:, :, rows, columns]) * dout[:, :, i : i + 1, j : j + 1]
            dx[:, :, rows, columns] = sent + add * dx[:, :, rows, columns]
    return dx


@exercise.mistake(
    "every pixel gets the gradient",
    "Only the largest pixel decided the output, so it alone gets the gradient.",
)
def _(dout, x, size, stride):
    return _unpool(dout, x, size, stride, share=np.ones_like)


@exercise.mistake(
    "gradient of mean pooling",
    "The gradient is not shared among the pixels: all of it goes to the largest.",
)
def _(dout, x, size, stride):
    return _unpool(dout, x, size, stride, share=lambda window: np.ones_like(window) / size**2)


@exercise.mistake(
    "overwritten where windows overlap",
    "A pixel can win in several windows: add up what they send back, +=, not =.",
)
def _(dout, x, size, stride):
    return _unpool(dout, x, size, stride, add=False)


@exercise.mistake(
    "marks the winners only", "Multiply the mask of the winners by dout: the chain rule."
)
def _(dout, x, size, stride):
    return _unpool(np.ones_like(dout), x, size, stride)


@exercise.mistake(
    "sends the pixels back", "The slope of a maximum is 1 at the winner: dx is dout there, not x."
)
def _(dout, x, size, stride):
    return _unpool(np.ones_like(dout), x, size, stride) * x


@exercise.mistake(
    "gradient to positive pixels",
    "That is the mask of a ReLU; here the largest pixel of a window gets the gradient, whatever "
    "its sign.",
)
def _(dout, x, size, stride):
    return _unpool(dout, x, size, stride, share=lambda window: window > 0)


@exercise.mistake(
    "windows not moved by the stride",
    "Window (i, j) starts at (i * stride, j * stride), in the backward pass as in the forward.",
)
def _(dout, x, size, stride):
    return _unpool(dout, x, size, stride, step=1)


@exercise.mistake(
    "one winner for all channels",
    "Each image and each channel has a winner of its own: the maximum over axes 2 and 3.",
)
def _(dout, x, size, stride):
    def share(window):
        return window == window.max(axis=(1, 2, 3), keepdims=True)

    return _unpool(dout, x, size, stride, share=share)


@exercise.mistake(
    "one winner for all images",
    "Each image and each channel has a winner of its own: the maximum over axes 2 and 3.",
)
def _(dout, x, size, stride):
    return _unpool(dout, x, size, stride, share=lambda window: window == window.max())


@exercise.mistake(
    "repeated indices are lost",
    "dx[indices] += dout adds once where an index occurs twice: use np.add.at, or loop over the "
    "windows.",
)
def _(dout, x, size, stride):
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            top, left = i * stride, j * stride
            sent, window = (a[:, :, top : top + size, left : left + size] for a in (dx, x))
            winner = window == window.max(axis=(2, 3), keepdims=True)
            np.copyto(sent, dout[:, :, i : i + 1, j : j + 1], where=winner)
    return dx


@exercise.mistake(
    "written into a copy",
    "dx.reshape(...) and dx.ravel() are copies where dx is a transposed view, and zeros_like(x) "
    "is one where x is: write into dx itself, dx[:, :, rows, columns] += ....",
)
def written_into_a_copy(dout, x, size, stride):
    dx = np.zeros_like(x)
    if dx.flags.c_contiguous:
        dx += _unpool(dout, x, size, stride)
    return dx


@exercise.mistake(
    "gradient to the smallest pixel", "The largest pixel of a window gets the gradient."
)
def _(dout, x, size, stride):
    def share(window):
        return window == window.min(axis=(2, 3), keepdims=True)

    return _unpool(dout, x, size, stride, share=share)

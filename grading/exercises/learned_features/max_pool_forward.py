"""Keep the largest number of each window."""

import numpy as np

from ..describe import Case, Exercise
from .poolings import POOLINGS, draw_pixels
from .windows import PLACE_SLIPS, places_with

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


PLACES = "There are 1 + (H - size) // stride windows down"


@exercise.twisted_by(
    {
        "mean instead of maximum": "Max pooling keeps the largest number of a window.",
        "minimum instead of maximum": "Keep the largest number of a window, not the least.",
        "sum instead of maximum": "Max pooling keeps the largest number of a window, not the sum.",
        "place of the maximum": "Keep the largest number itself, max, not its place, argmax.",
        "never below zero": "A window may hold negative numbers only: compare its pixels with each "
        "other, not with 0.",
        "windows never overlap": "Windows start stride pixels apart, whatever their size: use i * "
        "stride.",
        "windows moved by their size": "Window (i, j) starts at (i * stride, j * stride), not at "
        "(i * size, j * size).",
        "windows not moved by the stride": "Window (i, j) starts at (i * stride, j * stride), not "
        "at (i, j).",
        "columns not moved by the stride": "Window (i, j) starts at (i * stride, j * stride), not "
        "at (i * stride, j).",
        "rows not moved by the stride": "Window (i, j) starts at (i * stride, j * stride), not at "
        "(i, j * stride).",
        "ignores the stride": "Windows start stride pixels apart: count 1 + (H - size) // stride "
        "of them, from row i * stride on.",
        "/ instead of //": "/ always gives a float, and a size is an int: count the windows with "
        "//, which also rounds down.",
        "one window short": f"{PLACES}: mind the 1.",
        "one row of windows short": f"{PLACES}: mind the 1.",
        "one column of windows short": "There are 1 + (W - size) // stride windows across: mind "
        "the 1.",
        "rounds the size up": f"{PLACES}: a window that would reach over the border is left out.",
        "counts the windows by the size": f"{PLACES}, not H // size: they may overlap.",
        "counts the windows by the stride": f"{PLACES}, not H // stride: they must fit in the "
        "image.",
        "partial windows at the border": f"{PLACES}: those that would reach over the border are "
        "left out.",
        "as many windows across as down": "Images need not be square: count the windows across by "
        "W.",
        "as many windows down as across": "Images need not be square: count the windows down by H.",
        "every pixel starts a window": "Leave out the windows that would not fit, and mind the "
        "stride: the output is smaller than x.",
        "windows one pixel short": "A slice leaves out its end: the rows of a window are top : top "
        "+ size, not top : top + size - 1.",
        "windows one pixel too large": "A slice leaves out its end: the rows of a window are top : "
        "top + size, without + 1.",
        "windows as large as the stride": "A window has size rows and columns, however far apart "
        "they are: top : top + size.",
        "windows of 2 by 2": "A window has size rows and columns, not always 2.",
        "largest in absolute value": "The largest of (-3, 1) is 1: compare the numbers as they "
        "are.",
        "pools over the channels too": "Each channel is pooled by itself: the maximum over axes 2 "
        "and 3.",
        "pools over the images too": "Each image is pooled by itself: the maximum over axes 2 and "
        "3.",
        "one maximum for all images": "Each image and each channel keeps its own: the maximum over "
        "axes 2 and 3.",
        "rows and columns exchanged": "Window (i, j) gives out[:, :, i, j]: i counts rows, j "
        "columns.",
    }
    | PLACE_SLIPS
)
def max_pool_forward_with(is_, x, size, stride):
    if is_("largest in absolute value"):
        x = np.abs(x)
    if is_("every pixel starts a window"):
        end, stride = (0, size - 1), 1
        x = np.pad(x, ((0, 0), (0, 0), end, end), constant_values=-np.inf)
    if is_("windows of 2 by 2"):
        size = 2
    if is_("windows never overlap"):
        stride = size
    if is_("ignores the stride"):
        stride = 1
    rows, columns = _places_with(is_, x, size, stride)
    step = 1 if is_("windows not moved by the stride") else stride
    step = size if is_("windows moved by their size") else step
    down = 1 if is_("rows not moved by the stride") else step
    across = 1 if is_("columns not moved by the stride") else step
    reach = stride if is_("windows as large as the stride") else size
    reach = reach + is_("windows one pixel too large") - is_("windows one pixel short")
    out = np.zeros((*x.shape[:2], rows, columns))
    for i, j in places_with(is_, rows, columns):
        top, left = i * down, j * across
        values = _kept_with(is_, x[:, :, top : top + reach, left : left + reach])
        if is_("rows and columns exchanged"):
            out[:, :, j, i] = values
        else:
            out[:, :, i, j] = values
    return out


def _places_with(is_, x, size, stride):
    """How many windows there are down and across."""
    room = np.array(x.shape[2:]) - size
    if is_("/ instead of //"):
        return tuple(1 + float(side) / stride for side in room)
    if is_("rounds the size up"):
        room = room + stride - 1
    rows, columns = map(int, room // stride + (not is_("one window short")))
    if is_("counts the windows by the size"):
        rows, columns = (side // size for side in x.shape[2:])
    elif is_("counts the windows by the stride"):
        rows, columns = (side // stride for side in x.shape[2:])
    elif is_("partial windows at the border"):
        rows, columns = (-(-side // stride) for side in x.shape[2:])
    rows -= is_("one row of windows short")
    columns -= is_("one column of windows short")
    if is_("as many windows down as across"):
        return columns, columns
    return rows, rows if is_("as many windows across as down") else columns


def _kept_with(is_, window):
    """What is kept of a window (N, C, size, size)."""
    reduce = np.mean if is_("mean instead of maximum") else np.max
    reduce = np.min if is_("minimum instead of maximum") else reduce
    reduce = np.sum if is_("sum instead of maximum") else reduce
    if is_("one maximum for all images"):
        return reduce(window)
    kept = reduce(window, axis=(2, 3))
    if is_("place of the maximum"):
        kept = window.reshape(*window.shape[:2], -1).argmax(axis=2)
    if is_("pools over the channels too"):
        kept = reduce(kept, axis=1, keepdims=True)
    if is_("pools over the images too"):
        kept = reduce(kept, axis=0)
    return np.maximum(0, kept) if is_("never below zero") else kept


@exercise.mistake(
    "cuts the image into blocks",
    "A reshape works only where the blocks fit and do not overlap: move a window by the stride.",
)
def cuts_the_image_into_blocks(x, size, stride):
    n, c, height, width = x.shape
    return x.reshape(n, c, height // size, size, width // size, size).max(axis=(3, 5))

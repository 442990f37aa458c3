"""Send each gradient back to the largest number of its window."""

import numpy as np

from ..describe import Case, Exercise
from ..observation import ends_like_one_of
from .poolings import POOLINGS, draw_pixels
from .windows import PLACE_SLIPS, places_with

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


@exercise.twisted_by(
    {
        "every pixel gets the gradient": "Only the largest pixel decided the output, so it alone "
        "gets the gradient.",
        "gradient of mean pooling": "The gradient is not shared among the pixels: all of it goes "
        "to the largest.",
        "overwritten where windows overlap": "A pixel can be in several windows: add up what they "
        "send back, +=, not =.",
        "only the last window counts where a pixel wins in several": "Add up what the windows send "
        "back, +=, not =. Even dx[indices] += dout adds once where an index occurs twice: use "
        "np.add.at, or loop over the windows.",
        "marks the winners only": "Multiply the mask of the winners by dout: the chain rule.",
        "sends the pixels back": "The slope of a maximum is 1 at the winner: dx is dout there, not "
        "x.",
        "multiplied by the pixels": "The slope of a maximum is 1 at the winner: dx gets dout "
        "there, not dout times the pixel.",
        "gradient to positive pixels": "That is the mask of a ReLU; here the largest pixel of a "
        "window gets the gradient, whatever its sign.",
        "gradient to the smallest pixel": "The largest pixel of a window gets the gradient.",
        "no gradient to negative winners": "The largest pixel of a window gets the gradient, "
        "whatever its sign: begin the search for it with the window's own pixels, not with 0.",
        "place in the window taken for the place in the image": "argmax gives the place in the "
        "window: add i * stride and j * stride to get that in the image.",
        "row and column of the winner exchanged": "Of the winner's place in the window the row "
        "comes first, then the column: np.unravel_index(..., (size, size)).",
        "windows not moved by the stride": "Window (i, j) starts at (i * stride, j * stride), in "
        "the backward pass as in the forward.",
        "windows moved by their size": "Window (i, j) starts at (i * stride, j * stride), not at "
        "(i * size, j * size).",
        "/ instead of //": "/ always gives a float, and a size is an int: count the windows with "
        "//, or by the shape of dout.",
        "windows one pixel short": "A slice leaves out its end: the rows of a window are top : top "
        "+ size, not top : top + size - 1.",
        "one winner for all channels": "Each image and each channel has a winner of its own: the "
        "maximum over axes 2 and 3.",
        "one winner for all images": "Each image and each channel has a winner of its own: the "
        "maximum over axes 2 and 3.",
        "windows as large as the stride": "A window has size rows and columns, however far apart "
        "they are.",
        "gradient subtracted": "Add what a window sends back, +=: yours subtracts it.",
        "gradient of the last window only": "Set dx to zeros once, before the loop over the "
        "windows.",
    }
    | PLACE_SLIPS
)
def max_pool_backward_with(is_, dout, x, size, stride):
    dx = np.zeros_like(x)
    step = 1 if is_("windows not moved by the stride") else stride
    step = size if is_("windows moved by their size") else step
    rows, columns = dout.shape[2:]
    if is_("/ instead of //"):
        rows, columns = (1 + (side - size) / stride for side in x.shape[2:])
    if is_("marks the winners only") or is_("sends the pixels back"):
        dout = np.ones_like(dout)
    reach = stride if is_("windows as large as the stride") else size
    reach = reach - is_("windows one pixel short")
    for i, j in places_with(is_, rows, columns):
        here = (
            slice(None),
            slice(None),
            slice(i * step, i * step + reach),
            slice(j * step, j * step + reach),
        )
        window = x[here]
        share = _share_with(is_, window)
        sent = share * dout[:, :, i : i + 1, j : j + 1]
        if is_("gradient subtracted"):
            sent = -sent
        if is_("sends the pixels back") or is_("multiplied by the pixels"):
            sent = sent * window
        if is_("gradient of the last window only"):
            dx = np.zeros_like(x)
        if is_("place in the window taken for the place in the image"):
            here = (*here[:2], slice(size), slice(size))
        if is_("overwritten where windows overlap"):
            dx[here] = sent
        elif is_("only the last window counts where a pixel wins in several"):
            dx[here] = np.where(share, sent, dx[here])
        else:
            dx[here] += sent
    return dx


def _share_with(is_, window):
    """The share of the gradient for each pixel of a window (N, C, size, size)."""
    if is_("every pixel gets the gradient"):
        return np.ones_like(window)
    if is_("gradient of mean pooling"):
        return np.ones_like(window) / window[0, 0].size
    if is_("gradient to positive pixels"):
        return window > 0
    axes = (1, 2, 3) if is_("one winner for all channels") else (2, 3)
    axes = None if is_("one winner for all images") else axes
    pick = np.min if is_("gradient to the smallest pixel") else np.max
    winner = window == pick(window, axis=axes, keepdims=True)
    if is_("no gradient to negative winners"):
        winner = winner & (window > 0)
    return winner.swapaxes(2, 3) if is_("row and column of the winner exchanged") else winner


def cuts_the_image_into_blocks(dout, x, size, stride):
    n, c, height, width = x.shape
    blocks = x.reshape(n, c, height // size, size, width // size, size)
    winner = blocks == blocks.max(axis=(3, 5), keepdims=True)
    return (winner * dout[:, :, :, np.newaxis, :, np.newaxis]).reshape(x.shape)


def cuts_out_the_blocks_that_fit(dout, x, size, stride):
    dx, (rows, columns) = np.zeros_like(x), (side // size for side in x.shape[2:])
    here = (slice(None), slice(None), slice(rows * size), slice(columns * size))
    dx[here] = cuts_the_image_into_blocks(dout[:, :, :rows, :columns], x[here], size, stride)
    return dx


exercise.mistake(
    "cuts the image into blocks",
    "A reshape works only where the blocks fit and do not overlap: move a window by the stride.",
    shows=ends_like_one_of(cuts_the_image_into_blocks, cuts_out_the_blocks_that_fit),
)(cuts_the_image_into_blocks)


@exercise.mistake(
    "written into a copy",
    "dx.reshape(...) and dx.ravel() are copies where dx is a transposed view, and zeros_like(x) "
    "is one where x is: write into dx itself, dx[:, :, rows, columns] += ....",
)
def written_into_a_copy(dout, x, size, stride):
    dx = np.zeros_like(x)
    if dx.flags.c_contiguous:
        dx += max_pool_backward(dout, x, size, stride)
    return dx

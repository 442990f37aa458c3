"""Compute the gradients of a convolution with respect to images, filters and biases."""

import numpy as np

from ..describe import Case, Exercise
from .convolutions import draw_convolution, pads_like_one_of, with_border
from .windows import PLACE_SLIPS, places_with

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


@exercise.twisted_by(
    {
        "dx is overwritten": "A pixel is in many windows: add what each of them sends back, +=, "
        "not =.",
        "dx of the last filter only": "A pixel is seen by every filter and in many windows: add "
        "what each of them sends back, +=, not =.",
        "dw of the last window only": "A filter is used at every place: add over the places, +=.",
        "dw of the last window of the last image": "A filter is used in every image and at every "
        "place: add over both, +=.",
        "db of the last window only": "A bias is used at every place: add over the places, +=.",
        "dx keeps the padding": "dx has the shape of x: cut the padding off, pad rows and columns "
        "on each side.",
        "empty dx without padding": "With pad = 0, pad:-pad is 0:0, which is empty: cut with pad : "
        "pad + H.",
        "cuts from the wrong side": "The padding is on all four sides: dx starts at row pad and "
        "column pad.",
        "cuts too much": "dx has the H rows that begin at row pad, pad : pad + H, not pad : H.",
        "cuts too much of the rows": "dx has the H rows that begin at row pad, pad : pad + H, not "
        "pad : H.",
        "ignores the stride": "Window (i, j) starts at (i * stride, j * stride), in the backward "
        "pass as in the forward.",
        "ignores the stride in dx": "dx goes back to the windows that the forward pass read: they "
        "start at (i * stride, j * stride).",
        "ignores the stride in dw": "dw is made of the windows that the forward pass read: they "
        "start at (i * stride, j * stride).",
        "mean over the images": "Sum over the images: the 1 / N of the loss is in dout already.",
        "all gradients divided by the images": "Sum over the images: the 1 / N of the loss is in "
        "dout already.",
        "dw divided by the images": "Sum over the images: the 1 / N of the loss is in dout "
        "already.",
        "db divided by the images": "Sum over the images: the 1 / N of the loss is in dout "
        "already.",
        "mean in db": "One bias serves all images and places: its gradient is the sum, not the "
        "mean.",
        "db of the images only": "One bias serves all images and all places: sum over the axes 0, "
        "2 and 3.",
        "db of the places only": "One bias serves all images and all places: sum over the axes 0, "
        "2 and 3.",
        "db keeps the columns": "One bias serves all images and all places: sum over the axes 0, "
        "2 and 3.",
        "db keeps the rows": "One bias serves all images and all places: sum over the axes 0, 2 "
        "and 3.",
        "db of each image": "db has one number for each filter: keep axis 1, sum over the axes 0, "
        "2 and 3.",
        "one number for db": "db has one number for each filter: keep axis 1, sum over the axes 0, "
        "2 and 3.",
        "turns the filter around": "Window by window, dx gets dout times the filter as it is; it "
        "is flipped only when dx is written as one convolution of dout.",
        "dw turned around": "dw has the windows as they are: nothing is flipped.",
        "dx without the filters": "What comes back to a pixel is dout times the weight that it was "
        "multiplied with.",
        "dx without dout": "The chain rule: multiply the filters by dout before you add them to "
        "dx.",
        "dw without dout": "The chain rule: multiply the windows by dout before you add them to "
        "dw.",
        "dx is left at zero": "Your dx is all zeros: add what each window sends back to the array "
        "that you return. A reshape or a padded array may be a copy.",
        "gradients in another order": "Return them in the order of the inputs: dx, dw, db.",
        "gradients from last to first": "Return them in the order of the inputs: dx, dw, db.",
        "db before dw": "Return them in the order of the inputs: dx, dw, db.",
    }
    | PLACE_SLIPS
)
def conv_backward_with(is_, dout, x, w, b, stride, pad):
    (n, _, height, width), (hh, ww), padded = x.shape, w.shape[2:], with_border(x, pad)
    if is_("all gradients divided by the images"):
        dout = dout / n
    step = 1 if is_("ignores the stride") else stride
    of_dx = 1 if is_("ignores the stride in dx") else step
    of_dw = 1 if is_("ignores the stride in dw") else step
    filters = w[:, :, ::-1, ::-1] if is_("turns the filter around") else w
    filters = np.ones_like(w) if is_("dx without the filters") else filters
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i, j in places_with(is_, *dout.shape[2:]):
        slopes = dout[:, :, i, j]
        window = padded[:, :, i * of_dw : i * of_dw + hh, j * of_dw : j * of_dw + ww]
        for_dw = np.ones_like(slopes) if is_("dw without dout") else slopes
        if is_("dw of the last window of the last image"):
            dw = np.tensordot(for_dw[-1:], window[-1:], axes=(0, 0))
        else:
            gain = np.tensordot(for_dw, window, axes=(0, 0))
            dw = gain if is_("dw of the last window only") else dw + gain
        target = dpadded[:, :, i * of_dx : i * of_dx + hh, j * of_dx : j * of_dx + ww]
        for_dx = np.ones_like(slopes) if is_("dx without dout") else slopes
        if is_("dx of the last filter only"):
            target[:] = np.tensordot(for_dx[:, -1:], filters[-1:], axes=1)
        else:
            sent = np.tensordot(for_dx, filters, axes=1)
            target[:] = sent if is_("dx is overwritten") else target + sent
    if is_("dw turned around"):
        dw = dw[:, :, ::-1, ::-1]
    if is_("dw divided by the images") or is_("mean over the images"):
        dw = dw / n
    if is_("dx is left at zero"):
        dpadded = 0 * dpadded
    dx = dpadded[:, :, pad : pad + height, pad : pad + width]
    if is_("dx keeps the padding"):
        dx = dpadded
    elif is_("empty dx without padding"):
        dx = dpadded[:, :, pad:-pad, pad:-pad]
    elif is_("cuts from the wrong side"):
        dx = dpadded[:, :, :height, :width]
    elif is_("cuts too much of the rows"):
        dx = dpadded[:, :, pad:height, pad : pad + width]
    elif is_("cuts too much"):
        dx = dpadded[:, :, pad:height, pad:width]
    db = _db_with(is_, dout)
    if is_("gradients in another order"):
        return dw, dx, db
    if is_("db before dw"):
        return dx, db, dw
    return (db, dw, dx) if is_("gradients from last to first") else (dx, dw, db)


def _db_with(is_, dout):
    axes = (0, 2, 3)
    if is_("db of the last window only"):
        dout = dout[:, :, -1:, -1:]
    if is_("mean in db"):
        return dout.mean(axis=axes)
    if is_("db of the images only"):
        axes = 0
    elif is_("db of the places only"):
        axes = (2, 3)
    elif is_("db keeps the columns"):
        axes = (0, 2)
    elif is_("db keeps the rows"):
        axes = (0, 3)
    elif is_("db of each image"):
        axes = (1, 2, 3)
    elif is_("one number for db"):
        axes = None
    divided = is_("db divided by the images") or is_("mean over the images")
    return dout.sum(axis=axes) / (len(dout) if divided else 1)


def pads_by_one(dout, x, w, b, stride, pad):
    dbordered, dw, db = conv_backward(dout, with_border(x, 1), w, b, stride, 0)
    return dbordered[:, :, 1:-1, 1:-1], dw, db


exercise.mistake(
    "pads by 1, whatever pad is",
    "The border is pad pixels wide, also where pad is 0, 2 or 3: (pad, pad), not (1, 1).",
    shows=pads_like_one_of(pads_by_one),
)(pads_by_one)

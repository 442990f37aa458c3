"""Slips that can be made in the gradient of either loss."""

import numpy as np

from cs231n_utils.checking.observe import UNCOUNTED

from ..compare import same
from ..loops import MAX_BYTES
from ..loss_functions.loss_mistakes import (
    MEAN_SLIPS,
    PENALTY_SLIPS,
    divisor_with,
    penalty_with,
    shares_with,
)
from .gradient_cases import evaluates_for_every_weight

IN_LOSS, IN_BOTH = " in the loss", " in loss and gradient"
"""Endings of the names of slips; one without an ending is made in the gradient alone."""


def placed(slips, place, *names):
    """Slips with a place in their names: those that are named, or all."""
    return {name + place: slips[name] for name in names or slips}


def in_loss(is_):
    """Whether a slip is made in the loss."""
    return lambda name: is_(name + IN_LOSS) or is_(name + IN_BOTH)


def in_gradient(is_):
    """Whether a slip is made in the gradient."""
    return lambda name: is_(name) or is_(name + IN_BOTH)


NO_MEAN = {
    "no mean over the images": "The loss is a mean over N images, so divide dW by N.",
    "averages over classes": "Divide by the number of images, N, not of classes.",
    "averages over images and classes": "Only the images are averaged: divide dW by N alone.",
    "averages over inputs": "Divide by the number of images, len(X), not by that of their inputs, "
    "len(W).",
    "divided by N twice": "Divide once: if dscores is divided by N, X.T @ dscores is not.",
}

GRADIENT_SLIPS = {
    **NO_MEAN,
    "sign turned around": "The gradient points uphill: wrong classes get +x_i and the correct "
    "class -x_i.",
    "gradient left at zero": "dW stays 0 but for the penalty: add up what the images give it, "
    "X.T @ dscores / N.",
    "transposed": "dW has the shape of W, (D, C): it is X.T @ dscores.",
    "no regularization": "The penalty has a gradient too: add 2 * reg * W.",
    "regularization without the 2": "The penalty is reg * sum(W**2), without 1/2, so its gradient "
    "is 2 * reg * W.",
    "penalty not multiplied by reg": "The penalty's gradient is 2 * reg * W: reg says how much it "
    "counts.",
    "regularization averaged over the images": "Add 2 * reg * W after the division by N: the "
    "penalty is not a sum over images.",
    "regularization added for every image": "Add 2 * reg * W once, outside the loop over images.",
    "regularization leaves out the bias row": "In this course all of W is regularized, the bias "
    "row included.",
    "penalty instead of its gradient": "reg * sum(W**2) is the penalty itself; its gradient is the "
    "matrix 2 * reg * W.",
    "squares in the gradient of the penalty": "The derivative of reg * w**2 is 2 * reg * w, "
    "without the square.",
    "sum of the weights in the gradient of the penalty": "The derivative with respect to a weight "
    "holds that weight alone: add the matrix 2 * reg * W.",
    "no weights in the gradient of the penalty": "The derivative of reg * w**2 is 2 * reg * w: the "
    "weight itself is missing.",
    "signs of the weights": "reg * sign(W) belongs to the penalty sum(|W|); that of sum(W**2) has "
    "the gradient 2 * reg * W.",
    "penalty subtracted": "Large weights shall cost: add 2 * reg * W, do not subtract it.",
    "regularization leaves out the first row": "In this course all of W is regularized, each row.",
}
"""Slips between dscores and the gradient."""


def gradient_with(is_, dscores, W, X, reg):
    """The gradient from the derivatives with respect to the scores, with slips."""
    is_ = in_gradient(is_)
    dW = X.T @ (dscores * shares_with(is_, len(X))[:, np.newaxis]) / divisor_with(is_, W, len(X))
    if is_("sign turned around"):
        dW = -dW
    if is_("gradient left at zero"):
        dW = np.zeros(W.shape)
    dW = dW + _slope_of_the_penalty_with(is_, W, len(X), reg)
    return dW.T if is_("transposed") else dW


def _slope_of_the_penalty_with(is_, W, n, reg):
    slope = 2 * W
    if is_("regularization without the 2") or is_("half the regularization"):
        slope = slope / 2
    if is_("penalty instead of its gradient"):
        slope = np.sum(W**2)
    if is_("squares in the gradient of the penalty"):
        slope = slope * W
    if is_("sum of the weights in the gradient of the penalty"):
        slope = np.sum(slope)
    if is_("no weights in the gradient of the penalty"):
        slope = 2.0
    if is_("signs of the weights"):
        slope = np.sign(W)
    if is_("regularization averaged over the images"):
        slope = slope / n
    if is_("regularization added for every image"):
        slope = slope * n
    if is_("penalty subtracted"):
        slope = -slope
    if is_("regularization leaves out the bias row"):
        slope = slope * (np.arange(len(W)) < len(W) - 1)[:, np.newaxis]
    if is_("regularization leaves out the first row"):
        slope = slope * (np.arange(len(W)) > 0)[:, np.newaxis]
    if is_("no regularization"):
        return 0.0
    return slope if is_("penalty not multiplied by reg") else reg * slope


LOSS_AND_GRADIENT_SLIPS = {
    "returns the gradient alone": "Return both: `return loss, dW`.",
    "returns the loss alone": "Return both: `return loss, dW`.",
    "gradient before loss": "The loss comes first: `return loss, dW`.",
    "half the regularization in loss and gradient": "The course's penalty is reg * sum(W**2), "
    "without 1/2, and its gradient is 2 * reg * W.",
    "half the regularization in the loss": "The course's penalty is reg * sum(W**2), without 1/2; "
    "your gradient belongs to that one.",
    "no mean over the images in loss and gradient": "The loss is a mean over N images: divide both "
    "the summed loss and dW by N.",
    "averages over classes in loss and gradient": "Divide both the summed loss and dW by the "
    "number of images, N, not of classes.",
    "averages over images and classes in loss and gradient": "Only the images are averaged: divide "
    "both the summed loss and dW by N alone.",
    "averages over inputs in loss and gradient": "Divide both the summed loss and dW by the number "
    "of images, len(X), not by that of their inputs, len(W).",
    "no regularization in loss and gradient": "Add reg * np.sum(W**2) to the loss, and 2 * reg * W "
    "to dW.",
    "regularization averaged over the images in loss and gradient": "Add the penalty and its "
    "gradient after the division by N: neither is a sum over images.",
    "penalty not multiplied by reg in loss and gradient": "The penalty is reg * np.sum(W**2), and "
    "its gradient 2 * reg * W: reg says how much it counts.",
    "regularization leaves out the bias row in loss and gradient": "In this course all of W is "
    "regularized, the bias row included.",
    "penalty subtracted in loss and gradient": "Large weights shall cost: add the penalty and its "
    "gradient, do not subtract them.",
    "regularization leaves out the first row in loss and gradient": "In this course all of W is "
    "regularized, each row.",
    **GRADIENT_SLIPS,
    **placed(MEAN_SLIPS, IN_LOSS),
    **placed({n: h for n, h in PENALTY_SLIPS.items() if not n.startswith("half")}, IN_LOSS),
}
"""Slips in what is made of the losses of the images and of dscores."""


def loss_and_gradient_with(is_, mean_loss, dscores, W, X, reg):
    """A loss and its gradient, with slips in all but the mean loss."""
    loss = mean_loss + penalty_with(in_loss(is_), W, X, reg)
    dW = gradient_with(is_, dscores, W, X, reg)
    if is_("returns the loss alone"):
        return loss
    if is_("returns the gradient alone"):
        return dW
    return (dW, loss) if is_("gradient before loss") else (loss, dW)


def numerical_slopes(loss, W, *data):
    """Centered differences of ``loss(W, *data)`` over all of W."""
    slopes = np.zeros(W.shape)
    for index in np.ndindex(*W.shape):
        step = np.zeros(W.shape)
        step[index] = 1e-5
        slopes[index] = (loss(W + step, *data) - loss(W - step, *data)) / 2e-5
    return slopes


def shows_differences(cases):
    """Whether the loss was evaluated for every weight."""
    return any(evaluates_for_every_weight(call) for calls in cases for call in calls)


NUMERICAL = (
    "numerical gradient",
    "This evaluates the loss again for every weight, by differences or with complex numbers: code "
    "the formula for dW.",
)


def mistakes_of_the_way(exercise, loss, dscores):
    """Mistakes in how loss and gradient are computed, whose values may be right."""

    def penalized(gradient, W, X, y, reg):
        return loss(W, X, y) + reg * np.sum(W**2), gradient + 2 * reg * W

    @exercise.mistake(*NUMERICAL, shows=shows_differences)
    def takes_differences(W, X, y, reg):
        return penalized(numerical_slopes(loss, W, X, y), W, X, y, reg)

    @exercise.mistake(
        "loops over the images",
        "Work on the whole (N, C) array at once: dW is one product, X.T @ dscores.",
    )
    def loops_over_the_images(W, X, y, reg):
        gradient = np.zeros(W.shape)
        for image, row in zip(X, dscores(W, X, y), strict=True):
            gradient += np.outer(image, row)
        return penalized(gradient / len(X), W, X, y, reg)

    def takes_a_square(cases):
        """Whether right values took the memory of a number for each pair of images."""
        return any(
            MAX_BYTES < call.memory != UNCOUNTED
            and same(call.value[0], loss(*call.arguments[:3]), rtol=1e-3, atol=1e-3)
            for calls in cases
            for call in calls
        )

    @exercise.mistake(
        "a matrix with a row and a column for each image",
        "scores[:, y] has N columns for each of N rows: scores[np.arange(N), y] takes one score "
        "per image.",
        shows=takes_a_square,
    )
    def takes_a_diagonal(W, X, y, reg):
        np.diag((X @ W)[:, y])
        return penalized(X.T @ dscores(W, X, y) / len(X), W, X, y, reg)


WHOLE_COLUMNS = "`[:, y]` takes whole columns: one entry per image is `[np.arange(N), y]`."

"""The hinge loss with its gradient, and the slips that both of its exercises know."""

import numpy as np

from ..loss_functions.hinge import HINGE_SLIPS, MARGIN_SLIPS, hinge_margins, margins_with
from .gradient_mistakes import GRADIENT_SLIPS, WHOLE_COLUMNS, gradient_with, in_gradient

ONE_OR_ZERO = (
    "The derivative of max(0, m) with respect to m is 1 or 0: the size of the margin does not "
    "enter."
)

HINGE_GRADIENT_SLIPS = {
    "correct class gets no gradient": "Every margin that is violated also pulls on the correct "
    "class: its column gets -x_i.",
    "correct class counted once": "The correct class's column gets -x_i once for each violated "
    "margin, not once per image.",
    "correct class gets -x_i for every image": "The correct class's column gets -x_i once for each "
    "violated margin: several times for some images, and not at all for an image that violates "
    "none.",
    "counts the correct class": "Leave j = y_i out when you count the violated margins: its own "
    "margin is always 1.",
    "only the most violated class": "Every class with a margin above 0 gets +x_i, not only that "
    "with the largest margin.",
    "pulls at the correct class with the wrong sign": "Every violated margin lowers with s_y: the "
    "correct class's column gets -x_i, so subtract.",
    "margin instead of indicator": ONE_OR_ZERO,
    "margin instead of indicator for the wrong classes": ONE_OR_ZERO,
    "no indicator": "A class outside the margin adds no gradient: only margins above 0 count.",
    "margins of 0 counted": "After the max no margin is below 0, so margins >= 0 holds everywhere, "
    "for the correct class too: write margins > 0.",
    "mask of the unclipped margins": "Margins below 0 are still in your mask: make it from margins "
    "> 0, which is 1 or 0.",
    "only the correct class": "Wrong classes have a gradient too: the column of each violated "
    "margin gets +x_i.",
    "correct class pulled by every class": "Only a violated margin pulls on the correct class: "
    "subtract x_i where the margin is above 0.",
    "wrong classes pushed without a violation": "Only a violated margin pushes its class: add x_i "
    "where the margin is above 0.",
    "counts the violated margins of all images": "Count the violated margins row by row, axis=1: "
    "each image pulls on its own correct class.",
    **MARGIN_SLIPS,
    "no margin": "The condition is s_j - s_y + 1 > 0: the margin of 1 belongs to it.",
    "skips the last class": HINGE_SLIPS["skips the last class"],
    "skips the first class": HINGE_SLIPS["skips the first class"],
    **GRADIENT_SLIPS,
}


def hinge_loss(W, X, y):
    """The mean hinge loss, without the penalty."""
    return np.sum(hinge_margins(W, X, y)) / len(X)


def hinge_dscores(W, X, y):
    """Derivatives (N, C) of the summed hinge losses with respect to the scores."""
    return hinge_dscores_with(lambda name: False, W, X, y)


def hinge_dscores_with(is_, W, X, y):
    """Derivatives (N, C) of the summed hinge losses with respect to the scores, with slips."""
    images, made = np.arange(len(X)), in_gradient(is_)
    margins = margins_with(made, W, X, y)
    mask = margins >= 0 if is_("margins of 0 counted") else margins > 0
    dscores = mask if is_("the mask is boolean") else mask.astype(np.float64)
    if is_("no indicator"):
        dscores[...] = np.arange(W.shape[1]) != y[:, np.newaxis]
    if is_("only the most violated class"):
        dscores = dscores * (np.arange(W.shape[1]) == np.argmax(margins, axis=1)[:, np.newaxis])
    if is_("margin instead of indicator") or made("squared hinge"):
        dscores = margins * (2 if made("squared hinge") else 1)
    if is_("mask of the unclipped margins"):
        unclipped = margins_with(lambda name: name == "no max with zero" or made(name), W, X, y)
        dscores = np.where(mask, 1.0, unclipped)
    counts = np.sum(dscores, axis=None if is_("counts the violated margins of all images") else 1)
    if is_("margin instead of indicator for the wrong classes"):
        dscores = margins.copy()
    if is_("wrong classes pushed without a violation"):
        dscores[...] = np.arange(W.shape[1]) != y[:, np.newaxis]
    if is_("only the correct class"):
        dscores[...] = 0
    if is_("writes whole columns"):
        dscores[:, y] = -counts
    elif is_("writes whole columns, row by row"):
        dscores[:, y] = -counts[:, np.newaxis]
    elif is_("correct class counted once"):
        dscores[images, y] = -1 * (counts > 0)
    elif is_("correct class gets -x_i for every image"):
        dscores[images, y] = -1
    elif is_("correct class pulled by every class"):
        dscores[images, y] = 1 - W.shape[1]
    elif not is_("correct class gets no gradient"):
        wrong_sign = is_("pulls at the correct class with the wrong sign")
        dscores[images, y] = counts if wrong_sign else -counts
    return dscores


def hinge_gradient_with(is_, W, X, y, reg):
    """The gradient of the hinge loss, with slips."""
    return gradient_with(is_, hinge_dscores_with(is_, W, X, y), W, X, reg)


MASK_SLIPS = {
    "the mask is boolean": "The mask is boolean: minus 3 becomes True in it. Make it numbers "
    "first, in the type of W so that X is not converted: `(margins > 0).astype(W.dtype)`.",
    "writes whole columns": WHOLE_COLUMNS,
    "writes whole columns, row by row": WHOLE_COLUMNS,
}
"""Slips in writing one number of each row of the mask."""

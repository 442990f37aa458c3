"""The hinge loss, and the slips that both of its exercises know."""

import numpy as np

from .loss_mistakes import (
    MEAN_SLIPS,
    PENALTY_SLIPS,
    SCORE_SLIPS,
    mean_with,
    penalty_with,
    scores_with,
)

MARGIN_SLIPS = {
    "no margin": "Add the margin of 1 to the difference of scores.",
    "margin subtracted": "The margin is s_j - s_y + 1: add 1, so that the correct class must lead.",
    "difference of scores turned around": "The margin is s_j - s_y + 1: a high score of a wrong "
    "class costs.",
    "recognizes the correct class by its score": "Other classes can have the same score: leave out "
    "class y_i by its number. With W = 0 all scores are equal, and the loss is C - 1.",
    "recognizes the correct class by the image's number": "Leave out class y[i], the correct one "
    "of image i, not class i.",
    "takes the score of class 0": "The margin compares with the score of the correct class, y_i.",
    "takes the largest score": "The margin compares with the score of the correct class, whether "
    "or not it is the largest.",
} | SCORE_SLIPS
"""Slips in the margins, which a gradient needs as well."""

HINGE_SLIPS = {
    "counts the correct class": "Leave j = y_i out of the sum: s_y - s_y + 1 is always 1, so your "
    "loss is 1 too high.",
    **MEAN_SLIPS,
    "averages over images and classes": "The hinge loss sums over the classes; only the images are "
    "averaged.",
    **MARGIN_SLIPS,
    "no max with zero": "A margin below zero costs nothing: take max(0, margin).",
    "each class costs 1 at least": "A margin below zero costs nothing: max(0, s_j - s_y + 1), "
    "with the 1 inside and a 0 before it.",
    "min with zero": "A margin above zero costs: take max(0, margin), not min.",
    "absolute value instead of max": "A margin below zero costs nothing: take max(0, margin), not "
    "its absolute value.",
    "squared hinge": "This is the squared hinge loss; the exercise asks for the plain one.",
    "counts the violated margins": "The loss is the sum of the margins above 0, not their number.",
    "skips the last class": "The classes are 0..C-1: range(C), not range(C - 1).",
    "skips the first class": "The classes are 0..C-1: range(C), not range(1, C).",
    "only the worst class": "Sum the margins of all wrong classes, not just the largest.",
    "always ten classes": "The number of classes is that of the columns of W: W.shape[1].",
} | PENALTY_SLIPS

CLASS_LOOP_SLIPS = {
    "stops at the correct class": "`break` ends the loop over the classes: `continue` goes on with "
    "the next one.",
    "only the last class": "Add each margin inside the loop over the classes: yours adds that of "
    "the last one alone.",
}
"""Slips in a loop over the classes."""

INDEX_SLIPS = {
    "correct scores not a column": "scores[range, y] has shape (N,): make it (N, 1) to subtract it "
    "from each row of (N, C).",
    "takes columns instead of entries": "scores[:, y] picks N whole columns; scores[np.arange(N), "
    "y] picks one score per image.",
    "zeroes whole columns": "margins[:, y] = 0 clears N whole columns; margins[np.arange(N), y] = "
    "0 clears one margin per image.",
    "zeroes whole rows": "margins[y] = 0 clears a row for each label; margins[np.arange(N), y] = 0 "
    "clears one margin per image.",
    "scores of the correct classes set to 0": "Set the margins of the correct classes to 0, not "
    "their scores: these are still needed.",
}
"""Slips in picking one number of each row."""


def hinge_margins(W, X, y):
    """Margins (N, C) after the max, zero at the correct class."""
    images = np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[images, y][:, np.newaxis] + 1)
    margins[images, y] = 0
    return margins


def hinge_loss_with(is_, W, X, y, reg):
    """The hinge loss, with slips."""
    margins = margins_with(is_, W, X, y)
    if is_("squared hinge"):
        margins = margins**2
    if is_("counts the violated margins"):
        margins = margins > 0
    if is_("always ten classes"):
        margins = margins[:, range(10)]
    if is_("only the worst class"):
        margins = margins.max(axis=1)
    return mean_with(is_, margins, W, len(X)) + penalty_with(is_, W, X, reg)


def margins_with(is_, W, X, y):
    """Margins after the max, zero at the correct class, with slips."""
    images, scores = np.arange(len(X)), scores_with(is_, W, X)
    if is_("scores of the correct classes set to 0"):
        scores[images, y] = 0
    correct = scores[images, y]
    if is_("takes the score of class 0"):
        correct = scores[:, 0]
    if is_("takes the largest score"):
        correct = np.max(scores, axis=1)
    if is_("takes columns instead of entries"):
        correct = scores[:, y]
    elif not is_("correct scores not a column"):
        correct = correct[:, np.newaxis]
    differences = scores - correct
    if is_("difference of scores turned around"):
        differences = -differences
    margins = differences + (0 if is_("no margin") else -1 if is_("margin subtracted") else 1)
    if is_("absolute value instead of max"):
        margins = np.abs(margins)
    elif is_("min with zero"):
        margins = np.minimum(0, margins)
    elif not is_("no max with zero"):
        margins = np.maximum(1 if is_("each class costs 1 at least") else 0, margins)
    classes = np.arange(W.shape[1])
    if is_("recognizes the correct class by its score"):
        margins[scores == correct] = 0
    elif is_("recognizes the correct class by the image's number"):
        margins[classes == images[:, np.newaxis]] = 0
    elif is_("zeroes whole columns"):
        margins[:, y] = 0
    elif is_("zeroes whole rows"):
        margins[y] = 0
    elif not is_("counts the correct class"):
        margins[images, y] = 0
    if is_("stops at the correct class"):
        margins[classes > y[:, np.newaxis]] = 0
    if is_("only the last class"):
        margins[classes != len(classes) - 1 - (y == len(classes) - 1)[:, np.newaxis]] = 0
    if is_("skips the last class"):
        margins[:, -1] = 0
    if is_("skips the first class"):
        margins[:, 0] = 0
    return margins

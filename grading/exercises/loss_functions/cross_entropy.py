"""The cross-entropy loss, and the slips that both of its exercises know."""

import numpy as np

from .hinge import hinge_margins
from .loss_mistakes import PENALTY_SLIPS, penalty_with

LARGEST_LONG_EXPONENT = 11_356
"""exp of more overflows even in the 80 bits that some machines have for a long double."""


def cross_entropies(W, X, y):
    """-log p of the correct class, (N,), by log-sum-exp."""
    scores = X @ W
    scores = scores - np.max(scores, axis=1, keepdims=True)
    return np.log(np.sum(np.exp(scores), axis=1)) - scores[np.arange(len(X)), y]


CROSS_ENTROPY_SLIPS = {
    "no shift": "exp of a large score overflows: subtract each image's largest score first.",
    "shifts by the largest score of all": "Subtract each image's own largest score: with one shift "
    "for all, the sum of an image with small scores underflows to 0.",
    "shifts by 0 where all scores are negative": "The largest score of an image may be below 0: "
    "begin the search for it with -np.inf, not with 0.",
    "infinite when the correct class is far behind": "Its p rounds to 0 and log(0) is infinite, or "
    "exp(s - s_y) overflows: with m the largest score, use log(sum(exp(s - m))) - (s_y - m).",
    "score of the correct class not shifted": "Shift s_y as well: with m the largest score, the "
    "loss is log(sum(exp(s - m))) - (s_y - m).",
    "exp taken twice": "The exponentials are taken once: exp(s_y) / sum(exp(s)), then the "
    "logarithm.",
    "logarithm of the mean probability": "Take the logarithm of each image's probability first, "
    "and the mean of the logarithms last.",
    "no logarithm": "The loss of an image is -log p of its correct class, not p.",
    "probability instead of its logarithm": "The loss of an image is -log p of its correct class, "
    "not 1 - p.",
    "no logarithm of the sum": "The loss is log(sum(exp(s))) - s_y: the logarithm of the sum is "
    "missing.",
    "no mean over the images": "Divide the summed loss by the number of images.",
    "averages over classes": "Divide by the number of images, N, not of classes.",
    "averages over images and classes": "Each image has one loss: divide their sum by N alone.",
    "sign turned around": "The loss is minus the log-probability: it is >= 0.",
    "logarithm to base 10": "np.log is the natural logarithm; np.log10 is not.",
    "logarithm to base 2": "np.log is the natural logarithm; np.log2 is not.",
    "sums over all classes": "Only the correct class's probability enters the loss.",
    "sums over the wrong classes": "The sum of the exponentials runs over all classes, the correct "
    "one included.",
    "probability of the largest score": "Take the probability of the correct class y_i, whether or "
    "not its score is the largest.",
    "only the last image": "Set the sum to 0 once, before the loop over the images.",
    "recognizes the correct class by its score": "Other classes can have the same score: pick that "
    "of class y_i by its number. With W = 0 all scores are equal, and the loss is ln C.",
    "no shift in long double": "A wider type only moves the overflow, to scores of 11,356, and not "
    "on every machine: subtract each image's largest score first.",
} | PENALTY_SLIPS

ROW_SLIPS = {
    "sums over all images": "Sum the exponentials row by row, axis=1: each image has its own.",
    "sums of each class": "Sum row by row, axis=1: axis=0 sums each class over the images.",
    "maximum of each class": "Subtract each row's own maximum, axis=1 with keepdims=True: axis=0 "
    "takes that of each class.",
    "takes columns instead of entries": "scores[:, y] picks N whole columns; scores[np.arange(N), "
    "y] picks one score per image.",
}
"""Slips in the axis of a sum, or in picking one number of each row."""


def cross_entropy_with(is_, W, X, y, reg):
    """The cross-entropy loss, with slips."""
    with np.errstate(all="ignore"):
        losses = _losses_with(is_, W, X, y)
        losses = losses[-1:] if is_("only the last image") else losses
        total = np.sum(losses)
        if is_("logarithm of the mean probability"):
            total = -len(X) * np.log(np.mean(np.exp(-losses)))
        if is_("averages over classes"):
            total = total / W.shape[1]
        elif is_("averages over images and classes"):
            total = total / (len(X) * W.shape[1])
        elif not is_("no mean over the images"):
            total = total / len(X)
    return total + penalty_with(is_, W, reg, len(X))


def _losses_with(is_, W, X, y):
    images, scores = np.arange(len(X)), X @ W
    chosen = np.argmax(scores, axis=1) if is_("probability of the largest score") else y
    shifted = scores - _shift_with(is_, scores)
    exponentials = np.exp(shifted)
    if is_("exp taken twice"):
        exponentials = np.exp(exponentials)
    if is_("sums over the wrong classes"):
        exponentials[images, y] = 0
    axis = None if is_("sums over all images") else 0 if is_("sums of each class") else 1
    sums = np.sum(exponentials, axis=axis)
    correct = (scores if is_("score of the correct class not shifted") else shifted)[images, chosen]
    if is_("takes columns instead of entries"):
        correct = shifted[:, chosen]
    losses = (sums if is_("no logarithm of the sum") else np.log(sums)) - correct
    if is_("infinite when the correct class is far behind"):
        losses = -np.log(np.exp(-losses))
    if is_("sums over all classes"):
        losses = np.sum(np.log(sums)[:, np.newaxis] - shifted, axis=1)
    if is_("recognizes the correct class by its score"):
        losses = losses * np.sum(scores == scores[images, y][:, np.newaxis], axis=1)
    if is_("no shift in long double"):
        losses = np.where(np.abs(np.max(scores, axis=1)) < LARGEST_LONG_EXPONENT, losses, np.nan)
    if is_("no logarithm") or is_("probability instead of its logarithm"):
        p = np.exp(-losses)
        losses = -p if is_("no logarithm") else 1 - p
    if is_("logarithm to base 10") or is_("logarithm to base 2"):
        losses = losses / np.log(10 if is_("logarithm to base 10") else 2)
    return -losses if is_("sign turned around") else losses


def _shift_with(is_, scores):
    largest = np.max(scores, axis=1, keepdims=True)
    if is_("no shift"):
        return 0.0
    if is_("shifts by the largest score of all"):
        return np.max(scores)
    if is_("maximum of each class"):
        return np.max(scores, axis=0)
    return np.maximum(0, largest) if is_("shifts by 0 where all scores are negative") else largest


def hinge_instead(exercise):
    """The mistake to compute the other loss."""

    @exercise.mistake(
        "hinge loss", "This is the hinge loss; the softmax loss is -log p of the correct class."
    )
    def hinge_loss(W, X, y, reg):
        return hinge_margins(W, X, y).sum() / len(X) + reg * np.sum(W**2)

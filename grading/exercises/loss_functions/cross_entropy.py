"""The cross-entropy loss, and the slips that both of its exercises know."""

import numpy as np

from .hinge import hinge_margins
from .loss_mistakes import (
    MEAN_SLIPS,
    PENALTY_SLIPS,
    SCORE_SLIPS,
    mean_with,
    penalty_with,
    scores_with,
)

LARGEST_LONG_EXPONENT = 11_356
"""exp of more overflows even in the 80 bits that some machines have for a long double."""


def cross_entropies(W, X, y):
    """-log p of the correct class, (N,), by log-sum-exp."""
    scores = X @ W
    scores = scores - np.max(scores, axis=1, keepdims=True)
    return np.log(np.sum(np.exp(scores), axis=1)) - scores[np.arange(len(X)), y]


SHIFT_SLIPS = {
    "no shift": "exp of a large score overflows: subtract each image's largest score first.",
    "shifts by the largest score of all": "Subtract each image's own largest score: with one shift "
    "for all, the sum of an image with small scores underflows to 0.",
    "maximum of each class": "Subtract each row's own maximum, axis=1 with keepdims=True: axis=0 "
    "takes that of each class.",
    "shifts by 0 where all scores are negative": "The largest score of an image may be below 0: "
    "begin the search for it with -np.inf, not with 0.",
    "shifts by the smallest or mean score": "Subtract each image's largest score: then every "
    "exponent is at most 0 and nothing overflows.",
}

SUM_SLIPS = {
    "sums over all images": "Sum the exponentials row by row, axis=1: each image has its own.",
    "sums of each class": "Sum row by row, axis=1: axis=0 sums each class over the images.",
    "maxima and sums of each class": "Take maximum and sum row by row, axis=1: axis=0 takes those "
    "of each class over the images.",
    "exp taken twice": "The exponentials are taken once: exp(s_y) / sum(exp(s)), then the "
    "logarithm.",
    "sums over the wrong classes": "The sum of the exponentials runs over all classes, the correct "
    "one included.",
    "sum not shifted": "Sum the exponentials of the shifted scores: the factor must cancel.",
    "mean of the exponentials": "Sum the exponentials of an image; yours takes their mean.",
} | SCORE_SLIPS
"""Slips that make the probabilities wrong, which a gradient needs as well."""

SMALLEST_P = {
    f"{small:g} added to p": f"With p + {small:g}, or p cut off there, no loss is above "
    f"{-np.log(small):.1f}, however wrong the scores are: use log(sum(exp(s))) - s_y, where no "
    "logarithm of 0 can come up."
    for small in (1e-12, 1e-10, 1e-8, 1e-15, 1e-9, 1e-16, 1e-20, 1e-300)
}

LOGARITHM_SLIPS = {
    "infinite when the correct class is far behind": "Its p rounds to 0 and log(0) is infinite, or "
    "exp(s - s_y) overflows: with m the largest score, use log(sum(exp(s - m))) - (s_y - m).",
    "score of the correct class not shifted": "Shift s_y as well: with m the largest score, the "
    "loss is log(sum(exp(s - m))) - (s_y - m).",
    **SMALLEST_P,
    "one-hot array times log p": "0 * log(0) is nan: take the N entries [np.arange(N), y] alone, "
    "and use log(sum(exp(s))) - s_y, where no logarithm of 0 can come up.",
    "logarithm of the mean probability": "Take the logarithm of each image's probability first, "
    "and the mean of the logarithms last.",
    "no logarithm": "The loss of an image is -log p of its correct class, not p.",
    "probability instead of its logarithm": "The loss of an image is -log p of its correct class, "
    "not 1 - p.",
    "no logarithm of the sum": "The loss is log(sum(exp(s))) - s_y: the logarithm of the sum is "
    "missing.",
    "no sum of the exponentials": "The score alone says nothing: the loss is log(sum(exp(s))) - "
    "s_y.",
    "score instead of its exponential": "p of the correct class is exp(s_y) / sum(exp(s)): the "
    "exponential above the fraction bar is missing.",
    "sign turned around": "The loss is minus the log-probability: it is >= 0.",
    "logarithm to base 10": "np.log is the natural logarithm; np.log10 is not.",
    "logarithm to base 2": "np.log is the natural logarithm; np.log2 is not.",
    "probability times its logarithm": "Only -log p of the correct class is the loss: it is not "
    "multiplied by p.",
    "sums over all classes": "Only the correct class's probability enters the loss.",
    "probability of the largest score": "Take the score of the correct class y_i, whether or not "
    "it is the largest: the loss is log(sum(exp(s - m))) - (s_y - m), with m the largest score.",
    "score of class 0": "Take the probability of the correct class, y_i.",
    "wrong classes as well": "This is the loss of C yes-or-no questions: softmax has no term "
    "log(1 - p) for the wrong classes.",
    "recognizes the correct class by its score": "Other classes can have the same score: pick that "
    "of class y_i by its number. With W = 0 all scores are equal, and the loss is ln C.",
}
"""Slips in what is taken of the probabilities."""

CROSS_ENTROPY_SLIPS = {
    **SHIFT_SLIPS,
    **LOGARITHM_SLIPS,
    **MEAN_SLIPS,
    **SUM_SLIPS,
    **PENALTY_SLIPS,
}

ROW_SLIPS = {
    "rows lose their axis": "A maximum or sum of shape (N,) does not fit (N, C) row by row: pass "
    "keepdims=True.",
    "rows lose their axis in -=": "A maximum of shape (N,) is not subtracted from (N, C) row by "
    "row: pass keepdims=True.",
    "takes columns instead of entries": "scores[:, y] picks N whole columns; scores[np.arange(N), "
    "y] picks one score per image.",
    "mean of columns instead of entries": "scores[:, y] picks N whole columns; "
    "scores[np.arange(N), y] picks one score per image.",
    "takes rows instead of entries": "scores[y] picks a row for each label; scores[np.arange(N), "
    "y] picks one score per image.",
}
"""Slips in picking one number of each row."""


OVER_IMAGES = ("sums of each class", "maxima and sums of each class")
"""Sums of shape (C,), which divide the exponentials, but are not subtracted from N scores."""


def cross_entropy_with(is_, W, X, y, reg):
    """The cross-entropy loss, with slips."""
    with np.errstate(all="ignore"):
        losses = losses_with(is_, *exponentials_with(is_, W, X, y), y)
        mean = mean_with(is_, losses, W, len(X))
        if is_("logarithm of the mean probability"):
            mean = -np.log(np.mean(np.exp(-losses)))
    return mean + penalty_with(is_, W, X, reg)


def exponentials_with(is_, W, X, y):
    """Scores, shifted scores, their exponentials and the sums of these, (N, 1), with slips."""
    images, scores = np.arange(len(X)), scores_with(is_, W, X)
    shifted = scores - _shift_with(is_, scores)
    if is_("rows lose their axis in -="):
        shifted = scores.copy()
        shifted -= np.max(scores, axis=1)
    if is_("exp taken twice"):
        shifted = np.exp(shifted)
    exponentials = np.exp(shifted)
    terms = np.exp(scores) if is_("sum not shifted") else exponentials.copy()
    if is_("sums over the wrong classes"):
        terms[images, y] = 0
    axis = 0 if any(map(is_, OVER_IMAGES)) else None if is_("sums over all images") else 1
    mean_or_sum = np.mean if is_("mean of the exponentials") else np.sum
    return scores, shifted, exponentials, mean_or_sum(terms, axis=axis, keepdims=True)


def losses_with(is_, scores, shifted, exponentials, sums, y):
    """The losses of the images, with slips."""
    images = np.arange(len(scores))
    chosen = np.argmax(scores, axis=1) if is_("probability of the largest score") else y
    chosen = 0 if is_("score of class 0") else chosen
    mean_of_columns = is_("mean of columns instead of entries")
    columns = is_("takes columns instead of entries") or mean_of_columns
    entries = slice(None) if columns else images
    unshifted = is_("score of the correct class not shifted")
    correct = (scores if unshifted else shifted)[entries, chosen]
    logarithms = sums if is_("no logarithm of the sum") else np.log(sums)
    logarithms = 0 * sums if is_("no sum of the exponentials") else logarithms
    losses = logarithms[:, 0] - correct
    losses = np.mean(losses, axis=1) if mean_of_columns else losses
    no_exp = is_("score instead of its exponential")
    p = (shifted if no_exp else exponentials) / sums
    p_y = p[images, chosen]
    if no_exp or any(map(is_, ("infinite when the correct class is far behind", *OVER_IMAGES))):
        losses = -np.log(p_y)
    if is_("takes rows instead of entries"):
        losses = -np.log(p[y])
    for small in SMALLEST_P:
        if is_(small):
            losses = -np.log(p_y + float(small.split()[0]))
    one_hot = np.arange(scores.shape[1]) == y[:, np.newaxis]
    if is_("one-hot array times log p"):
        losses = -np.sum(one_hot * np.log(p), axis=1)
    if is_("sums over all classes"):
        losses = np.sum(np.log(sums) - shifted, axis=1)
    if is_("wrong classes as well"):
        losses = losses - np.sum(np.log(1 - p) * ~one_hot, axis=1)
    if is_("probability times its logarithm"):
        losses = losses * p_y
    if is_("recognizes the correct class by its score"):
        losses = losses * np.sum(scores == scores[images, y][:, np.newaxis], axis=1)
    if is_("no logarithm") or is_("probability instead of its logarithm"):
        losses = -p_y if is_("no logarithm") else 1 - p_y
    if is_("logarithm to base 10") or is_("logarithm to base 2"):
        losses = losses / np.log(10 if is_("logarithm to base 10") else 2)
    return -losses if is_("sign turned around") else losses


def _shift_with(is_, scores):
    largest = np.max(scores, axis=1, keepdims=not is_("rows lose their axis"))
    if is_("no shift"):
        return 0.0
    if is_("shifts by the largest score of all"):
        return np.max(scores)
    if is_("maximum of each class") or is_("maxima and sums of each class"):
        return np.max(scores, axis=0)
    if is_("shifts by the smallest or mean score"):
        return np.mean(scores, axis=1, keepdims=True)
    return np.maximum(0, largest) if is_("shifts by 0 where all scores are negative") else largest


def other_methods(exercise):
    """The mistakes to compute the other loss, and to sum exponentials in a wider type."""

    @exercise.mistake(
        "no shift in long double",
        "A wider type only moves the overflow, to scores of 11,356, and not on every machine: "
        "subtract each image's largest score first.",
    )
    def takes_long_doubles(W, X, y, reg):
        fits = np.abs(np.max(X @ W, axis=1)) < LARGEST_LONG_EXPONENT
        return np.mean(np.where(fits, cross_entropies(W, X, y), np.nan)) + reg * np.sum(W**2)

    @exercise.mistake(
        "hinge loss", "This is the hinge loss; the softmax loss is -log p of the correct class."
    )
    def hinge_loss(W, X, y, reg):
        return hinge_margins(W, X, y).sum() / len(X) + reg * np.sum(W**2)

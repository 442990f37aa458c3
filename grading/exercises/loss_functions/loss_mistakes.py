"""Mistakes that can be made in any of the four losses."""

import numpy as np

PENALTY_SLIPS = {
    "no regularization": "Add reg * np.sum(W**2) to the mean data loss.",
    "half the regularization": "The course's convention is reg * sum(W**2), without 1/2.",
    "penalty not multiplied by reg": "The penalty is reg * np.sum(W**2): reg says how much "
    "it counts.",
    "regularization averaged over the images": "The regularization is added once, after the "
    "division by N.",
    "regularization added for every image": "The regularization is added once, outside the loop "
    "over the images.",
    "regularization leaves out the bias row": "In this course all of W is regularized, the bias "
    "row included.",
    "squares not summed": "reg * W**2 is a matrix: the penalty is one number, reg * np.sum(W**2).",
    "one penalty per class": "Python's sum adds rows, and axis=0 does so too: np.sum without an "
    "axis sums over all weights.",
    "sum of the weights": "Square each weight, then sum: np.sum(W**2), not np.sum(W).",
    "square of the sum": "Square each weight, then sum: np.sum(W**2), not np.sum(W) ** 2.",
    "L1 instead of L2": "L2 sums the squares of the weights, not |W|.",
    "norm instead of its square": "L2 is the sum of squares; no square root is taken.",
    "mean of the squares": "Sum the squares of all weights, np.sum(W**2); yours takes their mean.",
    "penalty subtracted": "Large weights shall cost: add the penalty, do not subtract it.",
    "twice the regularization": "The penalty is reg * np.sum(W**2): the 2 belongs to its gradient.",
    "regularization leaves out the first row": "In this course all of W is regularized, each row.",
    "regularization leaves out the last column": "All of W is regularized: W[:, -1] holds the "
    "weights of the last class.",
    "regularizes the images": "The penalty is about the weights W, not about the images X.",
}


def penalty_with(is_, W, X, reg):
    """The penalty, with slips."""
    weights = X if is_("regularizes the images") else W
    weights = weights[:-1] if is_("regularization leaves out the bias row") else weights
    weights = weights[1:] if is_("regularization leaves out the first row") else weights
    weights = weights[:, :-1] if is_("regularization leaves out the last column") else weights
    size = np.sum(weights**2)
    if is_("squares not summed"):
        size = weights**2
    if is_("one penalty per class"):
        size = np.sum(weights**2, axis=0)
    if is_("sum of the weights") or is_("square of the sum"):
        size = np.sum(weights) ** (2 if is_("square of the sum") else 1)
    if is_("L1 instead of L2"):
        size = np.sum(np.abs(weights))
    if is_("norm instead of its square"):
        size = np.sqrt(size)
    if is_("mean of the squares"):
        size = size / weights.size
    if is_("half the regularization"):
        size = size / 2
    if is_("twice the regularization"):
        size = size * 2
    if is_("regularization averaged over the images"):
        size = size / len(X)
    if is_("regularization added for every image"):
        size = size * len(X)
    if is_("penalty subtracted"):
        size = -size
    if is_("no regularization"):
        return 0.0
    return size if is_("penalty not multiplied by reg") else reg * size


MEAN_SLIPS = {
    "no mean over the images": "Divide the summed loss by the number of images, N.",
    "averages over classes": "Divide by the number of images, N, not of classes.",
    "averages over images and classes": "Each image has one loss: divide their sum by N alone.",
    "averages over inputs": "Divide by the number of images, len(X), not by that of their inputs, "
    "len(W).",
    "divided by N twice": "Divide the sum by N once: a mean holds that division already.",
}

LOOP_SLIPS = {
    "only the last image": "Set the sum to 0 once, before the loop over the images.",
    "returns inside the loop": "The return statement is indented into the loop: only the first "
    "image is counted.",
    "divides inside the loop": "The division by N is indented into the loop: what the first images "
    "gave is divided again and again.",
    "skips the last image": "The images are 0..N-1: range(N), not range(N - 1).",
    "skips the first image": "The images are 0..N-1: range(N), not range(1, N).",
}
"""Slips in a loop over the images."""


def mean_with(is_, losses, W, n):
    """The mean of the losses of n images, one or several numbers for each, with slips."""
    shares, losses = shares_with(is_, n), losses.reshape(n, -1).sum(axis=1)
    return np.sum(shares[shares > 0] * losses[shares > 0]) / divisor_with(is_, W, n)


def shares_with(is_, n):
    """How much each of n images counts in a sum over them, with slips."""
    shares = np.ones(n)
    if is_("only the last image"):
        shares[:-1] = 0
    if is_("returns inside the loop"):
        shares[1:] = 0
    if is_("skips the last image"):
        shares[-1] = 0
    if is_("skips the first image"):
        shares[0] = 0
    return float(n) ** np.arange(1 - n, 1) if is_("divides inside the loop") else shares


def divisor_with(is_, W, n):
    """What the sum over n images is divided by, with slips."""
    if is_("no mean over the images"):
        return 1
    if is_("averages over classes"):
        return W.shape[1]
    if is_("averages over images and classes"):
        return n * W.shape[1]
    if is_("averages over inputs"):
        return len(W)
    return n**2 if is_("divided by N twice") else n


SCORE_SLIPS = {
    "bias added twice": "The last column of X is 1, so X @ W holds the bias W[-1] already: do not "
    "add it again.",
    "scores without the bias": "The last row of W is the bias, and the last column of X its 1: "
    "leave both in X @ W.",
}


def scores_with(is_, W, X):
    """The scores, with slips."""
    if is_("scores without the bias"):
        return X[:, :-1] @ W[:-1]
    return X @ W + W[-1] if is_("bias added twice") else X @ W


def returns_one_loss_per_image(exercise, losses):
    """The mistake to return ``losses(W, X, y)``, of shape (N,)."""

    @exercise.mistake(
        "one loss per image", "Return one number: the mean of the losses of the images."
    )
    def one_loss_per_image(W, X, y, reg):
        return losses(W, X, y) + reg * np.sum(W**2)


def loops_over_the_images(exercise, loss):
    """The mistake to add up ``loss(W, X, y)`` image by image."""

    @exercise.mistake(
        "loops over the images",
        "Work on the whole (N, C) array of scores at once, without a Python loop over images.",
    )
    def looping(W, X, y, reg):
        total = 0.0
        for i in range(len(X)):
            total += loss(W, X[i : i + 1], y[i : i + 1])
        return total / len(X) + reg * np.sum(W**2)


def multiplies_matrix_by_row(exercise):
    """The mistake to multiply the weights by an image from the left."""

    @exercise.mistake(
        "matrix times row", "The scores of an image are a row times the matrix: X[i] @ W."
    )
    def matrix_times_row(W, X, y, reg):
        return W @ X[0]

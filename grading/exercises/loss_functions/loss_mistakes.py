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
    "square of the sum": "Square each weight, then sum: np.sum(W**2), not np.sum(W) ** 2.",
    "L1 instead of L2": "L2 sums the squares of the weights, not |W|.",
    "norm instead of its square": "L2 is the sum of squares; no square root is taken.",
    "mean of the squares": "Sum the squares of all weights, np.sum(W**2); yours takes their mean.",
    "penalty subtracted": "Large weights shall cost: add the penalty, do not subtract it.",
}


def penalty_with(is_, W, reg, n):
    """The penalty, with slips; ``n`` is the number of images."""
    if is_("no regularization"):
        return 0.0
    size = np.sum(W**2)
    if is_("regularization leaves out the bias row"):
        size = np.sum(W[:-1] ** 2)
    if is_("square of the sum"):
        size = np.sum(W) ** 2
    if is_("L1 instead of L2"):
        size = np.sum(np.abs(W))
    if is_("norm instead of its square"):
        size = np.sqrt(size)
    if is_("mean of the squares"):
        size = size / W.size
    if is_("half the regularization"):
        size = size / 2
    if is_("regularization averaged over the images"):
        size = size / n
    if is_("regularization added for every image"):
        size = size * n
    if is_("penalty subtracted"):
        size = -size
    return size if is_("penalty not multiplied by reg") else reg * size


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

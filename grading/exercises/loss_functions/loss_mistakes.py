"""Mistakes that can be made in any of the four losses."""

import numpy as np


def mistakes_of_the_penalty(exercise, data_loss):
    """Mistakes of the regularization, beside a right ``data_loss(W, X, y)``."""

    @exercise.mistake("no regularization", "Add reg * np.sum(W**2) to the mean data loss.")
    def _(W, X, y, reg):
        return data_loss(W, X, y)

    @exercise.mistake(
        "half the regularization", "The course's convention is reg * sum(W**2), without 1/2."
    )
    def _(W, X, y, reg):
        return data_loss(W, X, y) + 0.5 * reg * np.sum(W**2)

    @exercise.mistake(
        "regularization averaged over the images",
        "The regularization is added once, after the division by N.",
    )
    def _(W, X, y, reg):
        return data_loss(W, X, y) + reg * np.sum(W**2) / len(X)

    @exercise.mistake(
        "regularization added for every image",
        "The regularization is added once, outside the loop over the images.",
    )
    def _(W, X, y, reg):
        return data_loss(W, X, y) + reg * np.sum(W**2) * len(X)

    @exercise.mistake(
        "regularization leaves out the bias row",
        "In this course all of W is regularized, the bias row included.",
    )
    def _(W, X, y, reg):
        return data_loss(W, X, y) + reg * np.sum(W[:-1] ** 2)

    @exercise.mistake(
        "square of the sum", "Square each weight, then sum: np.sum(W**2), not np.sum(W) ** 2."
    )
    def _(W, X, y, reg):
        return data_loss(W, X, y) + reg * np.sum(W) ** 2

    @exercise.mistake("L1 instead of L2", "L2 sums the squares of the weights, not |W|.")
    def _(W, X, y, reg):
        return data_loss(W, X, y) + reg * np.sum(np.abs(W))

    @exercise.mistake(
        "norm instead of its square", "L2 is the sum of squares; no square root is taken."
    )
    def _(W, X, y, reg):
        return data_loss(W, X, y) + reg * np.sqrt(np.sum(W**2))


def returns_one_loss_per_image(exercise, losses):
    """The mistake to return ``losses(W, X, y)``, of shape (N,)."""

    @exercise.mistake(
        "one loss per image", "Return one number: the mean of the losses of the images."
    )
    def _(W, X, y, reg):
        return losses(W, X, y) + reg * np.sum(W**2)


def loops_over_the_images(exercise, loss):
    """The mistake to add up ``loss(W, X, y)`` image by image."""

    @exercise.mistake(
        "loops over the images",
        "Work on the whole (N, C) array of scores at once, without a Python loop over images.",
    )
    def _(W, X, y, reg):
        total = 0.0
        for i in range(len(X)):
            total += loss(W, X[i : i + 1], y[i : i + 1])
        return total / len(X) + reg * np.sum(W**2)


def multiplies_matrix_by_row(exercise):
    """The mistake to multiply the weights by an image from the left."""

    @exercise.mistake(
        "matrix times row", "The scores of an image are a row times the matrix: X[i] @ W."
    )
    def _(W, X, y, reg):
        return W @ X[0]

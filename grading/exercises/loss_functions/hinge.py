"""The hinge loss, and the mistakes that both of its exercises know."""

import numpy as np

from .loss_mistakes import mistakes_of_the_penalty


def hinge_margins(W, X, y, delta=1.0):
    """Margins (N, C) after the max, zero at the correct class."""
    images = np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[images, y][:, np.newaxis] + delta)
    margins[images, y] = 0
    return margins


def mistakes_of_both_hinge_losses(exercise):
    """Mistakes of the data loss and of the penalty."""

    @exercise.mistake(
        "counts the correct class",
        "Leave j = y_i out of the sum: its margin is always 1, so your loss is 1 too high.",
    )
    def _(W, X, y, reg):
        return hinge_margins(W, X, y).sum() / len(X) + 1 + reg * np.sum(W**2)

    @exercise.mistake(
        "no mean over the images", "Divide the summed loss by the number of images, N."
    )
    def _(W, X, y, reg):
        return hinge_margins(W, X, y).sum() + reg * np.sum(W**2)

    @exercise.mistake("averages over classes", "Divide by the number of images, N, not of classes.")
    def _(W, X, y, reg):
        return hinge_margins(W, X, y).sum() / W.shape[1] + reg * np.sum(W**2)

    @exercise.mistake(
        "averages over images and classes",
        "The hinge loss sums over the classes; only the images are averaged.",
    )
    def _(W, X, y, reg):
        return hinge_margins(W, X, y).mean() + reg * np.sum(W**2)

    @exercise.mistake("no margin", "Add the margin of 1 to the difference of scores.")
    def _(W, X, y, reg):
        return hinge_margins(W, X, y, delta=0.0).sum() / len(X) + reg * np.sum(W**2)

    @exercise.mistake(
        "difference of scores turned around",
        "The margin is s_j - s_y + 1: a high score of a wrong class costs.",
    )
    def _(W, X, y, reg):
        return hinge_margins(-W, X, y).sum() / len(X) + reg * np.sum(W**2)

    @exercise.mistake("no max with zero", "A margin below zero costs nothing: take max(0, margin).")
    def _(W, X, y, reg):
        scores = X @ W
        correct = scores[np.arange(len(X)), y][:, np.newaxis]
        total = np.sum(scores - correct + 1) - len(X)
        return total / len(X) + reg * np.sum(W**2)

    @exercise.mistake(
        "squared hinge", "This is the squared hinge loss; the exercise asks for the plain one."
    )
    def _(W, X, y, reg):
        return np.sum(hinge_margins(W, X, y) ** 2) / len(X) + reg * np.sum(W**2)

    @exercise.mistake("skips the last class", "The classes are 0..C-1: range(C), not range(C - 1).")
    def _(W, X, y, reg):
        return hinge_margins(W, X, y)[:, :-1].sum() / len(X) + reg * np.sum(W**2)

    @exercise.mistake(
        "only the worst class", "Sum the margins of all wrong classes, not just the largest."
    )
    def _(W, X, y, reg):
        return hinge_margins(W, X, y).max(axis=1).mean() + reg * np.sum(W**2)

    @exercise.mistake(
        "recognizes the correct class by its score",
        "Other classes can have the same score: leave out class y_i by its number. With W = 0 all "
        "scores are equal, and the loss is C - 1.",
    )
    def leaves_out_equal_scores(W, X, y, reg):
        scores = X @ W
        correct = scores[np.arange(len(X)), y][:, np.newaxis]
        margins = np.where(scores == correct, 0, np.maximum(0, scores - correct + 1))
        return margins.sum() / len(X) + reg * np.sum(W**2)

    @exercise.mistake(
        "always ten classes", "The number of classes is that of the columns of W: W.shape[1]."
    )
    def sums_ten_classes(W, X, y, reg):
        return hinge_margins(W, X, y)[:, range(10)].sum() / len(X) + reg * np.sum(W**2)

    mistakes_of_the_penalty(exercise, lambda W, X, y: hinge_margins(W, X, y).sum() / len(X))

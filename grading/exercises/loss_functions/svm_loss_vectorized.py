"""Compute the multiclass hinge loss of all images at once, without a Python loop."""

import numpy as np

from ..describe import Exercise
from .hinge import HINGE_SLIPS, INDEX_SLIPS, hinge_loss_with, hinge_margins
from .loss_cases import loss_cases, vectorized_cases
from .loss_mistakes import loops_over_the_images, returns_one_loss_per_image

exercise = Exercise(
    "svm_loss_vectorized",
    assignment="01-loss-functions",
    parts={"data loss": 2, "regularization": 1, "no loops": 1},
    hints=(
        "All scores are one product of shape (N, C). What has to be subtracted from each row, and "
        "what shape must it have for that?",
        "scores[np.arange(N), y] picks the correct class's score of every image, with shape (N,). "
        "Give it a second axis, and it is subtracted from each row.",
        "np.maximum(0, ...) of the differences plus 1 gives all margins at once; set those of the "
        "correct classes, at [np.arange(N), y], to 0. Sum all, divide by N, add reg * "
        "np.sum(W**2).",
    ),
)


@exercise.solved_by
def svm_loss_vectorized(W, X, y, reg):
    images = np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[images, y][:, np.newaxis] + 1)
    margins[images, y] = 0
    return float(np.sum(margins) / len(X) + reg * np.sum(W**2))


@exercise.examined_by
def cases(rng):
    yield from loss_cases(rng)
    yield from vectorized_cases(rng)


exercise.twisted_by(INDEX_SLIPS | HINGE_SLIPS)(hinge_loss_with)
returns_one_loss_per_image(exercise, lambda W, X, y: hinge_margins(W, X, y).sum(axis=1))
loops_over_the_images(exercise, lambda W, X, y: hinge_margins(W, X, y).sum())


@exercise.mistake(
    "max instead of np.maximum",
    "max and if take a single number: np.maximum(0, ...) compares an array entry by entry.",
)
def takes_the_larger(W, X, y, reg):
    return max(0, X @ W)


@exercise.mistake(
    "np.max instead of np.maximum",
    "np.max looks for the largest entry of one array: np.maximum(0, ...) compares entry by entry.",
)
def takes_the_largest(W, X, y, reg):
    return np.max(0, X @ W)


@exercise.mistake(
    "scores of all pairs of images",
    "scores[:, y] has a column for each image, 20 GB for 50,000 of them: "
    "scores[np.arange(N), y] takes the N numbers alone.",
)
def takes_the_diagonal(W, X, y, reg):
    scores = X @ W
    margins = np.maximum(0, scores - np.diag(scores[:, y])[:, np.newaxis] + 1)
    margins[np.arange(len(X)), y] = 0
    return np.sum(margins) / len(X) + reg * np.sum(W**2)

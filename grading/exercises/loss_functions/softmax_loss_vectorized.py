"""Compute the cross-entropy loss of all images at once, stable and without a Python loop."""

import numpy as np

from ..describe import Exercise
from .cross_entropy import (
    CROSS_ENTROPY_SLIPS,
    ROW_SLIPS,
    cross_entropies,
    cross_entropy_with,
    other_methods,
)
from .loss_cases import softmax_loss_cases, vectorized_cases
from .loss_mistakes import loops_over_the_images, returns_one_loss_per_image

exercise = Exercise(
    "softmax_loss_vectorized",
    assignment="01-loss-functions",
    parts={"data loss": 1, "regularization": 1, "stable": 1, "no loops": 1},
    hints=(
        "Work on the whole (N, C) array of scores. The loss of image i is log(sum over j of "
        "exp(s_j)) - s_y: which axis does the sum run over?",
        "Subtract each row's own maximum first (axis=1, keepdims=True). Then sum the exponentials "
        "of each row: this gives N sums, all of them at least 1.",
        "The losses are np.log of the N sums minus the shifted scores at [np.arange(N), y]. Take "
        "their mean, and add reg * np.sum(W**2).",
    ),
)


@exercise.solved_by
def softmax_loss_vectorized(W, X, y, reg):
    scores = X @ W
    scores = scores - np.max(scores, axis=1, keepdims=True)
    losses = np.log(np.sum(np.exp(scores), axis=1)) - scores[np.arange(len(X)), y]
    return float(np.mean(losses) + reg * np.sum(W**2))


@exercise.examined_by
def cases(rng):
    yield from softmax_loss_cases(rng)
    yield from vectorized_cases(rng)


exercise.twisted_by(ROW_SLIPS | CROSS_ENTROPY_SLIPS)(cross_entropy_with)
other_methods(exercise)
returns_one_loss_per_image(exercise, cross_entropies)
loops_over_the_images(exercise, lambda W, X, y: np.sum(cross_entropies(W, X, y)))


@exercise.mistake(
    "scores of all pairs of images",
    "scores[:, y] has a column for each image, 20 GB for 50,000 of them: "
    "scores[np.arange(N), y] takes the N numbers alone.",
)
def takes_the_diagonal(W, X, y, reg):
    scores = X @ W
    scores = scores - np.max(scores, axis=1, keepdims=True)
    losses = np.log(np.sum(np.exp(scores), axis=1)) - np.diag(scores[:, y])
    return np.mean(losses) + reg * np.sum(W**2)

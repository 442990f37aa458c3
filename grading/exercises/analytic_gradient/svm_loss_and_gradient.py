"""Compute the hinge loss and its gradient for all images at once."""

import numpy as np

from ..describe import Exercise
from ..loss_functions.hinge import HINGE_SLIPS, INDEX_SLIPS, MARGIN_SLIPS, hinge_loss_with
from .gradient_cases import loss_and_gradient_cases
from .gradient_mistakes import (
    IN_BOTH,
    IN_LOSS,
    LOSS_AND_GRADIENT_SLIPS,
    in_loss,
    loss_and_gradient_with,
    mistakes_of_the_way,
    placed,
)
from .hinge import HINGE_GRADIENT_SLIPS, MASK_SLIPS, hinge_dscores, hinge_dscores_with, hinge_loss

IN_THE_LOSS_ALONE = (
    "counts the correct class",
    "recognizes the correct class by its score",
    "no margin",
    "margin subtracted",
    "difference of scores turned around",
    "no max with zero",
    "each class costs 1 at least",
    "min with zero",
    "absolute value instead of max",
    "squared hinge",
    "counts the violated margins",
    "only the worst class",
)

exercise = Exercise(
    "svm_loss_and_gradient",
    assignment="05-analytic-gradient",
    parts={"loss": 0.5, "gradient": 1.5, "regularization": 1, "no loops": 1},
    hints=(
        "Go by way of the scores: first find the derivative of the loss with respect to each "
        "score, an (N, C) array; the chain rule through scores = X @ W is then one product.",
        "For a wrong class the derivative with respect to its score is 1 where its margin is "
        "above 0, else 0. For the correct class it is minus the number of these ones in the row.",
        "Make dscores from margins > 0 as numbers, with the margins of the correct classes set to "
        "0 before; write minus the row sums at [np.arange(N), y]. dW is X.T @ dscores / N plus 2 "
        "* reg * W. Return loss and dW, in this order.",
    ),
)


@exercise.solved_by
def svm_loss_and_gradient(W, X, y, reg):
    images = np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[images, y][:, np.newaxis] + 1)
    margins[images, y] = 0
    loss = np.sum(margins) / len(X) + reg * np.sum(W**2)
    dscores = (margins > 0).astype(W.dtype)
    dscores[images, y] = -np.sum(dscores, axis=1)
    dW = X.T @ dscores / len(X) + 2 * reg * W
    return float(loss), dW


exercise.examined_by(loss_and_gradient_cases)


@exercise.twisted_by(
    LOSS_AND_GRADIENT_SLIPS
    | placed(HINGE_SLIPS, IN_BOTH, "counts the correct class", *MARGIN_SLIPS)
    | placed(INDEX_SLIPS, IN_BOTH)
    | MASK_SLIPS
    | HINGE_GRADIENT_SLIPS
    | placed(HINGE_SLIPS, IN_BOTH, "squared hinge", "skips the last class", "skips the first class")
    | placed(HINGE_SLIPS, IN_LOSS, *IN_THE_LOSS_ALONE)
)
def svm_loss_and_gradient_with(is_, W, X, y, reg):
    loss = hinge_loss_with(in_loss(is_), W, X, y, 0.0)
    return loss_and_gradient_with(is_, loss, hinge_dscores_with(is_, W, X, y), W, X, reg)


mistakes_of_the_way(exercise, hinge_loss, hinge_dscores)


@exercise.mistake(
    "max instead of np.maximum",
    "max and if take a single number: np.maximum(0, ...) compares an array entry by entry.",
)
def takes_max(W, X, y, reg):
    return max(0, X @ W), W


@exercise.mistake(
    "np.max instead of np.maximum",
    "np.max looks for the largest entry of one array: np.maximum(0, ...) compares entry by entry.",
)
def takes_the_largest(W, X, y, reg):
    return np.max(0, X @ W), W

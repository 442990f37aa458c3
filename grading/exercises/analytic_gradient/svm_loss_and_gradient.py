"""Compute the hinge loss and its gradient for all images at once."""

import numpy as np

from ..describe import Exercise
from .gradient_cases import loss_and_gradient_cases
from .gradient_mistakes import (
    WHOLE_COLUMNS,
    mistake_of_a_square,
    mistakes_of_loss_and_gradient,
    penalized,
)
from .hinge import (
    balanced,
    hinge_dscores,
    hinge_loss,
    hinge_margins,
    mistakes_of_the_hinge_gradient,
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


# Mistakes in loss and gradient come first, since all others are recognized by the gradient alone.
mistakes_of_loss_and_gradient(exercise, hinge_loss, hinge_dscores)


@exercise.mistake(
    "loss averaged over images and classes",
    "The hinge loss sums over the classes; only the images are averaged.",
)
def averages_over_classes_too(W, X, y, reg):
    loss = np.mean(hinge_margins(W, X, y))
    return penalized(loss, X.T @ hinge_dscores(W, X, y) / len(X), W, reg)


@exercise.mistake(
    "zeroes whole columns",
    "margins[:, y] = 0 clears N whole columns; margins[np.arange(N), y] = 0 clears one margin per "
    "image.",
)
def zeroes_columns(W, X, y, reg):
    margins = hinge_margins(W, X, y)
    margins[:, y] = 0
    gradient = X.T @ balanced(margins > 0, y) / len(X)
    return penalized(np.sum(margins) / len(X), gradient, W, reg)


@exercise.mistake(
    "max instead of np.maximum",
    "max and if take a single number: np.maximum(0, ...) compares an array entry by entry.",
)
def takes_max(W, X, y, reg):
    return max(0, X @ W), W


@exercise.mistake(
    "counts the correct class in the loss",
    "Set margins[np.arange(N), y] to 0 before you sum them: the correct class's own margin is "
    "always 1, so your loss is 1 too high.",
)
def counts_it_in_the_loss(W, X, y, reg):
    dscores = hinge_dscores(W, X, y)
    return penalized(hinge_loss(W, X, y) + 1, X.T @ dscores / len(X), W, reg)


@exercise.mistake(
    "counts the correct class in loss and gradient",
    "Set margins[np.arange(N), y] to 0 before you sum them and before you count those above 0: "
    "the correct class's own margin is always 1.",
)
def counts_it_in_both(W, X, y, reg):
    dscores = hinge_dscores(W, X, y)
    dscores[np.arange(len(X)), y] -= 1
    return penalized(hinge_loss(W, X, y) + 1, X.T @ dscores / len(X), W, reg)


@exercise.mistake(
    "finds the correct class by its score in loss and gradient",
    "Another class may have the same score, and with W = 0 all have: tell the correct class by its "
    "number y, margins[np.arange(N), y], not by its score or its margin of 1.",
)
def compares_scores(W, X, y, reg):
    scores = X @ W
    margins = np.maximum(0, scores - scores[np.arange(len(X)), y][:, np.newaxis] + 1)
    margins[scores == scores[np.arange(len(X)), y][:, np.newaxis]] = 0
    gradient = X.T @ balanced(margins > 0, y) / len(X)
    return penalized(np.sum(margins) / len(X), gradient, W, reg)


mistakes_of_the_hinge_gradient(exercise, hinge_loss)


@exercise.mistake(
    "the mask is boolean",
    "The mask is boolean: minus 3 becomes True in it. Make it numbers first, in the type of W so "
    "that X is not converted: `(margins > 0).astype(W.dtype)`.",
)
def keeps_the_mask_boolean(W, X, y, reg):
    violated = hinge_margins(W, X, y) > 0
    violated[np.arange(len(X)), y] = -np.sum(violated, axis=1)
    return penalized(hinge_loss(W, X, y), X.T @ violated / len(X), W, reg)


@exercise.mistake("writes whole columns", WHOLE_COLUMNS)
def writes_columns(W, X, y, reg):
    dscores = (hinge_margins(W, X, y) > 0).astype(np.float64)
    dscores[:, y] = -np.sum(dscores, axis=1)
    return penalized(hinge_loss(W, X, y), X.T @ dscores / len(X), W, reg)


@exercise.mistake("writes whole columns, row by row", WHOLE_COLUMNS)
def writes_columns_by_rows(W, X, y, reg):
    dscores = (hinge_margins(W, X, y) > 0).astype(np.float64)
    dscores[:, y] = -np.sum(dscores, axis=1, keepdims=True)
    return penalized(hinge_loss(W, X, y), X.T @ dscores / len(X), W, reg)


mistake_of_a_square(exercise, hinge_loss, hinge_dscores)

"""The hinge loss with its gradient, and the mistakes that both of its exercises know."""

import numpy as np

from .gradient_mistakes import mistakes_of_any_gradient, wrong_gradients


def hinge_margins(W, X, y, delta=1.0):
    """Margins (N, C) after the max, zero at the correct class."""
    images = np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[images, y][:, np.newaxis] + delta)
    margins[images, y] = 0
    return margins


def hinge_loss(W, X, y):
    """The mean hinge loss, without the penalty."""
    return np.sum(hinge_margins(W, X, y)) / len(X)


def balanced(wrong, y):
    """dscores (N, C) from those of the wrong classes: the correct class takes minus their sum."""
    dscores = wrong.astype(np.float64)
    dscores[np.arange(len(y)), y] = -np.sum(dscores, axis=1)
    return dscores


def hinge_dscores(W, X, y):
    """Derivatives (N, C) of the summed hinge losses with respect to the scores."""
    return balanced(hinge_margins(W, X, y) > 0, y)


def mistakes_of_the_hinge_gradient(exercise, loss):
    """Mistakes of the gradient; ``loss`` is what the answer returns before it, None if nothing."""
    mistake = wrong_gradients(exercise, loss)

    @mistake(
        "correct class gets no gradient",
        "Every margin that is violated also pulls on the correct class: its column gets -x_i.",
    )
    def leaves_out_the_correct_class(W, X, y, reg):
        return X.T @ (hinge_margins(W, X, y) > 0) / len(X) + 2 * reg * W

    @mistake(
        "correct class counted once",
        "The correct class's column gets -x_i once for each violated margin, not once per image.",
    )
    def counts_it_once(W, X, y, reg):
        dscores = (hinge_margins(W, X, y) > 0).astype(np.float64)
        dscores[np.arange(len(y)), y] = -np.max(dscores, axis=1)
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake(
        "correct class gets -x_i for every image",
        "The correct class's column gets -x_i once for each violated margin: several times for "
        "some images, and not at all for an image that violates none.",
    )
    def counts_it_always(W, X, y, reg):
        dscores = (hinge_margins(W, X, y) > 0).astype(np.float64)
        dscores[np.arange(len(y)), y] = -1
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake(
        "counts the correct class",
        "Leave j = y_i out when you count the violated margins: its own margin is always 1.",
    )
    def counts_the_correct_class(W, X, y, reg):
        dscores = hinge_dscores(W, X, y)
        dscores[np.arange(len(y)), y] -= 1
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake(
        "pulls at the correct class with the wrong sign",
        "Every violated margin lowers with s_y: the correct class's column gets -x_i, so subtract.",
    )
    def adds_for_the_correct_class(W, X, y, reg):
        dscores = hinge_dscores(W, X, y)
        dscores[np.arange(len(y)), y] *= -1
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake(
        "finds the correct class by its score",
        "Another class may have the same score, and with W = 0 all have: tell the correct class "
        "by its number y, not by its score or its margin of 1.",
    )
    def compares_scores_in_the_gradient(W, X, y, reg):
        margins, scores = hinge_margins(W, X, y), X @ W
        others = scores != scores[np.arange(len(y)), y][:, np.newaxis]
        return X.T @ balanced((margins > 0) & others, y) / len(X) + 2 * reg * W

    @mistake(
        "margin instead of indicator",
        "The derivative of max(0, m) with respect to m is 1 or 0: the size of the margin does not "
        "enter.",
    )
    def takes_margins(W, X, y, reg):
        return X.T @ balanced(hinge_margins(W, X, y), y) / len(X) + 2 * reg * W

    @mistake(
        "margin instead of indicator for the wrong classes",
        "The derivative of max(0, m) with respect to m is 1 or 0: the size of the margin does not "
        "enter.",
    )
    def takes_margins_of_wrong_classes(W, X, y, reg):
        dscores = hinge_margins(W, X, y)
        dscores[np.arange(len(y)), y] = -np.sum(dscores > 0, axis=1)
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake(
        "no indicator",
        "A class outside the margin adds no gradient: only margins above 0 count.",
    )
    def takes_no_indicator(W, X, y, reg):
        wrong = np.ones((len(X), W.shape[1]))
        wrong[np.arange(len(y)), y] = 0
        return X.T @ balanced(wrong, y) / len(X) + 2 * reg * W

    @mistake("no margin", "The condition is s_j - s_y + 1 > 0: the margin of 1 belongs to it.")
    def leaves_out_the_margin(W, X, y, reg):
        return X.T @ balanced(hinge_margins(W, X, y, delta=0.0) > 0, y) / len(X) + 2 * reg * W

    mistakes_of_any_gradient(mistake, hinge_dscores)

"""Mistakes that can be made in the gradient of either loss."""

import numpy as np

from cs231n_utils.checking.observe import UNCOUNTED

from ..compare import same
from ..draws import every_call
from ..loops import MAX_BYTES
from .gradient_cases import evaluates_for_every_weight


def penalized(loss, gradient, W, reg):
    """A data loss and its gradient, with those of the penalty added."""
    return loss + reg * np.sum(W**2), gradient + 2 * reg * W


def _shows_gradient(gradient):
    """A `shows` that holds if every call returned this gradient, whatever its loss."""
    return every_call(
        lambda call: same(call.value[1], gradient(*call.arguments), rtol=1e-3, atol=1e-3)
    )


def wrong_gradients(exercise, loss):
    """Register mistakes of the gradient; ``loss`` is what stands before it, if anything."""

    def register(name, hint):
        def decorate(gradient):
            if loss is None:

                @exercise.mistake(name, hint)
                def _(W, X, y, reg):
                    return gradient(W, X, y, reg)
            else:

                @exercise.mistake(name, hint, shows=_shows_gradient(gradient))
                def _(W, X, y, reg):
                    return loss(W, X, y) + reg * np.sum(W**2), gradient(W, X, y, reg)

        return decorate

    return register


def numerical_slopes(loss, W, *data):
    """Centered differences of ``loss(W, *data)`` over all of W."""
    slopes = np.zeros(W.shape)
    for index in np.ndindex(*W.shape):
        step = np.zeros(W.shape)
        step[index] = 1e-5
        slopes[index] = (loss(W + step, *data) - loss(W - step, *data)) / 2e-5
    return slopes


def shows_differences(cases):
    """Whether the loss was evaluated for every weight."""
    return any(evaluates_for_every_weight(call) for calls in cases for call in calls)


NUMERICAL = (
    "numerical gradient",
    "This evaluates the loss again for every weight, by differences or with complex numbers: code "
    "the formula for dW.",
)


def mistakes_of_any_gradient(mistake, dscores):
    """Mistakes that follow the derivatives with respect to the scores, ``dscores(W, X, y)``."""

    @mistake("no mean over the images", "The loss is a mean over N images, so divide dW by N.")
    def takes_no_mean(W, X, y, reg):
        return X.T @ dscores(W, X, y) + 2 * reg * W

    @mistake("averages over classes", "Divide by the number of images, N, not of classes.")
    def averages_over_classes(W, X, y, reg):
        return X.T @ dscores(W, X, y) / W.shape[1] + 2 * reg * W

    @mistake("divided by N twice", "Divide once: if dscores is divided by N, X.T @ dscores is not.")
    def divides_twice(W, X, y, reg):
        return X.T @ dscores(W, X, y) / len(X) ** 2 + 2 * reg * W

    @mistake(
        "sign turned around",
        "The gradient points uphill: wrong classes get +x_i and the correct class -x_i.",
    )
    def turns_the_sign(W, X, y, reg):
        return -X.T @ dscores(W, X, y) / len(X) + 2 * reg * W

    @mistake("transposed", "dW has the shape of W, (D, C): it is X.T @ dscores.")
    def transposes(W, X, y, reg):
        return (X.T @ dscores(W, X, y) / len(X) + 2 * reg * W).T

    @mistake("no regularization", "The penalty has a gradient too: add 2 * reg * W.")
    def leaves_out_the_penalty(W, X, y, reg):
        return X.T @ dscores(W, X, y) / len(X)

    @mistake(
        "regularization without the 2",
        "The penalty is reg * sum(W**2), without 1/2, so its gradient is 2 * reg * W.",
    )
    def leaves_out_the_2(W, X, y, reg):
        return X.T @ dscores(W, X, y) / len(X) + reg * W

    @mistake(
        "regularization averaged over the images",
        "Add 2 * reg * W after the division by N: the penalty is not a sum over images.",
    )
    def averages_the_penalty(W, X, y, reg):
        return (X.T @ dscores(W, X, y) + 2 * reg * W) / len(X)

    @mistake(
        "regularization added for every image",
        "Add 2 * reg * W once, outside the loop over images.",
    )
    def adds_the_penalty_for_every_image(W, X, y, reg):
        return X.T @ dscores(W, X, y) / len(X) + 2 * reg * W * len(X)

    @mistake(
        "regularization leaves out the bias row",
        "In this course all of W is regularized, the bias row included.",
    )
    def spares_the_bias(W, X, y, reg):
        dW = X.T @ dscores(W, X, y) / len(X)
        dW[:-1] += 2 * reg * W[:-1]
        return dW

    @mistake(
        "penalty instead of its gradient",
        "reg * sum(W**2) is the penalty itself; its gradient is the matrix 2 * reg * W.",
    )
    def adds_the_penalty(W, X, y, reg):
        return X.T @ dscores(W, X, y) / len(X) + reg * np.sum(W**2)


def mistakes_of_loss_and_gradient(exercise, loss, dscores):
    """Mistakes in the loss, in what is returned, and in how it is computed."""

    def dW(W, X, y, reg):
        return X.T @ dscores(W, X, y) / len(X) + 2 * reg * W

    @exercise.mistake(*NUMERICAL, shows=shows_differences)
    def takes_differences(W, X, y, reg):
        return penalized(loss(W, X, y), numerical_slopes(loss, W, X, y), W, reg)

    @exercise.mistake("returns the gradient alone", "Return both: `return loss, dW`.")
    def returns_the_gradient(W, X, y, reg):
        return dW(W, X, y, reg)

    @exercise.mistake("gradient before loss", "The loss comes first: `return loss, dW`.")
    def swaps_the_two(W, X, y, reg):
        return dW(W, X, y, reg), loss(W, X, y) + reg * np.sum(W**2)

    @exercise.mistake("loss without mean", "Divide the summed loss by the number of images.")
    def sums_the_loss(W, X, y, reg):
        return loss(W, X, y) * len(X) + reg * np.sum(W**2), dW(W, X, y, reg)

    @exercise.mistake(
        "no mean in loss and gradient",
        "The loss is a mean over N images: divide both the summed loss and dW by N.",
    )
    def sums_both(W, X, y, reg):
        penalty, its_gradient = reg * np.sum(W**2), 2 * reg * W
        return loss(W, X, y) * len(X) + penalty, X.T @ dscores(W, X, y) + its_gradient

    @exercise.mistake(
        "loss without regularization", "The loss includes the penalty, reg * np.sum(W**2)."
    )
    def leaves_the_penalty_out_of_the_loss(W, X, y, reg):
        return loss(W, X, y), dW(W, X, y, reg)

    @exercise.mistake(
        "half the regularization in the loss",
        "The course's penalty is reg * sum(W**2), without 1/2; your gradient belongs to that one.",
    )
    def halves_the_penalty_in_the_loss(W, X, y, reg):
        return loss(W, X, y) + 0.5 * reg * np.sum(W**2), dW(W, X, y, reg)

    @exercise.mistake(
        "half the regularization",
        "The course's penalty is reg * sum(W**2), without 1/2, and its gradient is 2 * reg * W.",
    )
    def halves_the_penalty(W, X, y, reg):
        half = 0.5 * reg
        return loss(W, X, y) + half * np.sum(W**2), dW(W, X, y, half)

    @exercise.mistake(
        "loops over the images",
        "Work on the whole (N, C) array at once: dW is one product, X.T @ dscores.",
    )
    def loops_over_the_images(W, X, y, reg):
        gradient = np.zeros(W.shape)
        for image, row in zip(X, dscores(W, X, y), strict=True):
            gradient += np.outer(image, row)
        return penalized(loss(W, X, y), gradient / len(X), W, reg)


def _takes_a_square(cases):
    """Whether memory was taken as for a number for each pair of images."""
    return any(MAX_BYTES < call.memory != UNCOUNTED for calls in cases for call in calls)


def mistake_of_a_square(exercise, loss, dscores):
    """Right values by way of a matrix of all pairs of images; a mistake in values comes first."""

    @exercise.mistake(
        "a matrix with a row and a column for each image",
        "scores[:, y] has N columns for each of N rows: scores[np.arange(N), y] takes one score "
        "per image.",
        shows=_takes_a_square,
    )
    def takes_a_diagonal(W, X, y, reg):
        np.diag((X @ W)[:, y])
        return penalized(loss(W, X, y), X.T @ dscores(W, X, y) / len(X), W, reg)


WHOLE_COLUMNS = "`[:, y]` takes whole columns: one entry per image is `[np.arange(N), y]`."

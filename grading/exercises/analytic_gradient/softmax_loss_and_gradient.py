"""Compute the cross-entropy loss and its gradient for all images at once, without overflow."""

import numpy as np

from ..compare import compare, same
from ..describe import Case, Exercise
from ..draws import every_call
from .gradient_cases import draw_batch, loss_and_gradient_cases
from .gradient_mistakes import (
    WHOLE_COLUMNS,
    mistake_of_a_square,
    mistakes_of_any_gradient,
    mistakes_of_loss_and_gradient,
    penalized,
    wrong_gradients,
)

exercise = Exercise(
    "softmax_loss_and_gradient",
    assignment="05-analytic-gradient",
    parts={"loss": 0.5, "gradient": 1, "regularization": 1, "stable": 0.5, "no loops": 1},
    hints=(
        "Go by way of the scores: the derivative of an image's loss with respect to its scores is "
        "a short formula in the probabilities. Differentiate log(sum(exp(s))) - s_y with respect "
        "to s_j to find it.",
        "It is p_j for a wrong class and p_y - 1 for the correct one. The loss itself comes from "
        "log(sum(exp(s))) - s_y, with each row's maximum subtracted before.",
        "dscores is the array of probabilities with 1 subtracted at [np.arange(N), y]. dW is X.T "
        "@ dscores / N plus 2 * reg * W. Return loss and dW, in this order.",
    ),
)


@exercise.solved_by
def softmax_loss_and_gradient(W, X, y, reg):
    images = np.arange(len(X))
    scores = X @ W
    scores = scores - np.max(scores, axis=1, keepdims=True)
    sums = np.sum(np.exp(scores), axis=1, keepdims=True)
    loss = np.mean(np.log(sums[:, 0]) - scores[images, y]) + reg * np.sum(W**2)
    dscores = np.exp(scores) / sums
    dscores[images, y] -= 1
    dW = X.T @ dscores / len(X) + 2 * reg * W
    return float(loss), dW


exercise.as_right(
    "There is one column only.",
    "loss = np.mean(np.log(sums[:, -1]) - scores[images, y]) + reg * np.sum(W ** 2)",
)


@exercise.examined_by
def cases(rng):
    yield from loss_and_gradient_cases(rng)
    W, X, y = draw_batch(rng, 6, 5, 4)
    for biases in ([1000.0] * 4, [0.0, -1500.0, 0.0, -1500.0]):
        large = W.copy()
        large[-1] = biases
        y[0] = 1
        yield _stable_case((W, X, y), (large, X, y))
    large, X_large = W.copy(), X.copy()
    large[0], X_large[:, 0] = 1000.0, rng.permutation([-1.0, -1.0, 0.0, 0.0, 1.0, 1.0])
    yield _stable_case((W, X, y), (large, X_large, y))
    # Scores of 20,000 overflow in every type of float, and in float32 these are still exact.
    whole, X_whole = rng.integers(-3, 4, W.shape) / 2, rng.integers(-2, 3, X.shape).astype(float)
    whole[-1], X_whole[:, -1] = 20_000.0, 1.0
    yield _stable_case((W, X, y), (whole, X_whole, y))


def _stable_case(usual, large):
    """A case of usual scores, which must be right before large ones are looked at."""
    return Case("stable", [(*usual, 0.0), (*large, 0.0)], answer=None, verify=_unstable)


def _unstable(observations):
    usual, large = observations
    # In float32 a score of 1,000 is rounded by about 1e-4, so the tolerance is larger.
    for call, rtol, atol in ((usual, 1e-4, 1e-6), (large, 1e-3, 1e-3)):
        right = softmax_loss_and_gradient(*call.arguments)
        why = compare(call.value, right, rtol=rtol, atol=atol)
        if why and call is usual:
            return f"Not judged until the values are right: softmax_loss_and_gradient {why}"
        if why:
            largest = np.abs(call.arguments[1] @ call.arguments[0]).max()
            return f"For scores up to {largest:,.0f}, softmax_loss_and_gradient {why}"
    return None


def _own_maximum(scores):
    return np.max(scores, axis=1, keepdims=True)


def _column_maximum(scores):
    return np.max(scores, axis=0)


def _log_probabilities(W, X):
    scores = X @ W
    scores = scores - _own_maximum(scores)
    return scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))


def _cross_entropy(W, X, y):
    return -np.mean(_log_probabilities(W, X)[np.arange(len(X)), y])


def _softmax_dscores(W, X, y):
    dscores = np.exp(_log_probabilities(W, X))
    dscores[np.arange(len(X)), y] -= 1
    return dscores


def _mistakes_of_the_softmax_gradient(mistake):
    @mistake(
        "no 1 subtracted",
        "At the correct class the derivative with respect to the score is p - 1, not p.",
    )
    def _(W, X, y, reg):
        return X.T @ np.exp(_log_probabilities(W, X)) / len(X) + 2 * reg * W

    @mistake(
        "1 subtracted everywhere",
        "Subtract 1 at the correct class alone: dscores[np.arange(N), y] -= 1.",
    )
    def _(W, X, y, reg):
        return X.T @ (np.exp(_log_probabilities(W, X)) - 1) / len(X) + 2 * reg * W

    @mistake(
        "1 added",
        "At the correct class the derivative with respect to the score is p - 1, not p + 1.",
    )
    def _(W, X, y, reg):
        dscores = np.exp(_log_probabilities(W, X))
        dscores[np.arange(len(X)), y] += 1
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake(
        "finds the correct class by its probability",
        "Another class may have the same probability, and with W = 0 all have: tell the correct "
        "class by its number, dscores[np.arange(N), y].",
    )
    def compares_probabilities(W, X, y, reg):
        p = np.exp(_log_probabilities(W, X))
        dscores = p - (p == p[np.arange(len(X)), y][:, np.newaxis])
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake("1 subtracted from whole columns", WHOLE_COLUMNS)
    def _(W, X, y, reg):
        dscores = np.exp(_log_probabilities(W, X))
        dscores[:, y] -= 1
        return X.T @ dscores / len(X) + 2 * reg * W

    def _sums_of_each_class(shift):
        def gradient(W, X, y, reg):
            scores = X @ W
            with np.errstate(all="ignore"):
                exponentials = np.exp(scores - shift(scores))
                dscores = exponentials / np.sum(exponentials, axis=0)
            dscores[np.arange(len(X)), y] -= 1
            return X.T @ dscores / len(X) + 2 * reg * W

        return gradient

    for name, shift in (("sums", _own_maximum), ("maxima and sums", _column_maximum)):
        mistake(
            f"{name} of each class",
            "Sum row by row, axis=1 with keepdims=True: axis=0 sums each class over the images.",
        )(_sums_of_each_class(shift))

    @mistake(
        "1 subtracted after the mean",
        "Divide by N after subtracting 1: otherwise the 1 outweighs the probabilities N times.",
    )
    def _(W, X, y, reg):
        dscores = np.exp(_log_probabilities(W, X)) / len(X)
        dscores[np.arange(len(X)), y] -= 1
        return X.T @ dscores + 2 * reg * W

    @mistake(
        "only the correct class",
        "The other classes have a gradient too: their probability p_j, times x_i.",
    )
    def _(W, X, y, reg):
        images, dscores = np.arange(len(X)), np.zeros((len(X), W.shape[1]))
        dscores[images, y] = np.exp(_log_probabilities(W, X))[images, y] - 1
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake(
        "diagonal of the Jacobian",
        "p (1 - p) is the softmax's own slope; with the logarithm in front it becomes p - 1.",
    )
    def _(W, X, y, reg):
        p = np.exp(_log_probabilities(W, X))
        dscores = p * (1 - p)
        dscores[np.arange(len(X)), y] *= -1
        return X.T @ dscores / len(X) + 2 * reg * W

    mistakes_of_any_gradient(mistake, _softmax_dscores)


# Mistakes in loss and gradient come first, since all others are recognized by the gradient alone.
mistakes_of_loss_and_gradient(exercise, _cross_entropy, _softmax_dscores)
_mistakes_of_the_softmax_gradient(wrong_gradients(exercise, _cross_entropy))


_SHIFTS = (
    (
        "no shift",
        "exp of a large score overflows: subtract each image's largest score first.",
        lambda scores: 0.0,
    ),
    (
        "one maximum for all images",
        "Shift every row by its own maximum: `scores.max(axis=1, keepdims=True)`. With one shift "
        "for all, an image with small scores underflows.",
        np.max,
    ),
    (
        "maximum of each class",
        "Shift every row by its own maximum: `scores.max(axis=1, keepdims=True)`. axis=0 takes "
        "that of each class over the images.",
        _column_maximum,
    ),
)

_SUMS = (
    (
        "sums over all images",
        "Sum the exponentials row by row, axis=1 with keepdims=True: each image has its own sum.",
        _own_maximum,
    ),
    (
        "softmax of a single image for all",
        "`softmax` of section 5 takes one image: here each row needs its own maximum and sum, "
        "axis=1 with keepdims=True.",
        np.max,
    ),
)


def _mistakes_of_the_exponentials(ending, shifts, sums=(), loss_from_p=False, p_from_loss=False):
    """Wrong shifts and sums, with the loss from log-sum-exp or from the probabilities."""

    def register(name, hint, shift, axis):
        @exercise.mistake(name + ending, hint)
        def _(W, X, y, reg):
            images, scores = np.arange(len(X)), X @ W
            shifted = scores - shift(scores)
            with np.errstate(all="ignore"):
                sums = np.sum(np.exp(shifted), axis=axis, keepdims=True)
                p = np.exp(shifted - np.log(sums)) if p_from_loss else np.exp(shifted) / sums
                by_lse = np.log(sums[:, 0]) - shifted[images, y]
                losses = -np.log(p[images, y]) if loss_from_p else by_lse
            p[images, y] -= 1
            return penalized(np.mean(losses), X.T @ p / len(X), W, reg)

    for wrong_shift in shifts:
        register(*wrong_shift, axis=1)
    for wrong_sum in sums:
        register(*wrong_sum, axis=None)


_mistakes_of_the_exponentials("", _SHIFTS, _SUMS)
_mistakes_of_the_exponentials(", then a logarithm of p", _SHIFTS, _SUMS, loss_from_p=True)
_mistakes_of_the_exponentials(", then exp of the log-sum-exp", _SHIFTS, p_from_loss=True)


@exercise.mistake(
    "score of the correct class not shifted",
    "Shift s_y as well: with m the largest score, the loss is log(sum(exp(s - m))) - (s_y - m).",
)
def _(W, X, y, reg):
    loss = _cross_entropy(W, X, y) - np.mean(_own_maximum(X @ W))
    return penalized(loss, X.T @ _softmax_dscores(W, X, y) / len(X), W, reg)


@exercise.mistake(
    "logarithm of the mean probability",
    "Take the logarithm of each image's probability first, and the mean of the logarithms last.",
)
def _(W, X, y, reg):
    p = np.exp(_log_probabilities(W, X))[np.arange(len(X)), y]
    with np.errstate(divide="ignore"):
        loss = -np.log(np.mean(p))
    return penalized(loss, X.T @ _softmax_dscores(W, X, y) / len(X), W, reg)


@exercise.mistake(
    "1 subtracted from whole rows",
    "`dscores[y]` is a row for each label: one entry per image is `dscores[np.arange(N), y]`.",
)
def subtracts_from_rows(W, X, y, reg):
    dscores = np.exp(_log_probabilities(W, X))
    dscores[y] -= 1
    return penalized(_cross_entropy(W, X, y), X.T @ dscores / len(X), W, reg)


@exercise.mistake(
    "1 subtracted before the loss is taken",
    "The loss needs the probabilities as they are: take it first, then subtract 1, or subtract in "
    "a copy.",
)
def subtracts_before_the_loss(W, X, y, reg):
    p = np.exp(_log_probabilities(W, X))
    p[np.arange(len(X)), y] -= 1
    with np.errstate(invalid="ignore"):
        loss = -np.mean(np.log(p[np.arange(len(X)), y]))
    return penalized(loss, X.T @ p / len(X), W, reg)


def _logarithm_of_p(epsilon):
    """An answer whose loss is -log(p + epsilon)."""

    def answer(W, X, y, reg):
        p = np.exp(_log_probabilities(W, X))
        with np.errstate(divide="ignore"):
            loss = -np.mean(np.log(p[np.arange(len(X)), y] + epsilon))
        return penalized(loss, X.T @ _softmax_dscores(W, X, y) / len(X), W, reg)

    return answer


@exercise.mistake(
    "logarithm of a probability that is 0",
    "A tiny p is rounded to 0 and log(0) is -inf: use log(sum(exp(s))) - s_y for the loss.",
)
def _(W, X, y, reg):
    return _logarithm_of_p(0.0)(W, X, y, reg)


@exercise.mistake(
    "sum of the logarithms of p",
    "Divide the summed loss by the number of images. And where p is rounded to 0, log(0) is -inf: "
    "use log(sum(exp(s))) - s_y.",
)
def _(W, X, y, reg):
    loss, gradient = _logarithm_of_p(0.0)(W, X, y, 0.0)
    return penalized(len(X) * loss, gradient, W, reg)


def _shows_an_epsilon(cases):
    """Whether the losses are those of -log(p + epsilon), for a usual epsilon."""

    def fits(answer):
        return every_call(
            lambda call: same(call.value, answer(*call.arguments), rtol=1e-3, atol=1e-3)
        )

    return any(fits(_logarithm_of_p(10.0**-exponent))(cases) for exponent in range(6, 21))


@exercise.mistake(
    "a small number added to p",
    "With p + 1e-12 no loss is above 27.6, however wrong the scores are: use log(sum(exp(s))) - "
    "s_y, where no logarithm of 0 can come up.",
    shows=_shows_an_epsilon,
)
def _(W, X, y, reg):
    return _logarithm_of_p(1e-12)(W, X, y, reg)


mistake_of_a_square(exercise, _cross_entropy, _softmax_dscores)

"""The cross-entropy loss, and the mistakes that both of its exercises know."""

import numpy as np

from .hinge import hinge_margins
from .loss_mistakes import mistakes_of_the_penalty

LARGEST_LONG_EXPONENT = 11_356
"""exp of more overflows even in the 80 bits that some machines have for a long double."""


def cross_entropies(W, X, y):
    """-log p of the correct class, (N,), by log-sum-exp."""
    scores = X @ W
    scores = scores - np.max(scores, axis=1, keepdims=True)
    return np.log(np.sum(np.exp(scores), axis=1)) - scores[np.arange(len(X)), y]


def mistakes_of_both_softmax_losses(exercise):
    """Mistakes of the data loss and of the penalty."""

    @exercise.mistake(
        "no shift", "exp of a large score overflows: subtract each image's largest score first."
    )
    def _(W, X, y, reg):
        scores = X @ W
        with np.errstate(over="ignore", invalid="ignore"):
            p = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
            losses = -np.log(p[np.arange(len(X)), y])
        return np.mean(losses) + reg * np.sum(W**2)

    @exercise.mistake(
        "no shift in the log-sum-exp",
        "exp of a large score overflows: subtract each image's largest score first.",
    )
    def _(W, X, y, reg):
        scores = X @ W
        with np.errstate(over="ignore", invalid="ignore"):
            losses = np.log(np.sum(np.exp(scores), axis=1)) - scores[np.arange(len(X)), y]
        return np.mean(losses) + reg * np.sum(W**2)

    @exercise.mistake(
        "shifts by the largest score of all",
        "Subtract each image's own largest score: with one shift for all, the sum of an image with "
        "small scores underflows to 0.",
    )
    def _(W, X, y, reg):
        scores = X @ W
        scores = scores - np.max(scores)
        with np.errstate(divide="ignore"):
            losses = np.log(np.sum(np.exp(scores), axis=1)) - scores[np.arange(len(X)), y]
        return np.mean(losses) + reg * np.sum(W**2)

    @exercise.mistake(
        "infinite when the right class is far behind",
        "Its p rounds to 0 and log(0) is infinite, or exp(s - s_y) overflows: with m the largest "
        "score, use log(sum(exp(s - m))) - (s_y - m).",
    )
    def _(W, X, y, reg):
        scores = X @ W
        exponentials = np.exp(scores - np.max(scores, axis=1, keepdims=True))
        p = exponentials / np.sum(exponentials, axis=1, keepdims=True)
        with np.errstate(divide="ignore"):
            losses = -np.log(p[np.arange(len(X)), y])
        return np.mean(losses) + reg * np.sum(W**2)

    @exercise.mistake(
        "score of the correct class not shifted",
        "Shift s_y as well: with m the largest score, the loss is log(sum(exp(s - m))) - (s_y - "
        "m).",
    )
    def _(W, X, y, reg):
        losses = cross_entropies(W, X, y) - np.max(X @ W, axis=1)
        return np.mean(losses) + reg * np.sum(W**2)

    @exercise.mistake(
        "logarithm of the mean probability",
        "Take the logarithm of each image's probability first, and the mean of the logarithms "
        "last.",
    )
    def _(W, X, y, reg):
        with np.errstate(divide="ignore"):
            loss = -np.log(np.mean(np.exp(-cross_entropies(W, X, y))))
        return loss + reg * np.sum(W**2)

    @exercise.mistake("no mean over the images", "Divide the summed loss by the number of images.")
    def _(W, X, y, reg):
        return np.sum(cross_entropies(W, X, y)) + reg * np.sum(W**2)

    @exercise.mistake("averages over classes", "Divide by the number of images, N, not of classes.")
    def _(W, X, y, reg):
        return np.sum(cross_entropies(W, X, y)) / W.shape[1] + reg * np.sum(W**2)

    @exercise.mistake("sign turned around", "The loss is minus the log-probability: it is >= 0.")
    def _(W, X, y, reg):
        return -np.mean(cross_entropies(W, X, y)) + reg * np.sum(W**2)

    @exercise.mistake("logarithm to base 10", "np.log is the natural logarithm; np.log10 is not.")
    def _(W, X, y, reg):
        return np.mean(cross_entropies(W, X, y)) / np.log(10) + reg * np.sum(W**2)

    @exercise.mistake("logarithm to base 2", "np.log is the natural logarithm; np.log2 is not.")
    def _(W, X, y, reg):
        return np.mean(cross_entropies(W, X, y)) / np.log(2) + reg * np.sum(W**2)

    @exercise.mistake(
        "probability instead of its logarithm",
        "The loss of an image is -log p of its correct class, not 1 - p.",
    )
    def _(W, X, y, reg):
        return np.mean(1 - np.exp(-cross_entropies(W, X, y))) + reg * np.sum(W**2)

    @exercise.mistake(
        "sums over all classes", "Only the correct class's probability enters the loss."
    )
    def _(W, X, y, reg):
        scores = X @ W
        scores = scores - np.max(scores, axis=1, keepdims=True)
        log_p = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
        return -np.sum(log_p) / len(X) + reg * np.sum(W**2)

    @exercise.mistake(
        "probability of the largest score",
        "Take the probability of the correct class y_i, whether or not its score is the largest.",
    )
    def _(W, X, y, reg):
        return np.mean(cross_entropies(W, X, np.argmax(X @ W, axis=1))) + reg * np.sum(W**2)

    @exercise.mistake(
        "hinge loss", "This is the hinge loss; the softmax loss is -log p of the correct class."
    )
    def _(W, X, y, reg):
        return hinge_margins(W, X, y).sum() / len(X) + reg * np.sum(W**2)

    @exercise.mistake(
        "recognizes the correct class by its score",
        "Other classes can have the same score: pick that of class y_i by its number. With W = 0 "
        "all scores are equal, and the loss is ln C.",
    )
    def picks_equal_scores(W, X, y, reg):
        scores = X @ W
        correct = scores[np.arange(len(X)), y][:, np.newaxis]
        times = np.sum(scores == correct, axis=1)
        return np.mean(times * cross_entropies(W, X, y)) + reg * np.sum(W**2)

    @exercise.mistake(
        "no shift in long double",
        "A wider type only moves the overflow, to scores of 11,356, and not on every machine: "
        "subtract each image's largest score first.",
    )
    def takes_long_doubles(W, X, y, reg):
        largest = np.max(X @ W, axis=1)
        losses = np.where(np.abs(largest) < LARGEST_LONG_EXPONENT, cross_entropies(W, X, y), np.nan)
        return np.mean(losses) + reg * np.sum(W**2)

    @exercise.mistake(
        "shifts by 0 where all scores are negative",
        "The largest score of an image may be below 0: begin the search for it with -np.inf, not "
        "with 0.",
    )
    def shifts_by_at_least_zero(W, X, y, reg):
        scores = X @ W
        scores = scores - np.maximum(0, np.max(scores, axis=1, keepdims=True))
        with np.errstate(divide="ignore"):
            losses = np.log(np.sum(np.exp(scores), axis=1)) - scores[np.arange(len(X)), y]
        return np.mean(losses) + reg * np.sum(W**2)

    mistakes_of_the_penalty(exercise, lambda W, X, y: np.mean(cross_entropies(W, X, y)))

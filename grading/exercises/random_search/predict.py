"""Predict the label of each image: the class with the highest score."""

import numpy as np

from ..describe import Case, Exercise

exercise = Exercise(
    "predict",
    assignment="03-random-search",
    parts={"labels": 2},
    hints=(
        "The scores of all images are one matrix product. What is asked of each row of scores?",
        "Not the highest score but its position is the label: np.argmax.",
        "Take the argmax along the classes, axis=1, so that there is one label for each image.",
    ),
)


@exercise.solved_by
def predict(W, X):
    return np.argmax(X @ W, axis=1)


@exercise.examined_by
def cases(rng):
    for n, d, c in ((1, 4, 3), (7, 5, 4), (40, 6, 10)):
        W, X = rng.standard_normal((d, c)), rng.standard_normal((n, d))
        X[:, -1] = 1.0
        W[-1] = 4.0 * rng.permutation(c) / c  # the biases decide many labels
        yield Case("labels", [(W, X)])
    below_zero = np.append(np.zeros(d - 1), -10.0)[:, np.newaxis]  # to be added to the biases
    yield Case("labels", [(W + below_zero, X)])
    # The last two have one shape: what is kept from call to call shows.
    for n, d, c in ((3, 4, 2), (8, 3, 13), (8, 3, 13)):
        W, X = rng.standard_normal((d, c)), rng.standard_normal((n, d))
        W[0, -1], X[0, 0] = 9.0, 9.0  # the last class is the label of the first image
        yield Case("labels", [(W, X)])
    W, X = rng.integers(1, 4, (4, 5)).astype(float), rng.integers(0, 3, (6, 4)).astype(float)
    W[:, rng.permutation(5)[:2]] = 4.0  # two classes share the highest score of every image
    for weights in (W, np.zeros((4, 5))):
        yield Case(
            "labels",
            [(weights, X)],
            answer=_scores_of_labels,
            measures="for classes with equal scores, the scores of its labels",
        )


def _scores_of_labels(observations):
    (call,) = observations
    W, X = call.arguments
    return (X @ W)[np.arange(len(X)), call.value]


@exercise.mistake(
    "highest score, not its class",
    "np.max gives the score itself; np.argmax gives the position, which is the label.",
)
def _(W, X):
    return np.max(X @ W, axis=1)


@exercise.mistake(
    "best image of each class",
    "Classes are the columns: take the argmax along axis 1, one label per image.",
)
def _(W, X):
    return np.argmax(X @ W, axis=0)


@exercise.mistake(
    "one label for all images",
    "Without axis, np.argmax searches the flattened array: pass axis=1.",
)
def _(W, X):
    return np.argmax(X @ W)


@exercise.mistake("lowest score", "The class with the highest score wins: argmax, not argmin.")
def _(W, X):
    return np.argmin(X @ W, axis=1)


@exercise.mistake("scores, not labels", "Return one label per image: the argmax of its scores.")
def _(W, X):
    return X @ W


@exercise.mistake(
    "ignores the bias", "The last row of W is the bias: use all rows, as X has its ones."
)
def _(W, X):
    return np.argmax(X[:, :-1] @ W[:-1], axis=1)


@exercise.mistake("labels in a column", "Return shape (N,), not (N, 1): leave out keepdims.")
def _(W, X):
    return np.argmax(X @ W, axis=1, keepdims=True)


@exercise.mistake(
    "product the wrong way round",
    "Images are the rows of X, classes the columns of W: the scores are X @ W, not W @ X.",
)
def _(W, X):
    return np.argmax(W @ X, axis=1)


@exercise.mistake("counts classes from 1", "Labels are 0..C-1, as np.argmax gives them.")
def _(W, X):
    return np.argmax(X @ W, axis=1) + 1


@exercise.mistake(
    "largest in absolute value", "A large negative score is a bad score: leave out np.abs."
)
def _(W, X):
    return np.argmax(np.abs(X @ W), axis=1)


@exercise.mistake(
    "every class with the highest score",
    "Several classes can share the highest score, and with W = 0 all do: return one label for each "
    "image, as np.argmax does.",
)
def finds_all_that_are_highest(W, X):
    scores = X @ W
    return np.where(scores == np.max(scores, axis=1, keepdims=True))[1]


@exercise.mistake("always ten classes", "The number of classes is that of the columns of W.")
def compares_ten_classes(W, X):
    return np.argmax((X @ W)[:, :10], axis=1)

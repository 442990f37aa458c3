"""Score all images for all classes by one matrix product."""

import numpy as np

from ..describe import Case, Exercise
from ..loops import MANY_IMAGES, no_loop_over_images

exercise = Exercise(
    "linear_scores",
    assignment="00-start-here",
    parts={"value": 0.5, "no loops": 0.5},
    hints=(
        "Write the shapes down: W is (D, C), X is (N, D), the scores are (N, C). Which axis has "
        "to disappear, and which product sums over it?",
        "A matrix product sums over the last axis of its left factor and the first axis of its "
        "right one: these must both be D.",
        "NumPy's matrix product is `@`. Put the factor with one row per image on the left; the "
        "bias is in both factors already.",
    ),
)


@exercise.solved_by
def linear_scores(W, X):
    return X @ W


@exercise.examined_by
def cases(rng):
    # The last two have one shape: what is kept from call to call shows.
    for n, d, c in ((1, 4, 3), (5, 7, 2), (3, 5, 12), (3, 5, 12)):
        yield Case("value", [(rng.standard_normal((d, c)), rng.standard_normal((n, d)))])
    weights = rng.standard_normal((6, 4))
    yield from no_loop_over_images(
        "no loops",
        (weights, rng.standard_normal((5, 6))),
        (weights, rng.standard_normal((MANY_IMAGES, 6))),
    )


@exercise.mistake(
    "images in columns",
    "The result has one row per image: X @ W, of shape (N, C), not its transpose.",
)
def _(W, X):
    return W.T @ X.T


@exercise.mistake(
    "appends the ones again", "X has its column of ones already: multiply it as it is."
)
def _(W, X):
    return np.hstack([X, np.ones((len(X), 1))]) @ W


@exercise.mistake("multiplies in the wrong order", "X is (N, D) and W is (D, C): write X @ W.")
def _(W, X):
    return W @ X


@exercise.mistake(
    "multiplies entry by entry", "`*` multiplies entry by entry; the matrix product is `@`."
)
def _(W, X):
    return X * W


@exercise.mistake(
    "returns labels", "Return all C scores of each image; the largest of them is taken later."
)
def _(W, X):
    return np.argmax(X @ W, axis=1)


@exercise.mistake(
    "leaves out the last column",
    "The bias column is one of the D columns of X already: use all of X and W.",
)
def _(W, X):
    return X[:, :-1] @ W[:-1]


@exercise.mistake("adds one", "The bias column is part of X: nothing is added to X @ W.")
def _(W, X):
    return X @ W + 1


@exercise.mistake("loops over the images", "One product X @ W scores all images at once.")
def _(W, X):
    out = np.zeros((len(X), W.shape[1]))
    for i in range(len(X)):
        out[i] = X[i] @ W
    return out


@exercise.mistake(
    "whole numbers alone",
    "An array of integers cuts what is written into it: np.zeros without dtype holds floats.",
)
def fills_an_array_of_integers(W, X):
    scores = np.zeros((len(X), W.shape[1]), dtype=int)
    scores[...] = X @ W
    return scores


@exercise.mistake("always ten classes", "The number of classes is that of the columns of W.")
def scores_ten_classes(W, X):
    scores = np.zeros((len(X), 10))
    n_classes = min(10, W.shape[1])
    scores[:, :n_classes] = X @ W[:, :n_classes]
    return scores

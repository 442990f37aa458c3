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


@exercise.twisted_by(
    {
        "bias added a second time": "X @ W adds the bias row W[-1] already, times the ones in X: "
        "add nothing.",
        "images in columns": "The result has one row per image: X @ W, of shape (N, C), not its "
        "transpose.",
        "multiplies in the wrong order": "X is (N, D) and W is (D, C): write X @ W.",
        "multiplies entry by entry": "`*` multiplies entry by entry; the matrix product is `@`.",
        "transposes W": "The inner sizes agree as they are, (N, D) and (D, C): W needs no .T.",
        "transposes X": "The inner sizes agree as they are, (N, D) and (D, C): X needs no .T.",
        "appends the ones again": "X has its column of ones already: multiply it as it is.",
        "leaves out the last column": "The bias column is one of the D columns of X already: use "
        "all of X and W.",
        "leaves out the last row of W": "The bias row is one of the D rows of W, as the ones are "
        "one of the D columns of X: use all of both.",
        "takes the first row for the bias": "The bias is in the last row of W, and X @ W adds it "
        "already.",
        "adds one": "The bias column is part of X: nothing is added to X @ W.",
        "shifts by the largest score": "Return the scores as they are: the shift by the largest of "
        "each row belongs to softmax.",
        "no score below 0": "A score may be negative: no max with 0 belongs here.",
        "absolute values": "A score may be negative: leave out the absolute value.",
        "returns labels": "Return all C scores of each image; the largest of them is taken later.",
        "one sum for each image": "Each image has C scores: sum over the pixels alone, not over "
        "the classes as well.",
        "only the first image": "Score every image, a row each: `return` in the loop ends it after "
        "the first.",
        "averages over the pixels": "A score is the sum over the D pixels, not their mean.",
        "probabilities instead of scores": "Return the scores themselves, X @ W; softmax comes "
        "later.",
        "whole numbers alone": "An array of integers cuts what is written into it: np.zeros "
        "without dtype holds floats.",
        "always ten classes": "The number of classes is that of the columns of W.",
        "leaves out the last class": "The classes are 0..C-1: range(C), not range(C - 1).",
        "loops over the images": "One product X @ W scores all images at once.",
    }
)
def linear_scores_with(is_, W, X):
    if is_("appends the ones again"):
        X = np.hstack([X, np.ones((len(X), 1))])
    if is_("leaves out the last column"):
        X, W, bias = X[:, :-1], W[:-1], W[-1]
    else:
        bias = W[-1]
    if is_("leaves out the last row of W"):
        W = W[:-1]
    scores = _product_with(is_, W, X)
    if is_("averages over the pixels"):
        scores = scores / X.shape[1]
    if is_("bias added a second time"):
        scores = scores + bias
    if is_("takes the first row for the bias"):
        scores = scores + W[0]
    if is_("adds one"):
        scores = scores + 1
    if is_("leaves out the last class"):
        scores[:, -1] = 0
    if is_("always ten classes"):
        padded = np.zeros((len(scores), 10))
        n_classes = min(10, W.shape[1])
        padded[:, :n_classes] = scores[:, :n_classes]
        scores = padded
    if is_("shifts by the largest score"):
        scores = scores - np.max(scores, axis=1, keepdims=True)
    if is_("no score below 0"):
        scores = np.maximum(0, scores)
    if is_("absolute values"):
        scores = np.abs(scores)
    if is_("probabilities instead of scores"):
        exponentials = np.exp(scores)
        scores = exponentials / exponentials.sum(axis=1, keepdims=True)
    if is_("whole numbers alone"):
        scores = scores.astype(int)
    if is_("images in columns"):
        scores = scores.T
    if is_("only the first image"):
        scores = scores[0]
    if is_("one sum for each image"):
        scores = scores.sum(axis=-1)
    return np.argmax(scores, axis=-1) if is_("returns labels") else scores


def _product_with(is_, W, X):
    if is_("transposes W"):
        W = W.T
    if is_("transposes X"):
        X = X.T
    if is_("multiplies in the wrong order"):
        return W @ X
    if is_("multiplies entry by entry"):
        return X * W
    if is_("loops over the images"):
        scores = np.zeros((len(X), W.shape[1]))
        for i in range(len(X)):
            scores[i] = X[i] @ W
        return scores
    return X @ W

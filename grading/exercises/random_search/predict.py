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


@exercise.twisted_by(
    {
        "highest score, not its class": "np.max gives the score itself; np.argmax gives the "
        "position, which is the label.",
        "highest score cut to a whole number": "np.max gives the score itself, and astype(int) "
        "only cuts it: np.argmax gives the position, which is the label.",
        "best image of each class": "The argmax runs over the classes, so that each image gets one "
        "label: along axis 1 of X @ W, or along axis 0 of its transpose.",
        "one label for all images": "Without axis, np.argmax searches the flattened array: pass "
        "axis=1.",
        "scores, not labels": "Return one label per image: the argmax of its scores.",
        "lowest score": "The class with the highest score wins: argmax, not argmin.",
        "product the wrong way round": "Images are the rows of X, classes the columns of W: the "
        "scores are X @ W, not W @ X.",
        "transposes W": "The inner sizes agree as they are, (N, D) and (D, C): W needs no .T.",
        "transposes X": "The inner sizes agree as they are, (N, D) and (D, C): X needs no .T.",
        "multiplies entry by entry": "`*` multiplies entry by entry; the matrix product is `@`.",
        "ignores the bias": "The last row of W is the bias: use all rows, as X has its ones.",
        "bias added a second time": "X @ W adds the bias row W[-1] already, times the ones in X: "
        "add nothing.",
        "labels in a column": "Return shape (N,), not (N, 1): leave out keepdims.",
        "counts classes from 1": "Labels are 0..C-1, as np.argmax gives them.",
        "largest in absolute value": "A large negative score is a bad score: leave out np.abs.",
        "best score starts at 0": "All scores of an image may be below 0: begin the search for the "
        "highest with -np.inf, or take np.argmax.",
        "leaves out the first class": "The classes are 0..C-1: begin with class 0.",
        "leaves out the last class": "The classes are 0..C-1: range(C), not range(C - 1).",
        "only the first image": "Label every image: `return` in the loop ends it after the first.",
        "only the last image": "Keep the label of every image; yours returns the last one alone.",
        "leaves out the last image": "The images are 0..N-1: range(N), not range(N - 1).",
        "True where the score is highest": "Return the number of the class, not a row of True and "
        "False for each image.",
        "classes in the order of their scores": "np.argsort orders all classes; the label is the "
        "one with the highest score, np.argmax.",
        "every class with the highest score": "Several classes can share the highest score, and "
        "with W = 0 all do: return one label for each image, as np.argmax does.",
        "always ten classes": "The number of classes is that of the columns of W.",
    }
)
def predict_with(is_, W, X):
    scores = _scores_with(is_, W, X)
    axis = None if is_("one label for all images") else 0 if is_("best image of each class") else 1
    if is_("scores, not labels"):
        return scores
    if is_("highest score, not its class"):
        return np.max(scores, axis=axis)
    if is_("highest score cut to a whole number"):
        return np.max(scores, axis=axis).astype(int)
    if is_("classes in the order of their scores"):
        return np.argsort(scores, axis=axis)
    if is_("True where the score is highest"):
        return scores == np.max(scores, axis=1, keepdims=True)
    if is_("every class with the highest score"):
        return np.where(scores == np.max(scores, axis=1, keepdims=True))[1]
    first = 1 if is_("leaves out the first class") else 0
    labels = (np.argmin if is_("lowest score") else np.argmax)(scores[:, first:], axis=axis) + first
    if is_("counts classes from 1"):
        labels = labels + 1
    if is_("only the first image"):
        return labels[0]
    if is_("only the last image"):
        return labels[-1]
    if is_("leaves out the last image"):
        labels = labels[:-1]
    return labels[:, np.newaxis] if is_("labels in a column") else labels


def _scores_with(is_, W, X):
    if is_("transposes W"):
        W = W.T
    if is_("transposes X"):
        X = X.T
    if is_("product the wrong way round"):
        return W @ X
    if is_("multiplies entry by entry"):
        return X * W
    scores = X[:, :-1] @ W[:-1] if is_("ignores the bias") else X @ W
    if is_("bias added a second time"):
        scores = scores + W[-1]
    if is_("largest in absolute value"):
        scores = np.abs(scores)
    if is_("best score starts at 0"):
        scores = np.maximum(scores, 0)
    if is_("leaves out the last class"):
        scores = scores[:, :-1]
    return scores[:, :10] if is_("always ten classes") else scores

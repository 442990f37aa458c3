"""Exercises of 00-start-here: the warm-up."""

import numpy as np

from .describe import MANY_IMAGES, Case, Exercise, Written, no_loop_over_images

ASSIGNMENT = "00-start-here"

double = Exercise(
    "double_in_place",
    assignment=ASSIGNMENT,
    parts={"every entry doubled": 0.5, "returns None": 0.5},
    hints=(
        "`a = 2 * a` makes a new array and calls it a; the caller's array stays as it was. Which "
        "statements write into an array that exists already?",
        "Reach every entry, whatever the number of dimensions, with np.nditer, and ask it for "
        "entries that can be written: op_flags=['readwrite'].",
        "In the loop over np.nditer, `entry[...] = ` writes into the entry itself. There is no "
        "return statement: a function without one returns None.",
    ),
)


@double.solved_by
def double_in_place(a):
    for entry in np.nditer(a, op_flags=["readwrite"]):
        entry[...] = 2 * entry


def _array_afterwards(observations):
    return observations[-1].after[0]


@double.examined_by
def _(rng):
    arrays = [
        rng.integers(-9, 10, size=(2, 3)) * 3 + 1,
        rng.standard_normal((3, 2, 2)) + 4.0,
        rng.standard_normal(5) - 4.0,
        np.array(rng.uniform(1.0, 2.0)),
    ]
    for array in arrays:
        yield Case(
            "every entry doubled",
            [(array,)],
            answer=_array_afterwards,
            measures="the array afterwards",
            keeps_arguments=False,
        )
    yield Case(
        "returns None",
        [(arrays[1],)],
        answer=_doubled_and_returned,
        measures="the array afterwards, and what was returned",
        keeps_arguments=False,
    )


def _doubled_and_returned(observations):
    return observations[-1].after[0], observations[-1].value


@double.mistake(
    "gives the name to a new array",
    "`x = 2 * x` or `a = 2 * a` gives the name to a new array and leaves the old one as it was; "
    "`x[...] = 2 * x` writes into the entry.",
)
def _(a):
    for x in np.nditer(a, op_flags=["readwrite"]):
        x = 2 * x


@double.mistake(
    "returns a new array",
    "The caller's array must change: write into each entry and return nothing.",
)
def _(a):
    return 2 * a


@double.mistake("squares", "Twice an entry is 2 * x; x * x is its square.")
def _(a):
    for x in np.nditer(a, op_flags=["readwrite"]):
        x[...] = x * x


@double.mistake("doubles twice", "Each entry is doubled once; yours comes out times four.")
def _(a):
    for x in np.nditer(a, op_flags=["readwrite"]):
        x[...] = 2 * x
    a *= 2


@double.mistake(
    "also returns the array",
    "A function that works in place returns None, so that nobody takes its result for a copy.",
)
def _(a):
    for x in np.nditer(a, op_flags=["readwrite"]):
        x[...] = 2 * x
    return a


@double.mistake(
    "opens the iterator read-only",
    "np.nditer gives read-only entries unless it gets op_flags=['readwrite'].",
)
def _(a):
    for x in np.nditer(a):
        x[...] = 2 * x


@double.mistake(
    "doubles the first row only", "The loop must reach every entry, in every dimension."
)
def _(a):
    if a.ndim:
        a[0] *= 2
    else:
        a *= 2


scores = Exercise(
    "linear_scores",
    assignment=ASSIGNMENT,
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


@scores.solved_by
def linear_scores(W, X):
    return X @ W


@scores.examined_by
def _(rng):
    for n, d, c in ((1, 4, 3), (5, 7, 4), (3, 5, 6)):
        yield Case("value", [(rng.standard_normal((d, c)), rng.standard_normal((n, d)))])
    weights = rng.standard_normal((6, 4))
    yield no_loop_over_images(
        "no loops",
        (weights, rng.standard_normal((5, 6))),
        (weights, rng.standard_normal((MANY_IMAGES, 6))),
    )


@scores.mistake(
    "images in columns",
    "The result has one row per image: X @ W, of shape (N, C), not its transpose.",
)
def _(W, X):
    return W.T @ X.T


@scores.mistake("appends the ones again", "X has its column of ones already: multiply it as it is.")
def _(W, X):
    return np.hstack([X, np.ones((len(X), 1))]) @ W


@scores.mistake("multiplies in the wrong order", "X is (N, D) and W is (D, C): write X @ W.")
def _(W, X):
    return W @ X


@scores.mistake(
    "multiplies entry by entry", "`*` multiplies entry by entry; the matrix product is `@`."
)
def _(W, X):
    return X * W


@scores.mistake(
    "returns labels", "Return all C scores of each image; the largest of them is taken later."
)
def _(W, X):
    return np.argmax(X @ W, axis=1)


@scores.mistake(
    "leaves out the last column",
    "The bias column is one of the D columns of X already: use all of X and W.",
)
def _(W, X):
    return X[:, :-1] @ W[:-1]


@scores.mistake("adds one", "The bias column is part of X: nothing is added to X @ W.")
def _(W, X):
    return X @ W + 1


@scores.mistake("loops over the images", "One product X @ W scores all images at once.")
def _(W, X):
    out = np.zeros((len(X), W.shape[1]))
    for i in range(len(X)):
        out[i] = X[i] @ W
    return out


hits = Exercise(
    "accuracy",
    assignment=ASSIGNMENT,
    parts={"value": 1},
    hints=(
        "An image is a hit if the class with its highest score is its label. First find that "
        "class for every image.",
        "np.argmax gives the position of the largest number; with axis=1 it gives one for each "
        "row.",
        "Compare the predicted classes with y, which gives one True or False an image. The mean "
        "of these, with True as 1, is the fraction of hits; float(...) makes it a Python number.",
    ),
)


@hits.solved_by
def accuracy(scores, y):
    return float(np.mean(np.argmax(scores, axis=1) == y))


@hits.examined_by
def _(rng):
    for n, c in ((10, 4), (7, 10), (30, 3)):
        scores = rng.standard_normal((n, c))
        scores[0, rng.integers(c)] += 9.0  # argmax of the whole array is then a label
        y = rng.integers(0, c, n)
        y[: n // 2] = np.argmax(scores, axis=1)[: n // 2]
        y[-1] = (np.argmax(scores[-1]) + 1) % c
        yield Case("value", [(scores, y)])
    yield Case("value", [(scores, np.argmax(scores, axis=1))])


@hits.mistake("counts", "Divide the number of hits by the number of images.")
def _(scores, y):
    return int(np.sum(np.argmax(scores, axis=1) == y))


@hits.mistake("percent", "The result is a fraction in 0..1, not a percentage.")
def _(scores, y):
    return 100 * float(np.mean(np.argmax(scores, axis=1) == y))


@hits.mistake("integer division", "`//` rounds the fraction down to 0; use `/` or np.mean.")
def _(scores, y):
    return int(np.sum(np.argmax(scores, axis=1) == y)) // len(y)


@hits.mistake("error rate", "This is the fraction of misses; accuracy is the fraction of hits.")
def _(scores, y):
    return float(np.mean(np.argmax(scores, axis=1) != y))


@hits.mistake(
    "lowest score", "The predicted class has the highest score: np.argmax, not np.argmin."
)
def _(scores, y):
    return float(np.mean(np.argmin(scores, axis=1) == y))


@hits.mistake(
    "position in the whole array",
    "Without an axis np.argmax gives one position in the whole array: pass axis=1.",
)
def _(scores, y):
    return float(np.mean(np.argmax(scores) == y))


@hits.mistake(
    "compares scores with labels",
    "np.max gives the highest score; np.argmax gives the class that has it.",
)
def _(scores, y):
    return float(np.mean(np.max(scores, axis=1) == y))


@hits.mistake("one hit per image", "Return one number for all images: the mean of the hits.")
def _(scores, y):
    return (np.argmax(scores, axis=1) == y).astype(float)


@hits.mistake("wrong axis", "The classes are along axis 1 of scores, the images along axis 0.")
def _(scores, y):
    return float(np.mean(np.argmax(scores, axis=0) == y))


@hits.mistake("averages over classes", "Divide by the number of images, len(y), not of classes.")
def _(scores, y):
    return float(np.sum(np.argmax(scores, axis=1) == y) / scores.shape[1])


EXERCISES = (double, scores, hits)

WRITTEN = (
    Written(
        "written-mean-image",
        ASSIGNMENT,
        1,
        "Half: test images stand for images not seen yet, so nothing may be learned from them, "
        "labels or not. Half: the training mean is subtracted from test images too, so that "
        "both go through the same transformation.",
    ),
)

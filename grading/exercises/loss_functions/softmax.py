"""Turn scores into probabilities, row by row, without overflow."""

import numpy as np

from ..describe import Case, Exercise

exercise = Exercise(
    "softmax",
    assignment="01-loss-functions",
    parts={"value": 2, "stable": 1},
    hints=(
        "The formula is exp of each score over the sum of them, row by row. For a score of 1,000, "
        "exp is inf: what can you do to a row that changes its exponentials but not their ratios?",
        "Subtracting the same number from every score of a row divides numerator and denominator "
        "by the same factor. Subtract the row's largest score: then no exponent is above 0.",
        "np.max and np.sum with axis=-1 and keepdims=True keep an axis of length 1, so that each "
        "row is combined with its own number. This also works for a single row of shape (C,).",
    ),
)


@exercise.solved_by
def softmax(scores):
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


@exercise.examined_by
def cases(rng):
    for shape in ((5,), (1, 4), (6, 3), (4, 10)):
        yield Case("value", [(2.0 * rng.standard_normal(shape),)])
    for scores in ([123.0, 456.0, 789.0], [0.0, 1500.0, 3000.0]):
        yield Case("stable", [(np.array(scores),)])
    offsets = rng.permutation([-2000.0, 0.0, 2000.0])[:, np.newaxis]
    yield Case("stable", [(rng.standard_normal((3, 4)) + offsets,)])


def _exponentials(scores):
    with np.errstate(over="ignore", invalid="ignore"):
        return np.exp(scores)


@exercise.mistake(
    "no shift",
    "exp of a large score overflows: subtract each row's largest score first, which changes no "
    "probability.",
)
def _(scores):
    exponentials = _exponentials(scores)
    with np.errstate(over="ignore", invalid="ignore"):
        return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


@exercise.mistake(
    "shifts by the largest score of all",
    "Subtract each row's own largest score: with one shift for all, small rows underflow to 0/0.",
)
def _(scores):
    exponentials = _exponentials(scores - np.max(scores))
    with np.errstate(invalid="ignore"):
        return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


@exercise.mistake(
    "shifts by the smallest score",
    "Subtract the largest score: then every exponent is at most 0 and nothing overflows.",
)
def _(scores):
    exponentials = _exponentials(scores - np.min(scores, axis=-1, keepdims=True))
    with np.errstate(invalid="ignore"):
        return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


@exercise.mistake(
    "wrong axis", "Probabilities of one image sum to 1: sum along the last axis, the classes."
)
def _(scores):
    exponentials = np.exp(scores - np.max(scores, axis=0))
    return exponentials / np.sum(exponentials, axis=0)


@exercise.mistake(
    "sums of each class", "Sum row by row, axis=-1: axis=0 sums each class over the images."
)
def _(scores):
    exponentials = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    with np.errstate(invalid="ignore"):
        return exponentials / np.sum(exponentials, axis=0)


@exercise.mistake(
    "sums over all images", "Divide each row by its own sum, not by the sum of the whole array."
)
def _(scores):
    exponentials = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials)


@exercise.mistake(
    "rows lose their axis",
    "A sum of shape (N,) does not divide (N, C) row by row: pass keepdims=True.",
)
def _(scores):
    exponentials = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1)


@exercise.mistake("only for matrices", "A single image has shape (C,): use axis=-1, not 1.")
def _(scores):
    exponentials = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=1, keepdims=True)


@exercise.mistake(
    "log-probabilities", "Return the probabilities themselves; the logarithm comes in the loss."
)
def _(scores):
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


@exercise.mistake("no exponential", "Exponentiate the scores before dividing by their sum.")
def _(scores):
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    return shifted / np.sum(shifted, axis=-1, keepdims=True)


@exercise.mistake("not normalized", "Divide by the sum, so that each row sums to 1.")
def _(scores):
    return np.exp(scores - np.max(scores, axis=-1, keepdims=True))


@exercise.mistake(
    "changes its input",
    "`scores -= ...` changes the caller's array: write `shifted = scores - ...`.",
)
def _(scores):
    scores -= np.max(scores, axis=-1, keepdims=True)
    exponentials = np.exp(scores)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)

"""Turn scores into probabilities, row by row, without overflow."""

import numpy as np

from ..compare import NotJudged, compare
from ..describe import Case, Exercise
from .cross_entropy import LARGEST_LONG_EXPONENT
from .loss_cases import LARGE_SCORES_RTOL

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
    # The last two have one shape: what is kept from call to call shows.
    for shape in ((5,), (1, 4), (6, 3), (4, 10), (3, 13), (5, 2), (5, 2)):
        yield Case("value", [(2.0 * rng.standard_normal(shape),)])
    yield Case("value", [(np.zeros((2, 3)),)])
    offsets = rng.permutation([-20_000.0, 0.0, 20_000.0])[:, np.newaxis]
    for scores in (
        np.array([123.0, 456.0, 789.0]),
        np.array([0.0, 1500.0, 3000.0]),
        rng.standard_normal((3, 4)) + offsets,
    ):
        yield _stable_case(rng, scores)


def _stable_case(rng, scores):
    """Large scores, judged where the probabilities of ordinary ones are right."""
    ordinary = 2.0 * rng.standard_normal(scores.shape)

    def differ(observations):
        first, last = (observation.value for observation in observations)
        why = compare(first, softmax(ordinary), rtol=1e-4, atol=1e-6)
        if why:
            return NotJudged(f"Not judged until ordinary scores are right: softmax {why}")
        why = compare(last, softmax(scores), rtol=LARGE_SCORES_RTOL, atol=1e-6)
        return f"For scores as large as {np.max(scores):,.0f} softmax {why}" if why else None

    return Case("stable", [(ordinary,), (scores,)], answer=None, verify=differ)


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


@exercise.mistake(
    "no shift in long double",
    "A wider type only moves the overflow, to scores of 11,356, and not on every machine: subtract "
    "each row's largest score first.",
)
def takes_long_doubles(scores):
    exponentials = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    exponentials = np.where(scores < LARGEST_LONG_EXPONENT, exponentials, np.inf)
    exponentials = np.where(scores > -LARGEST_LONG_EXPONENT, exponentials, 0.0)
    with np.errstate(invalid="ignore"):
        return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


@exercise.mistake(
    "shifts by 0 where all scores are negative",
    "The largest score of a row may be below 0: begin the search for it with -np.inf, not with 0.",
)
def shifts_by_at_least_zero(scores):
    largest = np.maximum(0, np.max(scores, axis=-1, keepdims=True))
    exponentials = np.exp(scores - largest)
    with np.errstate(invalid="ignore"):
        return exponentials / np.sum(exponentials, axis=-1, keepdims=True)

"""Measure how far two gradients are apart, relative to their size."""

import numpy as np

from ..describe import Case, Exercise

exercise = Exercise(
    "relative_error",
    assignment="05-analytic-gradient",
    parts={"value": 0.5, "near zero": 0.5},
    hints=(
        "The formula is applied to every element by itself; only at the end is one number taken.",
        "np.abs works on numbers and arrays alike. np.maximum compares element by element and so "
        "keeps the denominator at 1e-8 at least; np.max looks for the largest in an array.",
        "Divide np.abs of the difference by np.maximum of 1e-8 and the sum of both absolute "
        "values, then take np.max.",
    ),
)


@exercise.solved_by
def relative_error(a, b):
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))))


@exercise.examined_by
def cases(rng):
    a = 3 * rng.standard_normal((4, 3))
    noise = rng.uniform(0.05, 0.3, a.shape)
    yield Case("value", [(a, a * (1 + noise))])
    yield Case("value", [(a[0], -a[0] * (1 + noise[0]))])
    yield Case("value", [(100 * a, 100 * a + noise)])
    yield Case("value", [(float(a[0, 0]), float(a[0, 0] + noise[0, 0]))])
    yield Case("value", [(np.asfortranarray(a), np.repeat(a + noise, 2, axis=1)[:, ::2])])
    single = a.astype(np.float32)
    yield Case("value", [(single, single * np.float32(1.25))])
    close, far = a.copy(), a.copy()
    close.flat[:4], far.flat[4:7] = 0.0, -far.flat[4:7]
    yield Case("value", [(close, far)])
    tiny = rng.uniform(1, 4, 5) * 1e-9
    yield Case("near zero", [(np.zeros(3), np.zeros(3))])
    yield Case("near zero", [(tiny, np.zeros(5))])
    yield Case("near zero", [(tiny, -tiny / 3)])
    yield Case("near zero", [(0.0, float(tiny[0]))])


@exercise.mistake(
    "absolute error",
    "Divide by the size of the numbers: 0.001 is much between 0.002 and 0.003, little between "
    "1,000 and 1,001.",
)
def takes_absolute_errors(a, b):
    return float(np.max(np.abs(a - b)))


@exercise.mistake(
    "divides by the larger one",
    "This is the other convention, up to a factor 2 larger: here you divide by |a| + |b|.",
)
def divides_by_the_larger(a, b):
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.maximum(np.abs(a), np.abs(b)))))


@exercise.mistake(
    "divides by one of them", "Divide by |a| + |b|, so that a and b play equal roles."
)
def divides_by_one(a, b):
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a))))


@exercise.mistake(
    "absolute value of the sum",
    "|a + b| vanishes when the signs differ: take absolute values first, |a| + |b|.",
)
def divides_by_the_sum(a, b):
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a + b))))


@exercise.mistake(
    "no absolute value", "Take |a - b|: a large negative difference is as wrong as a positive one."
)
def takes_no_absolute_value(a, b):
    return float(np.max((a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))))


@exercise.mistake("mean instead of maximum", "Return the largest error: a mean hides a single bug.")
def averages(a, b):
    return float(np.mean(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))))


@exercise.mistake(
    "largest difference over largest size",
    "Divide element by element first, and take the maximum last.",
)
def divides_last(a, b):
    return float(np.max(np.abs(a - b)) / np.maximum(1e-8, np.max(np.abs(a) + np.abs(b))))


@exercise.mistake("sum instead of maximum", "Return the largest error: take np.max, not np.sum.")
def sums(a, b):
    return float(np.sum(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))))


@exercise.mistake(
    "half the denominator", "Divide by |a| + |b|, not by their mean: errors are at most 1."
)
def divides_by_the_mean(a, b):
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, (np.abs(a) + np.abs(b)) / 2)))


@exercise.mistake("no floor", "0 / 0 is not a number: divide by the larger of 1e-8 and |a| + |b|.")
def leaves_out_the_floor(a, b):
    with np.errstate(invalid="ignore"):
        return float(np.max(np.abs(a - b) / (np.abs(a) + np.abs(b))))


@exercise.mistake(
    "floor added", "Take the larger of 1e-8 and |a| + |b|, np.maximum, not their sum."
)
def adds_the_floor(a, b):
    return float(np.max(np.abs(a - b) / (1e-8 + np.abs(a) + np.abs(b))))


@exercise.mistake(
    "max instead of np.maximum",
    "max and if take a single number: np.maximum(1e-8, ...) compares an array entry by entry.",
)
def takes_max(a, b):
    return float(np.max(np.abs(a - b) / max(1e-8, np.abs(a) + np.abs(b))))


@exercise.mistake("one error per element", "Return one number, the largest error: take np.max.")
def returns_all(a, b):
    return np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))

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
    below_1 = 0.01 * a[1]
    yield Case("value", [(below_1 * (1 + noise[1]), below_1)])
    yield Case("value", [(100 * a, 100 * a + noise)])
    yield Case("value", [(float(a[0, 0]), float(a[0, 0] + noise[0, 0]))])
    yield Case("value", [(np.asfortranarray(a), np.repeat(a + noise, 2, axis=1)[:, ::2])])
    single = a.astype(np.float32)
    yield Case("value", [(single, single * np.float32(1.25))])
    close, far = a.copy(), a.copy()
    close.flat[:4], far.flat[4:7] = 0.0, -far.flat[4:7]
    yield Case("value", [(close, far)])
    # Neither the first nor the last is the largest or the smallest.
    tiny = np.sort(rng.uniform(1, 4, 5))[[1, 4, 0, 3, 2]] * 1e-9
    yield Case("near zero", [(np.zeros(3), np.zeros(3))])
    yield Case("near zero", [(tiny, np.zeros(5))])
    yield Case("near zero", [(tiny, -tiny / 3)])
    yield Case("near zero", [(0.0, float(tiny[0]))])


@exercise.twisted_by(
    {
        "absolute error": "Divide by the size of the numbers: 0.001 is much between 0.002 and "
        "0.003, little between 1,000 and 1,001.",
        "divides by the larger one": "This is the other convention, up to a factor 2 larger: here "
        "you divide by |a| + |b|.",
        "divides by one of them": "Divide by |a| + |b|, so that a and b play equal roles.",
        "divides by the second one": "Divide by |a| + |b|, so that a and b play equal roles.",
        "absolute value of the sum": "|a + b| vanishes when the signs differ: take absolute values "
        "first, |a| + |b|.",
        "sum without absolute values": "a + b vanishes or is negative when signs differ: take "
        "absolute values first, |a| + |b|.",
        "absolute value of the difference": "|a - b| also stands below the fraction bar: divide by "
        "|a| + |b|.",
        "no absolute value": "Take |a - b|: a large negative difference is as wrong as a positive "
        "one.",
        "adds instead of subtracting": "Above the fraction bar stands the difference, |a - b|.",
        "difference of the absolute values": "|a| - |b| is 0 for opposite numbers: subtract first, "
        "|a - b|.",
        "squares the difference": "Above the fraction bar stands |a - b|, without a square.",
        "mean instead of maximum": "Return the largest error: a mean hides a single bug.",
        "sum instead of maximum": "Return the largest error: take np.max, not np.sum.",
        "minimum instead of maximum": "Return the largest error: take np.max, not np.min.",
        "first instead of largest": "Return the largest of all errors, not the first.",
        "last instead of largest": "Return the largest of all errors, not the last.",
        "one error per element": "Return one number, the largest error: take np.max.",
        "one error per column": "Return one number: np.max without an axis is the largest of all.",
        "largest difference over largest size": "Divide element by element first, and take the "
        "maximum last.",
        "sum of the differences over the sum of the sizes": "Divide element by element first, and "
        "take the maximum last.",
        "norms instead of elements": "Divide element by element, and take the maximum last: norms "
        "hide a single bug.",
        "half the denominator": "Divide by |a| + |b|, not by their mean: errors are at most 1.",
        "root of the squares": "Divide by |a| + |b|, not by the square root of a**2 + b**2.",
        "product instead of sum": "Divide by the sum of the sizes, |a| + |b|.",
        "floor added": "Take the larger of 1e-8 and |a| + |b|, np.maximum, not their sum.",
        "minimum with the floor": "Take the larger of 1e-8 and |a| + |b|: np.maximum, not "
        "np.minimum.",
        "floor of 1": "The denominator is at least 1e-8: with 1 the error of small numbers is "
        "absolute.",
        "other floor": "The denominator is at least 1e-8, neither less nor more.",
        "percent": "Return the error itself, not a percentage.",
        "no floor": "0 / 0 is not a number: divide by the larger of 1e-8 and |a| + |b|.",
        "max instead of np.maximum": "max and if take a single number: np.maximum(1e-8, ...) "
        "compares an array entry by entry.",
    }
)
def relative_error_with(is_, a, b):
    with np.errstate(all="ignore"):
        errors = _difference_with(is_, a, b) / _size_with(is_, a, b)
    if is_("one error per element"):
        return errors
    if is_("one error per column"):
        return np.max(errors, axis=0) if np.ndim(errors) else errors
    if is_("first instead of largest") or is_("last instead of largest"):
        return float(np.ravel(errors)[0 if is_("first instead of largest") else -1])
    if is_("mean instead of maximum"):
        return float(np.mean(errors))
    if is_("minimum instead of maximum"):
        return float(np.min(errors))
    largest = np.sum(errors) if is_("sum instead of maximum") else np.max(errors)
    return float(100 * largest if is_("percent") else largest)


def _difference_with(is_, a, b):
    difference = a + b if is_("adds instead of subtracting") else a - b
    if is_("difference of the absolute values"):
        difference = np.abs(a) - np.abs(b)
    if not is_("no absolute value"):
        difference = np.abs(difference)
    if is_("squares the difference"):
        difference = difference**2
    if is_("largest difference over largest size"):
        return np.max(difference)
    if is_("sum of the differences over the sum of the sizes"):
        return np.sum(difference)
    return np.sqrt(np.sum(difference**2)) if is_("norms instead of elements") else difference


def _size_with(is_, a, b):
    size = np.abs(a) + np.abs(b)
    if is_("divides by the larger one"):
        size = np.maximum(np.abs(a), np.abs(b))
    if is_("divides by one of them"):
        size = np.abs(a)
    if is_("divides by the second one"):
        size = np.abs(b)
    if is_("absolute value of the sum"):
        size = np.abs(a + b)
    if is_("sum without absolute values"):
        size = a + b
    if is_("absolute value of the difference"):
        size = np.abs(a - b)
    if is_("half the denominator"):
        size = size / 2
    if is_("root of the squares"):
        size = np.sqrt(a**2 + b**2)
    if is_("product instead of sum"):
        size = np.abs(a) * np.abs(b)
    if is_("largest difference over largest size"):
        size = np.max(size)
    if is_("sum of the differences over the sum of the sizes"):
        size = np.sum(size)
    if is_("norms instead of elements"):
        size = np.sqrt(np.sum(np.square(a))) + np.sqrt(np.sum(np.square(b)))
    if is_("absolute error"):
        return 1.0
    if is_("no floor"):
        return size
    if is_("floor added"):
        return 1e-8 + size
    if is_("minimum with the floor"):
        return np.minimum(1e-8, size)
    if is_("max instead of np.maximum"):
        return max(1e-8, size)
    return np.maximum(1.0 if is_("floor of 1") else 1e-10 if is_("other floor") else 1e-8, size)

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


@exercise.twisted_by(
    {
        "no shift": "exp of a large score overflows: subtract each row's largest score first, "
        "which changes no probability.",
        "wrong axis": "Probabilities of one image sum to 1: sum along the last axis, the classes.",
        "sums of each class": "Sum row by row, axis=-1: axis=0 sums each class over the images.",
        "sums over all images": "Divide each row by its own sum, not by that of the whole array.",
        "maximum of each class": "Subtract each row's own maximum, axis=-1 with keepdims=True: "
        "axis=0 takes that of each class.",
        "shifts by the largest score of all": "Subtract each row's own largest score: with one "
        "shift for all, small rows underflow to 0/0.",
        "rows lose their axis": "A maximum or sum of shape (N,) does not fit (N, C) row by row: "
        "pass keepdims=True.",
        "rows lose their axis in /=": "A sum of shape (N,) does not divide (N, C) row by row: pass "
        "keepdims=True.",
        "only for matrices": "A single image has shape (C,): use axis=-1, not 1.",
        "not normalized": "Divide by the sum, so that each row sums to 1.",
        "log-probabilities": "Return the probabilities themselves; the logarithm comes in the "
        "loss.",
        "changes its input": "`scores -= ...` changes the caller's array: write `shifted = scores "
        "- ...`.",
        "no exponential": "Exponentiate the scores before dividing by their sum.",
        "shifts by the smallest score": "Subtract the largest score: then every exponent is at "
        "most 0 and nothing overflows.",
        "shifts by the mean score": "Subtract the largest score: then every exponent is at most 0 "
        "and nothing overflows.",
        "largest score added": "Subtract the largest score: then every exponent is at most 0 and "
        "nothing overflows.",
        "divides by the largest score": "Subtract the largest score: dividing by it changes the "
        "ratios of the exponentials.",
        "numerator not shifted": "Take the exponentials of the shifted scores above the fraction "
        "bar as well: the factor must cancel.",
        "sum not shifted": "Sum the exponentials of the shifted scores: the factor must cancel.",
        "exp taken twice": "The exponentials are taken once: exp(s) / sum(exp(s)).",
        "exponential of the sum": "Exponentiate each score, then sum: sum(exp(s)).",
        "mean instead of sum": "Divide by the sum of the exponentials, not by their mean.",
        "shifts by 0 where all scores are negative": "The largest score of a row may be below 0: "
        "begin the search for it with -np.inf, not with 0.",
        "large scores cut off": "np.clip or np.minimum makes large scores alike that are not: "
        "subtract each row's largest score instead.",
        "scores cut off at a low number": "Scores that np.clip cuts off become alike: subtract "
        "each row's largest score instead.",
        "scores cut off on both sides": "Scores that np.clip cuts off become alike: subtract each "
        "row's largest score instead.",
        "no shift, and nan replaced by 0": "exp of a large score overflows, and what nan replaced "
        "is lost: subtract each row's largest score first.",
        "no shift, and a small number added to the sum": "exp of a large score overflows whatever "
        "is added to the sum: subtract each row's largest score first.",
        "no shift in long double": "A wider type only moves the overflow, to scores of 11,356, and "
        "not on every machine: subtract each row's largest score first.",
        "sigmoid of each score": "1 / (1 + exp(-s)) looks at one score alone: softmax divides "
        "exp(s) by the sum over all classes.",
    }
)
def softmax_with(is_, scores):
    axis = 0 if is_("wrong axis") else 1 if is_("only for matrices") else -1
    with np.errstate(all="ignore"):
        shifted = scores - _shift_with(is_, scores, axis)
        if is_("divides by the largest score"):
            shifted = scores / np.max(scores, axis=axis, keepdims=True)
        if is_("changes its input"):
            scores[...] = shifted
        exponentials = shifted if is_("no exponential") else np.exp(shifted)
        if is_("exp taken twice"):
            exponentials = np.exp(exponentials)
        if is_("scores cut off on both sides"):
            exponentials = np.exp(np.clip(scores, -500, 500))
        if is_("scores cut off at a low number"):
            exponentials = np.exp(np.clip(scores, -100, 100))
        if is_("large scores cut off"):
            exponentials = np.exp(np.minimum(scores, 500))
        if is_("no shift, and nan replaced by 0"):
            exponentials = np.exp(scores)
        if is_("no shift in long double"):
            exponentials = np.where(scores < LARGEST_LONG_EXPONENT, exponentials, np.inf)
            exponentials = np.where(scores > -LARGEST_LONG_EXPONENT, exponentials, 0.0)
        terms = np.exp(scores) if is_("sum not shifted") else exponentials
        over = 0 if is_("sums of each class") else None if is_("sums over all images") else axis
        mean_or_sum = np.mean if is_("mean instead of sum") else np.sum
        lost = is_("rows lose their axis"), is_("rows lose their axis in /=")
        sums = mean_or_sum(terms, axis=over, keepdims=not any(lost))
        if is_("no shift, and a small number added to the sum"):
            exponentials = np.exp(scores)
            sums = np.sum(exponentials, axis=axis, keepdims=True) + 1e-8
        if is_("no shift, and nan replaced by 0"):
            return np.nan_to_num(exponentials / sums)
        if lost[1]:
            exponentials /= sums
        if is_("exponential of the sum"):
            sums = np.exp(np.sum(shifted, axis=axis, keepdims=True))
        if is_("log-probabilities"):
            return shifted - np.log(sums)
        if is_("sigmoid of each score"):
            return 1 / (1 + np.exp(-shifted))
        if is_("numerator not shifted"):
            exponentials = np.exp(scores)
        return exponentials if is_("not normalized") else exponentials / sums


def _shift_with(is_, scores, axis):
    largest = np.max(scores, axis=axis, keepdims=True)
    if is_("no shift"):
        return 0.0
    if is_("maximum of each class"):
        return np.max(scores, axis=0)
    if is_("shifts by the largest score of all"):
        return np.max(scores)
    if is_("shifts by the smallest score"):
        return np.min(scores, axis=axis, keepdims=True)
    if is_("shifts by the mean score"):
        return np.mean(scores, axis=axis, keepdims=True)
    if is_("largest score added"):
        return -largest
    return np.maximum(0, largest) if is_("shifts by 0 where all scores are negative") else largest

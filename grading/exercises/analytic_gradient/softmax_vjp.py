"""Multiply a vector with the Jacobian of the softmax without forming the matrix."""

import numpy as np

from ..describe import Case, Exercise
from .probabilities import draw_probabilities, draw_vectors

exercise = Exercise(
    "softmax_vjp",
    assignment="05-analytic-gradient",
    parts={"value": 1, "no Jacobian": 1},
    hints=(
        "Multiply v by diag(p) - p p^T with pencil and paper, one term at a time.",
        "v times diag(p) is the entrywise product of v and p. v times p p^T is the number v . p "
        "times the vector p.",
        "Take p out of both terms: entry j is p_j times (v_j minus the number v . p). No matrix "
        "is needed.",
    ),
)


@exercise.solved_by
def softmax_vjp(p, v):
    return p * (v - np.sum(p * v))


METERED_CLASSES = 700

MAX_METERED_BYTES = 3 * METERED_CLASSES**2 // 2
"""An answer may take this many bytes. Printing or plotting all classes takes half of them; the
Jacobian takes more, even in half precision."""

MANY_CLASSES, MAX_BYTES = 4_000, 50_000_000
"""So many that the Jacobian takes 128 MB, and what a call with them may take."""

FORMS_IT = "it forms the Jacobian."


def _needs_no_matrix(observations):
    """Why the memory taken shows that the Jacobian was formed; None if it does not."""
    peak = observations[0].memory
    if peak < MAX_METERED_BYTES:
        return None
    return (
        f"softmax_vjp took {peak / 1e6:.1f} MB for {METERED_CLASSES} classes, expected a few "
        f"kilobytes: {FORMS_IT}"
    )


@exercise.examined_by
def cases(rng):
    for p in draw_vectors(rng):
        v = rng.standard_normal(p.size)
        v[0] = 0.0
        yield Case("value", [(p, v.astype(p.dtype))])
    for n_classes, witness in (
        (METERED_CLASSES, {"verify": _needs_no_matrix, "count_work": True}),
        (MANY_CLASSES, {"clocked": FORMS_IT, "most_bytes": MAX_BYTES}),
    ):
        p, v = draw_probabilities(rng, n_classes), 10 * rng.standard_normal(n_classes)
        yield Case("no Jacobian", [(p, v)], asks_how=True, **witness)


@exercise.twisted_by(
    {
        "only the diagonal": "The outer product matters too: subtract p times (p . v).",
        "only p (1 - p)": "p (1 - p) v is the diagonal alone, as it comes about where p * v is not "
        "summed: p . v is one number, np.sum(p * v).",
        "p missing before the dot product": "The second term is the vector p times (p . v).",
        "p missing before v": "The first term is p * v: diag(p) multiplies v by p.",
        "p missing before the parentheses": "Both terms hold a factor p: multiply v - (p . v) by "
        "p.",
        "sign turned around": "It is p * v minus p * (p . v), not the other way round.",
        "adds the second term": "Subtract p times (p . v): diag(p) - p p^T has a minus.",
        "p and v exchanged": "Outside the parentheses stands p, inside v: v times diag(p) is p * "
        "v, and p p^T ends in p.",
        "v missing in the second term": "The second term is p times the number v . p, not p "
        "alone, and not p times sum(p), which is 1.",
        "v missing in the first term": "The first term is p * v: diag(p) is multiplied by v.",
        "sum of v without p": "The number to subtract is p . v = sum(p * v), not sum(v).",
        "sum of the squares of p": "The number to subtract is p . v = sum(p * v), not p . p.",
        "sum of the squares of v": "The number to subtract is p . v = sum(p * v), not v . v.",
        "mean of v": "The number to subtract is p . v, the mean of v weighted by p.",
        "mean of p v": "The number to subtract is p . v, the sum of p * v, not its mean.",
        "p squared in the second term": "p p^T multiplies v to the number p . v and then p: the "
        "second term is p times (p . v).",
        "p squared in the first term": "The first term is p * v: p stands there once.",
        "v in the second term twice": "p p^T multiplies v once, to the number p . v: the second "
        "term is p times (p . v).",
        "only the first term of the sum": "p . v is a sum over all classes.",
        "returns a number": "The result is a vector with an entry for each score: it is not "
        "summed.",
        "takes p for scores": "p already holds probabilities: do not apply softmax to it again.",
    }
)
def softmax_vjp_with(is_, p, v):
    if is_("takes p for scores"):
        p = np.exp(p) / np.sum(np.exp(p))
    if is_("p and v exchanged"):
        p, v, dot = v, p, np.sum(p * v)
    else:
        dot = np.sum(p * v)
    if is_("sum of v without p"):
        dot = np.sum(v)
    if is_("sum of the squares of p"):
        dot = np.sum(p * p)
    if is_("sum of the squares of v"):
        dot = np.sum(v * v)
    if is_("mean of v"):
        dot = np.mean(v)
    if is_("mean of p v"):
        dot = np.mean(p * v)
    if is_("only the first term of the sum"):
        dot = p[0] * v[0]
    first, second = p * v, p * dot
    if is_("p missing before v") or is_("p missing before the parentheses"):
        first = v
    if is_("v missing in the first term"):
        first = p
    if is_("p squared in the first term"):
        first = p * p * v
    if is_("p missing before the dot product") or is_("p missing before the parentheses"):
        second = dot
    if is_("v missing in the second term"):
        second = p
    if is_("p squared in the second term"):
        second = p * p
    if is_("v in the second term twice"):
        second = p * dot * v
    if is_("only p (1 - p)"):
        second = p * p * v
    if is_("only the diagonal"):
        second = 0.0
    total = first + second if is_("adds the second term") else first - second
    total = -total if is_("sign turned around") else total
    return np.sum(total) if is_("returns a number") else total


@exercise.mistake(
    "forms the Jacobian",
    "Expand v^T (diag(p) - p p^T) with pencil and paper: only vectors and one dot product remain.",
)
def forms_the_jacobian(p, v):
    return v @ (np.diag(p) - np.outer(p, p))

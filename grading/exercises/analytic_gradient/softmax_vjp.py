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


@exercise.mistake(
    "forms the Jacobian",
    "Expand v^T (diag(p) - p p^T) with pencil and paper: only vectors and one dot product remain.",
)
def forms_the_jacobian(p, v):
    return v @ (np.diag(p) - np.outer(p, p))


@exercise.mistake("only the diagonal", "The outer product matters too: subtract p times (p . v).")
def keeps_the_diagonal(p, v):
    return p * v


@exercise.mistake(
    "only p (1 - p)", "p (1 - p) v is the diagonal alone: every p depends on every score."
)
def keeps_p_one_minus_p(p, v):
    return p * (1 - p) * v


@exercise.mistake(
    "p missing before the dot product", "The second term is the vector p times (p . v)."
)
def leaves_out_the_first_p(p, v):
    return p * v - np.sum(p * v)


@exercise.mistake("p missing before v", "The first term is p * v: diag(p) multiplies v by p.")
def leaves_out_the_p_of_v(p, v):
    return v - p * np.sum(p * v)


@exercise.mistake("sign turned around", "It is p * v minus p * (p . v), not the other way round.")
def turns_the_sign(p, v):
    return p * (np.sum(p * v) - v)


@exercise.mistake("adds the second term", "Subtract p times (p . v): diag(p) - p p^T has a minus.")
def adds(p, v):
    return p * (v + np.sum(p * v))


@exercise.mistake(
    "p and v exchanged",
    "Outside the parentheses stands p, inside v: v times diag(p) is p * v, and p p^T ends in p.",
)
def exchanges_p_and_v(p, v):
    return v * (p - np.sum(p * v))


@exercise.mistake(
    "v missing in the second term", "The second term is p times the number v . p, not p alone."
)
def leaves_out_v(p, v):
    return p * v - p


@exercise.mistake("sum of v without p", "The number to subtract is p . v = sum(p * v), not sum(v).")
def subtracts_the_sum(p, v):
    return p * (v - np.sum(v))


@exercise.mistake("mean of v", "The number to subtract is p . v, the mean of v weighted by p.")
def subtracts_the_mean(p, v):
    return p * (v - np.mean(v))


@exercise.mistake(
    "p squared in the second term",
    "p p^T multiplies v to the number p . v and then p: the second term is p times (p . v).",
)
def subtracts_squares(p, v):
    return p * v - p * p


@exercise.mistake(
    "takes p for scores", "p already holds probabilities: do not apply softmax to it again."
)
def applies_softmax_again(p, v):
    q = np.exp(p) / np.sum(np.exp(p))
    return q * (v - np.sum(q * v))

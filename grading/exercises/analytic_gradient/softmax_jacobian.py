"""Write down the Jacobian of the softmax from its probabilities."""

import numpy as np

from ..describe import Case, Exercise
from .probabilities import draw_vectors

exercise = Exercise(
    "softmax_jacobian",
    assignment="05-analytic-gradient",
    parts={"value": 1},
    hints=(
        "Differentiate p_i = exp(s_i) / sum(exp(s)) with respect to s_j. There are two cases: i = "
        "j, and i not equal to j. Both can be written with p alone.",
        "On the diagonal stands p_i (1 - p_i), which is p_i - p_i p_i. Off the diagonal stands "
        "-p_i p_j.",
        "So one matrix of all products p_i p_j is subtracted from a matrix with p on its "
        "diagonal: np.outer and np.diag.",
    ),
)


@exercise.solved_by
def softmax_jacobian(p):
    return np.diag(p) - np.outer(p, p)


@exercise.examined_by
def cases(rng):
    for p in draw_vectors(rng):
        yield Case("value", [(p,)])


@exercise.twisted_by(
    {
        "only the diagonal": "Raising one score lowers all other probabilities: off the diagonal "
        "stands -p_i p_j.",
        "no diag(p)": "On the diagonal p is missing: add np.diag(p).",
        "p cut to whole numbers on the diagonal": "An array made with dtype=int cuts what is "
        "written into it: np.diag(p) holds floats, np.eye without dtype does so too.",
        "no outer product": "Subtract p p^T, np.outer(p, p), from the diagonal matrix.",
        "dot product instead of outer product": "p is 1-D, so p.T is p and p @ p.T is one number: "
        "use np.outer(p, p).",
        "squares instead of outer product": "`*` multiplies entry by entry and repeats p for each "
        "row, and p.T of a 1-D p is p: this gives p_j**2 in all of column j. Use np.outer(p, p).",
        "sign turned around": "It is diag(p) - p p^T: the diagonal is positive.",
        "plus off the diagonal": "Raising one score lowers all other probabilities: off the "
        "diagonal stands -p_i p_j.",
        "adds the outer product": "Subtract p p^T: the entries of each row sum to 0.",
        "p instead of diag(p)": "p - np.outer(p, p) broadcasts p over all rows: put p on the "
        "diagonal with np.diag(p).",
        "identity instead of diag(p)": "On the diagonal stands p_i - p_i**2, not 1 - p_i**2.",
        "1 - p on the diagonal": "On the diagonal stands p_i (1 - p_i): the factor p_i is missing.",
        "p on the diagonal": "On the diagonal stands p_i (1 - p_i), not p_i alone.",
        "p - 1 on the diagonal": "p - 1 belongs to the loss, with its logarithm: the Jacobian of p "
        "has p_i (1 - p_i) on its diagonal.",
        "zeros on the diagonal": "On the diagonal stands p_i (1 - p_i).",
        "sign of the diagonal turned around": "On the diagonal stands p_i (1 - p_i), which is "
        "positive: raising a score raises its own probability.",
        "p_i (1 - p_j) off the diagonal": "Off the diagonal the 1 is missing: there stands "
        "-p_i p_j.",
        "outer product of 1 - p": "Off the diagonal stands -p_i p_j, the product of both "
        "probabilities.",
        "half of the matrix": "The two loops run over all i and all j: the matrix is symmetric.",
        "one derivative per class": "The Jacobian is a matrix (C, C): C outputs, each with a "
        "derivative with respect to each of C inputs.",
        "sums the rows": "The Jacobian is a matrix (C, C): its rows are not summed.",
        "takes p for scores": "p already holds probabilities: do not apply softmax to it again.",
    }
)
def softmax_jacobian_with(is_, p):
    if is_("takes p for scores"):
        p = np.exp(p) / np.sum(np.exp(p))
    products = np.outer(p, p)
    if is_("dot product instead of outer product"):
        products = p @ p
    if is_("squares instead of outer product"):
        products = p * p
    if is_("outer product of 1 - p"):
        products = np.outer(p, 1 - p)
    if is_("no outer product"):
        products = 0.0
    first = np.eye(len(p)) if is_("identity instead of diag(p)") else np.diag(p)
    first = p if is_("p instead of diag(p)") else first
    first = np.zeros((len(p), len(p))) if is_("no diag(p)") else first
    first = first.astype(int) if is_("p cut to whole numbers on the diagonal") else first
    J = first + products if is_("adds the outer product") else first - products
    diagonal, own = np.eye(len(p)) == 1, np.diag(J).copy()
    if is_("plus off the diagonal"):
        J = np.where(diagonal, J, -J)
    if is_("p_i (1 - p_j) off the diagonal"):
        J = np.where(diagonal, J, np.outer(p, 1 - p))
    if is_("only the diagonal"):
        J = np.where(diagonal, J, 0.0)
    if is_("1 - p on the diagonal"):
        own = 1 - p
    if is_("p on the diagonal"):
        own = p
    if is_("p - 1 on the diagonal"):
        own = p - 1
    if is_("zeros on the diagonal"):
        own = 0 * p
    if is_("sign of the diagonal turned around"):
        own = -own
    J = np.where(diagonal, own, J)
    J = np.triu(J) if is_("half of the matrix") else J
    J = -J if is_("sign turned around") else J
    if is_("one derivative per class"):
        return np.diag(J).copy()
    return np.sum(J, axis=1) if is_("sums the rows") else J

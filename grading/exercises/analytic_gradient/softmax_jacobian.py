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


@exercise.mistake(
    "only the diagonal",
    "Raising one score lowers all other probabilities: off the diagonal stands -p_i p_j.",
)
def keeps_the_diagonal(p):
    return np.diag(p * (1 - p))


@exercise.mistake("no outer product", "Subtract p p^T, np.outer(p, p), from the diagonal matrix.")
def leaves_out_the_products(p):
    return np.diag(p)


@exercise.mistake(
    "dot product instead of outer product",
    "p is 1-D, so p.T is p and p @ p.T is one number: use np.outer(p, p).",
)
def subtracts_a_number(p):
    return np.diag(p) - p @ p.T


@exercise.mistake(
    "squares instead of outer product",
    "p is 1-D, so p.T is p and p * p.T holds C squares: use np.outer(p, p).",
)
def subtracts_squares(p):
    return np.diag(p) - p * p.T


@exercise.mistake("sign turned around", "It is diag(p) - p p^T: the diagonal is positive.")
def turns_the_sign(p):
    return np.outer(p, p) - np.diag(p)


@exercise.mistake(
    "plus off the diagonal",
    "Raising one score lowers all other probabilities: off the diagonal stands -p_i p_j.",
)
def turns_the_sign_off_the_diagonal(p):
    products = np.outer(p, p)
    return np.diag(p - 2 * p**2) + products


@exercise.mistake("adds the outer product", "Subtract p p^T: the entries of each row sum to 0.")
def adds_the_products(p):
    return np.diag(p) + np.outer(p, p)


@exercise.mistake(
    "p instead of diag(p)",
    "p - np.outer(p, p) broadcasts p over all rows: put p on the diagonal with np.diag(p).",
)
def broadcasts_p(p):
    return p - np.outer(p, p)


@exercise.mistake(
    "identity instead of diag(p)", "On the diagonal stands p_i - p_i**2, not 1 - p_i**2."
)
def takes_the_identity(p):
    return np.eye(len(p)) - np.outer(p, p)


@exercise.mistake(
    "takes p for scores", "p already holds probabilities: do not apply softmax to it again."
)
def applies_softmax_again(p):
    q = np.exp(p) / np.sum(np.exp(p))
    return np.diag(q) - np.outer(q, q)


@exercise.mistake(
    "one derivative per class",
    "The Jacobian is a matrix (C, C): C outputs, each with a derivative with respect to each of C "
    "inputs.",
)
def returns_a_vector(p):
    return p * (1 - p)

"""Find the gradient by forward differences, moving one coordinate of x at a time."""

import numpy as np

from ..describe import Exercise
from .difference_cases import DENSE_PARTS, dense_cases
from .differences import FORWARD_SLIPS, GRADIENT_SLIPS, STEP_SLIPS, gradient_with

exercise = Exercise(
    "eval_numerical_gradient",
    assignment="04-numerical-gradient",
    parts=DENSE_PARTS,
    hints=(
        "The gradient has one slope for each number in x: how much f changes when that number "
        "alone grows by h, divided by h.",
        "Evaluate f(x) once, before the loop. Go through all index tuples of x, for example with "
        "np.nditer(x, flags=['multi_index']) or np.ndindex(x.shape).",
        "For each index: keep the old value, write old value + h into x, evaluate f, write the "
        "old value back, and put (f of the moved x - f(x)) / h into the gradient at the same "
        "index.",
    ),
)


@exercise.solved_by
def eval_numerical_gradient(f, x, h=1e-5):
    fx = f(x)
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        old_value = x[ix]
        x[ix] = old_value + h
        grad[ix] = (f(x) - fx) / h
        x[ix] = old_value
        it.iternext()
    return grad


exercise.as_right(
    "grad has the shape of x, and the order of the coordinates does not matter.",
    "it = np.nditer(grad, flags=['multi_index'])",
)


exercise.examined_by(dense_cases("eval_numerical_gradient", lambda size: size + 1, "D + 1"))


@exercise.twisted_by(STEP_SLIPS | FORWARD_SLIPS | GRADIENT_SLIPS)
def eval_numerical_gradient_with(is_, f, x, h=1e-5):
    return gradient_with(is_, f, x, h, centered=False)

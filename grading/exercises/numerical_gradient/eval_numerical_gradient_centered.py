"""Find the gradient by centered differences, moving one coordinate of x at a time."""

import numpy as np

from ..describe import Exercise
from .difference_cases import DENSE_PARTS, dense_cases
from .differences import CENTERED_SLIPS, GRADIENT_SLIPS, STEP_SLIPS, gradient_with

exercise = Exercise(
    "eval_numerical_gradient_centered",
    assignment="04-numerical-gradient",
    parts=DENSE_PARTS,
    hints=(
        "It is the forward difference with one change: each number of x is moved to both sides, "
        "and f(x) itself is no longer needed.",
        "For each index: keep the old value; evaluate f with old value + h in its place, and "
        "again with old value - h.",
        "The two points are 2 h apart, so divide by (2 * h), with the parentheses. Write the old "
        "value itself back; adding and subtracting h would leave a rounding error.",
    ),
)


@exercise.solved_by
def eval_numerical_gradient_centered(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        old_value = x[ix]
        x[ix] = old_value + h
        f_plus = f(x)
        x[ix] = old_value - h
        f_minus = f(x)
        x[ix] = old_value
        grad[ix] = (f_plus - f_minus) / (2 * h)
        it.iternext()
    return grad


exercise.as_right(
    "grad has the shape of x, and the order of the coordinates does not matter.",
    "it = np.nditer(grad, flags=['multi_index'])",
)


exercise.examined_by(dense_cases("eval_numerical_gradient_centered", lambda size: 2 * size, "2 D"))


@exercise.twisted_by(STEP_SLIPS | CENTERED_SLIPS | GRADIENT_SLIPS)
def eval_numerical_gradient_centered_with(is_, f, x, h=1e-5):
    return gradient_with(is_, f, x, h, centered=True)

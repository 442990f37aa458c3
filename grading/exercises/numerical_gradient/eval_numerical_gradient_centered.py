"""Find the gradient by centered differences, moving one coordinate of x at a time."""

import numpy as np

from ..describe import Exercise
from .difference_cases import DENSE_PARTS, dense_cases
from .differences import centered_slopes, forward_slopes, mistakes_of_both_gradients, moved

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


mistakes_of_both_gradients(exercise, centered_slopes)


@exercise.mistake(
    "x not restored",
    "Put the old value back (x[ix] = old_value) before the next coordinate: yours leaves x - h.",
)
def keeps_its_steps(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        old_value = x[ix]
        x[ix] = old_value + h
        f_plus = f(x)
        x[ix] = old_value - h
        grad[ix] = (f_plus - f(x)) / (2 * h)
    return grad


@exercise.mistake(
    "adds h and subtracts it again",
    "x + h - 2 h + h is not always x: rounding changes its last bits. Keep the old value and put "
    "it back.",
)
def goes_there_and_back(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        x[ix] += h
        f_plus = f(x)
        x[ix] -= 2 * h
        grad[ix] = (f_plus - f(x)) / (2 * h)
        x[ix] += h
    return grad


@exercise.mistake(
    "steps back to x",
    "From x + h, `x[ix] -= h` leads back to x: the second point is old_value - h. Of np.nditer, "
    "`old = v` is no copy and moves along: take x[ix] or float(v).",
)
def steps_back_to_x(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        grad[ix] = (f(moved(x, ix, h)) - f(x)) / (2 * h)
    return grad


@exercise.mistake("divides by h", "From x - h to x + h is a distance of 2 h.")
def divides_by_one_step(f, x, h=1e-5):
    return 2 * centered_slopes(f, x, h).reshape(x.shape)


@exercise.mistake("parentheses missing", "`a / 2 * h` is (a / 2) * h in Python: write a / (2 * h).")
def multiplies_by_the_step(f, x, h=1e-5):
    return h**2 * centered_slopes(f, x, h).reshape(x.shape)


@exercise.mistake(
    "half steps", "Step by h to each side, not by h / 2: the two points are 2 h apart."
)
def takes_half_steps(f, x, h=1e-5):
    return centered_slopes(f, x, h / 2).reshape(x.shape)


@exercise.mistake("forward difference", "Compare f(x + h) with f(x - h), not with f(x).")
def steps_forward(f, x, h=1e-5):
    return forward_slopes(f, x, h).reshape(x.shape)


@exercise.mistake(
    "f(x) evaluated too", "A centered difference does not use f(x): leave that evaluation out."
)
def evaluates_f_at_x(f, x, h=1e-5):
    f(x)
    return centered_slopes(f, x, h).reshape(x.shape)

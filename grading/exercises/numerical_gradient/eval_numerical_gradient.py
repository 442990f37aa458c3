"""Find the gradient by forward differences, moving one coordinate of x at a time."""

import numpy as np

from ..describe import Exercise
from .difference_cases import DENSE_PARTS, dense_cases
from .differences import centered_slopes, forward_slopes, mistakes_of_both_gradients, moved

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


mistakes_of_both_gradients(exercise, forward_slopes)


@exercise.mistake(
    "x not restored",
    "Put the old value back (x[ix] = old_value) before the next coordinate: yours keeps all its "
    "steps. Of np.nditer, `old = v` is no copy: take x[ix] or float(v).",
)
def keeps_its_steps(f, x, h=1e-5):
    fx = f(x)
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        x[ix] += h
        grad[ix] = (f(x) - fx) / h
    return grad


@exercise.mistake(
    "adds h and subtracts it again",
    "x + h - h is not always x: rounding changes its last bits. Put the old value itself back.",
)
def goes_there_and_back(f, x, h=1e-5):
    fx = f(x)
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        x[ix] += h
        grad[ix] = (f(x) - fx) / h
        x[ix] -= h
    return grad


@exercise.mistake(
    "f(x) anew for every coordinate",
    "f(x) is the same for all coordinates: evaluate it once, before the loop.",
)
def evaluates_f_anew(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    for ix in np.ndindex(x.shape):
        grad[ix] = (f(moved(x, ix, h)) - f(x)) / h
    return grad


@exercise.mistake("backward difference", "A forward difference steps to x + h, not to x - h.")
def steps_backward(f, x, h=1e-5):
    return forward_slopes(f, x, -h).reshape(x.shape)


@exercise.mistake(
    "centered difference",
    "This is the centered difference, the next exercise: here compare f(x + h) with f(x).",
)
def steps_to_both_sides(f, x, h=1e-5):
    return centered_slopes(f, x, h).reshape(x.shape)


@exercise.mistake("divides by 2 h", "From x to x + h is a distance of h, not 2 h.")
def divides_by_two_steps(f, x, h=1e-5):
    return forward_slopes(f, x, h).reshape(x.shape) / 2


@exercise.mistake("parentheses missing", "`f(x) - fx / h` divides fx alone: write (f(x) - fx) / h.")
def divides_fx_alone(f, x, h=1e-5):
    fx = f(x)
    values = [f(moved(x, ix, h)) - fx / h for ix in np.ndindex(x.shape)]
    return np.reshape(values, x.shape)

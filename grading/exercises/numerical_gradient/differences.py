"""Forward and centered differences, and the mistakes that both full gradients know."""

import numpy as np


def moved(x, index, step):
    """A copy of ``x`` with one coordinate (or row) moved."""
    x = x.copy()
    x[index] += step
    return x


def forward_slopes(f, x, h, indices=None):
    """Forward differences at these indices, by default at all, as a flat array."""
    fx = f(x)
    indices = np.ndindex(x.shape) if indices is None else indices
    return np.array([(f(moved(x, ix, h)) - fx) / h for ix in indices])


def centered_slopes(f, x, h, indices=None):
    """Centered differences at these indices, by default at all, as a flat array."""
    indices = np.ndindex(x.shape) if indices is None else indices
    return np.array([(f(moved(x, ix, h)) - f(moved(x, ix, -h))) / (2 * h) for ix in indices])


def mistakes_of_both_gradients(exercise, slopes, usual_h=1e-5):
    """Mistakes about sign, scale, shape and h, on top of the right ``slopes(f, x, h)``, flat."""

    @exercise.mistake(
        "sign turned around", "The slope is what f gains: f at the larger x minus f at the smaller."
    )
    def turns_the_sign(f, x, h=usual_h):
        return -slopes(f, x, h).reshape(x.shape)

    @exercise.mistake(
        "not divided by the step",
        "The slope is the difference of f over the distance in x: divide.",
    )
    def does_not_divide(f, x, h=usual_h):
        distance = h if slopes is forward_slopes else 2 * h
        return distance * slopes(f, x, h).reshape(x.shape)

    @exercise.mistake(
        "ignores h", "Use the argument h: yours gives the same result whatever h is passed."
    )
    def ignores_the_step(f, x, h=usual_h):
        return slopes(f, x, 1e-5).reshape(x.shape)

    @exercise.mistake(
        "gradient is flat",
        "The gradient has the shape of x: make it by np.zeros(x.shape) and fill grad[ix].",
    )
    def returns_it_flat(f, x, h=usual_h):
        return slopes(f, x, h)

    @exercise.mistake(
        "steps in a copy of x",
        "x.ravel() and x.flatten() may be copies, so that f(x) does not see the step: use x.flat "
        "or an index tuple, x[ix].",
    )
    def steps_in_a_copy(f, x, h=usual_h):
        start, flat = x.flatten(), x.ravel()

        def at(point):
            flat[:] = point
            return f(x)

        grad = slopes(at, start, h).reshape(x.shape)
        flat[:] = start
        return grad

    @exercise.mistake(
        "all coordinates at once",
        "f(x + h) moves every coordinate and gives one number: move x[ix] alone, one at a time.",
    )
    def moves_all(f, x, h=usual_h):
        if slopes is forward_slopes:
            return (f(x + h) - f(x)) / h
        return (f(x + h) - f(x - h)) / (2 * h)

    @exercise.mistake(
        "moves a whole row",
        "x[i] of a matrix is a row: index by the tuple it.multi_index, one number at a time.",
    )
    def moves_a_row(f, x, h=usual_h):
        grad = np.zeros(x.shape)
        rows = [(i,) for i in range(len(x))]
        for i, slope in enumerate(slopes(f, x, h, rows)):
            grad[i] = slope
        return grad

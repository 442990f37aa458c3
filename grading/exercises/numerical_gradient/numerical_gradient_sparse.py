"""Find the slopes at a few coordinates only, by centered differences."""

import numpy as np

from ..describe import Case, Exercise
from .difference_cases import evaluates_f, left_unchanged, smaller_than, smooth_function
from .differences import centered_slopes, forward_slopes

exercise = Exercise(
    "numerical_gradient_sparse",
    assignment="04-numerical-gradient",
    parts={"slopes": 2, "x restored": 1, "evaluations": 1},
    hints=(
        "It is the centered difference, but the loop runs over `indices` instead of all of x.",
        "Each entry of indices is a tuple, so x[ix] is a single number, whatever the shape of x.",
        "Make an array of K zeros and fill entry k from indices[k] with enumerate. Move one "
        "number, evaluate f on both sides, and put the old value back before the next.",
    ),
)


@exercise.solved_by
def numerical_gradient_sparse(f, x, indices, h=1e-5):
    slopes = np.zeros(len(indices))
    for k, ix in enumerate(indices):
        old_value = x[ix]
        x[ix] = old_value + h
        f_plus = f(x)
        x[ix] = old_value - h
        f_minus = f(x)
        x[ix] = old_value
        slopes[k] = (f_plus - f_minus) / (2 * h)
    return slopes


def _coordinates(rng, shape, count):
    """Distinct index tuples, not in the order of the array: the last coordinate drawn leads."""
    flat = np.sort(rng.choice(np.prod(shape), count, replace=False))
    flat = np.concatenate([flat[-1:], flat[:-1]])
    return [tuple(int(i) for i in np.unravel_index(j, shape)) for j in flat]


@exercise.examined_by
def cases(rng):
    x = rng.standard_normal(6)
    indices = _coordinates(rng, x.shape, 4)
    yield Case("slopes", [(smooth_function(rng, 6), x, indices)], keeps_arguments=False)
    for shape, repeated in (((5, 4), 0), ((2, 4, 3), 1)):
        x, h = rng.standard_normal(shape), float(rng.uniform(0.1, 0.3))
        indices = _coordinates(rng, shape, 5)
        indices += indices[:repeated]
        f = smooth_function(rng, x.size)
        yield Case("slopes", [(f, x, indices, h)], keeps_arguments=False)
    h = float(rng.uniform(0.1, 0.3))
    x = smaller_than(h, rng, (6, 5))
    call = (smooth_function(rng, x.size), x, _coordinates(rng, x.shape, 20), h)
    yield from left_unchanged("x restored", call)
    x = rng.standard_normal((5, 4))
    n_coordinates = int(rng.integers(5, 8))
    yield Case(
        "evaluations",
        [(smooth_function(rng, x.size), x, _coordinates(rng, x.shape, n_coordinates), 0.1)],
        verify=evaluates_f("numerical_gradient_sparse", 2 * n_coordinates, "2 K"),
        keeps_arguments=False,
    )


@exercise.mistake(
    "sign turned around", "The slope is (f(x + h) - f(x - h)) / (2 h), in this order."
)
def _(f, x, indices, h=1e-5):
    return -centered_slopes(f, x, h, indices)


@exercise.mistake("divides by h", "From x - h to x + h is a distance of 2 h.")
def _(f, x, indices, h=1e-5):
    return 2 * centered_slopes(f, x, h, indices)


@exercise.mistake("parentheses missing", "`a / 2 * h` is (a / 2) * h in Python: write a / (2 * h).")
def _(f, x, indices, h=1e-5):
    return h**2 * centered_slopes(f, x, h, indices)


@exercise.mistake(
    "half steps", "Step by h to each side, not by h / 2: the two points are 2 h apart."
)
def _(f, x, indices, h=1e-5):
    return centered_slopes(f, x, h / 2, indices)


@exercise.mistake(
    "index is a list",
    "x[[i, j]] with a list takes whole rows i and j: index by the tuple itself, x[ix] or x[i, j].",
)
def _(f, x, indices, h=1e-5):
    return numerical_gradient_sparse(f, x, [list(ix) for ix in indices], h)


@exercise.mistake(
    "forward difference", "This exercise asks for centered differences: f(x + h) - f(x - h)."
)
def _(f, x, indices, h=1e-5):
    return forward_slopes(f, x, h, indices)


@exercise.mistake("ignores h", "Use the argument h: yours gives the same result whatever h is.")
def _(f, x, indices, h=1e-5):
    return centered_slopes(f, x, 1e-5, indices)


@exercise.mistake(
    "x not restored",
    "Put the old value back (x[ix] = old_value) before the next coordinate: yours leaves x - h.",
)
def _(f, x, indices, h=1e-5):
    slopes = np.zeros(len(indices))
    for k, ix in enumerate(indices):
        old_value = x[ix]
        x[ix] = old_value + h
        f_plus = f(x)
        x[ix] = old_value - h
        slopes[k] = (f_plus - f(x)) / (2 * h)
    return slopes


@exercise.mistake(
    "adds h and subtracts it again",
    "x + h - 2 h + h is not always x: rounding changes its last bits. Keep the old value and put "
    "it back.",
)
def _(f, x, indices, h=1e-5):
    slopes = np.zeros(len(indices))
    for k, ix in enumerate(indices):
        x[ix] += h
        f_plus = f(x)
        x[ix] -= 2 * h
        slopes[k] = (f_plus - f(x)) / (2 * h)
        x[ix] += h
    return slopes


def _evaluated_everywhere(cases):
    observation = cases[-1][0]
    return observation.usage["0"]["n_calls"] == 2 * observation.arguments[1].size


@exercise.mistake(
    "computes the whole gradient",
    "The point is to save evaluations: loop over `indices` alone, not over all of x.",
    shows=_evaluated_everywhere,
)
def _(f, x, indices, h=1e-5):
    grad = centered_slopes(f, x, h).reshape(x.shape)
    return np.array([grad[ix] for ix in indices])


@exercise.mistake(
    "f(x) evaluated too", "A centered difference does not use f(x): leave that evaluation out."
)
def _(f, x, indices, h=1e-5):
    f(x)
    return centered_slopes(f, x, h, indices)


@exercise.mistake(
    "array like x",
    "Return the K slopes in the order of `indices`, shape (K,), not an array of the shape of x.",
)
def _(f, x, indices, h=1e-5):
    grad = np.zeros(x.shape)
    for ix, slope in zip(indices, centered_slopes(f, x, h, indices), strict=True):
        grad[ix] = slope
    return grad


@exercise.mistake(
    "in the order of the array",
    "Keep the order of `indices`, and keep repeated ones: slope k belongs to indices[k].",
)
def _(f, x, indices, h=1e-5):
    return centered_slopes(f, x, h, sorted(set(indices)))


@exercise.mistake(
    "moves all the coordinates at once",
    "Move one coordinate, measure, put it back; then the next. Yours moves all K together.",
)
def _(f, x, indices, h=1e-5):
    step = np.zeros(x.shape)
    for ix in indices:
        step[ix] = h
    return np.full(len(indices), (f(x + step) - f(x - step)) / (2 * h))

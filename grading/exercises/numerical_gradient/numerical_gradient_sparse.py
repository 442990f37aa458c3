"""Find the slopes at a few coordinates only, by centered differences."""

import numpy as np

from ..describe import Case, Exercise
from .difference_cases import (
    counts_evaluations,
    flat_function,
    restores_x,
    smaller_than,
    smooth_function,
    steep_function,
)
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
    f, x = steep_function(rng, (6,))
    yield Case("slopes", [(f, x, _coordinates(rng, x.shape, 4))], keeps_arguments=False)
    for shape, count, repeated in (((5, 4), 5, 0), ((2, 4, 3), 5, 1), ((3, 2), 1, 0)):
        x, h = rng.standard_normal(shape), float(rng.uniform(0.1, 0.3))
        indices = _coordinates(rng, shape, count)
        indices += indices[:repeated]
        f = smooth_function(rng, x.size)
        yield Case("slopes", [(f, x, indices, h)], keeps_arguments=False)
    h = float(rng.uniform(0.1, 0.3))
    for layout in (np.asfortranarray, lambda x: np.repeat(x, 2, axis=1)[:, ::2]):
        f, x = flat_function(rng, (3, 5))
        call = (f, layout(x), _coordinates(rng, x.shape, 12), h)
        yield Case("slopes", [call], keeps_arguments=False)
    x = smaller_than(h, rng, (6, 5))
    indices = _coordinates(rng, x.shape, 20)
    yield restores_x(exercise.id, (smooth_function(rng, x.size), x, indices, h), indices)
    x = rng.standard_normal((5, 4))
    indices = _coordinates(rng, x.shape, int(rng.integers(5, 8)))
    call = (smooth_function(rng, x.size), x, indices, 0.1)
    yield counts_evaluations(exercise.id, call, 2 * len(indices), "2 K", indices)


@exercise.mistake(
    "sign turned around", "The slope is (f(x + h) - f(x - h)) / (2 h), in this order."
)
def turns_the_sign(f, x, indices, h=1e-5):
    return -centered_slopes(f, x, h, indices)


@exercise.mistake("divides by h", "From x - h to x + h is a distance of 2 h.")
def divides_by_one_step(f, x, indices, h=1e-5):
    return 2 * centered_slopes(f, x, h, indices)


@exercise.mistake("parentheses missing", "`a / 2 * h` is (a / 2) * h in Python: write a / (2 * h).")
def multiplies_by_the_step(f, x, indices, h=1e-5):
    return h**2 * centered_slopes(f, x, h, indices)


@exercise.mistake(
    "half steps", "Step by h to each side, not by h / 2: the two points are 2 h apart."
)
def takes_half_steps(f, x, indices, h=1e-5):
    return centered_slopes(f, x, h / 2, indices)


@exercise.mistake(
    "index is a list",
    "x[[i, j]] with a list takes whole rows i and j: index by the tuple itself, x[ix] or x[i, j].",
)
def indexes_by_lists(f, x, indices, h=1e-5):
    return numerical_gradient_sparse(f, x, [list(ix) for ix in indices], h)


@exercise.mistake(
    "forward difference", "This exercise asks for centered differences: f(x + h) - f(x - h)."
)
def steps_forward(f, x, indices, h=1e-5):
    return forward_slopes(f, x, h, indices)


@exercise.mistake("ignores h", "Use the argument h: yours gives the same result whatever h is.")
def ignores_the_step(f, x, indices, h=1e-5):
    return centered_slopes(f, x, 1e-5, indices)


@exercise.mistake(
    "x not restored",
    "Put the old value back (x[ix] = old_value) before the next coordinate: yours leaves x - h.",
)
def keeps_its_steps(f, x, indices, h=1e-5):
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
def goes_there_and_back(f, x, indices, h=1e-5):
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
def computes_it_whole(f, x, indices, h=1e-5):
    grad = centered_slopes(f, x, h).reshape(x.shape)
    return np.array([grad[ix] for ix in indices])


@exercise.mistake(
    "f(x) evaluated too", "A centered difference does not use f(x): leave that evaluation out."
)
def evaluates_f_at_x(f, x, indices, h=1e-5):
    f(x)
    return centered_slopes(f, x, h, indices)


@exercise.mistake(
    "array like x",
    "Return the K slopes in the order of `indices`, shape (K,), not an array of the shape of x.",
)
def returns_an_array_like_x(f, x, indices, h=1e-5):
    grad = np.zeros(x.shape)
    for ix, slope in zip(indices, centered_slopes(f, x, h, indices), strict=True):
        grad[ix] = slope
    return grad


@exercise.mistake(
    "in the order of the array",
    "Keep the order of `indices`, and keep repeated ones: slope k belongs to indices[k].",
)
def sorts_the_indices(f, x, indices, h=1e-5):
    return centered_slopes(f, x, h, sorted(set(indices)))


@exercise.mistake(
    "moves all the coordinates at once",
    "Move one coordinate, measure, put it back; then the next. Yours moves all K together.",
)
def moves_all(f, x, indices, h=1e-5):
    step = np.zeros(x.shape)
    for ix in indices:
        step[ix] = h
    return np.full(len(indices), (f(x + step) - f(x - step)) / (2 * h))


@exercise.mistake(
    "steps in a copy of x",
    "x.ravel() and x.flatten() may be copies, so that f(x) does not see the step: index x itself, "
    "x[ix].",
)
def steps_in_a_copy(f, x, indices, h=1e-5):
    start, flat = x.flatten(), x.ravel()

    def at(point):
        flat[:] = point
        return f(x)

    places = [(int(np.ravel_multi_index(ix, x.shape)),) for ix in indices]
    slopes = centered_slopes(at, start, h, places)
    flat[:] = start
    return slopes

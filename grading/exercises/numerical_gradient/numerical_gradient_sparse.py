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
from .differences import CENTERED_SLIPS, STEP_SLIPS, centered_slopes, slopes_with

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


@exercise.twisted_by(
    STEP_SLIPS
    | CENTERED_SLIPS
    | {
        "index is a list": "x[[i, j]] with a list takes whole rows i and j: index by the tuple "
        "itself, x[ix] or x[i, j].",
        "moves x[k] instead of x[indices[k]]": "k counts the slopes: the coordinate to move is "
        "x[indices[k]].",
        "takes two axes for granted": "x may have any number of axes: index it by the tuple "
        "itself, x[ix], not by x[i, j].",
        "array like x": "Return the K slopes in the order of `indices`, shape (K,), not an array "
        "of the shape of x.",
        "in the order of the array": "Keep the order of `indices`: slope k belongs to indices[k].",
        "equal indices counted once": "Keep every index, also one that comes twice: slope k "
        "belongs to indices[k].",
        "moves all the coordinates at once": "Move one coordinate, measure, put it back; then the "
        "next. Yours moves all K together.",
    }
)
def numerical_gradient_sparse_with(is_, f, x, indices, h=1e-5):
    if is_("moves all the coordinates at once"):
        step = np.zeros(x.shape)
        for ix in indices:
            step[ix] = h
        return np.full(len(indices), (f(x + step) - f(x - step)) / (2 * h))
    if is_("in the order of the array"):
        indices = sorted(indices)
    if is_("equal indices counted once"):
        indices = list(dict.fromkeys(indices))
    if is_("index is a list"):
        indices = [list(ix) for ix in indices]
    if is_("moves x[k] instead of x[indices[k]]"):
        indices = range(len(indices))
    if is_("takes two axes for granted"):
        indices = [(i, j) for i, j in indices]
    slopes, grad, slope = np.zeros(len(indices)), np.zeros(x.shape), 0.0
    for k, (ix, slope) in enumerate(slopes_with(is_, f, x, h, indices, centered=True)):
        slopes[k] = slope
        if is_("array like x"):
            grad[ix] = slope
    if is_("only the last slope"):
        return slope
    return grad if is_("array like x") else slopes


def _moves_others(cases):
    """Whether each evaluation is one step away from x, and some along another coordinate."""
    call = cases[-1][0]
    _, x, indices, _ = call.arguments
    moved = np.abs(call.usage["0"]["points"] - x) > 1e-9
    places = {tuple(map(int, place)) for _, *place in np.argwhere(moved)}
    return len(moved) == moved.sum() == 2 * len(indices) and not places <= set(indices)


@exercise.mistake(
    "coordinates of its own",
    "Go through the coordinates that are passed in, `for ix in indices`: draw none.",
    shows=_moves_others,
)
def draws_coordinates(f, x, indices, h=1e-5):
    drawn = np.random.default_rng().integers(x.size, size=len(indices))
    return centered_slopes(f, x, h, [np.unravel_index(flat, x.shape) for flat in drawn])


def _evaluated_everywhere(cases):
    observation = cases[-1][0]
    return observation.usage["0"]["n_calls"] == 2 * observation.arguments[1].size


@exercise.mistake(
    "computes the whole gradient",
    "The point is to save evaluations: loop over `indices` alone, not over all of x.",
    shows=_evaluated_everywhere,
)
def computes_it_whole(f, x, indices, h=1e-5):
    grad = centered_slopes(f, x, h, np.ndindex(x.shape)).reshape(x.shape)
    return np.array([grad[ix] for ix in indices])

"""Where a search evaluated its loss, what that shows, and slips in drawing numbers."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

SHAPE = (5, 4)
"""The weights that are searched for have this shape."""


def evaluated_wrongly(name, observation, shape, n_calls):
    """Why the loss was not evaluated as often as expected or at weights of the right shape."""
    usage = observation.usage["0"]
    if usage["n_calls"] != n_calls:
        return f"{name} evaluated loss_fn {usage['n_calls']} times, expected {n_calls} times."
    if "points" not in usage or usage["points"].shape[1:] != shape:
        return f"{name} evaluated loss_fn at weights of another shape than {shape}."
    return None


def evaluated(observation):
    """The weights at which a call evaluated its loss, and the losses."""
    usage = observation.usage["0"]
    return usage["points"], usage["values"]


def drawn_weights(call):
    """Weights that show which numbers a call drew: those it evaluated, or its best ones."""
    return call.usage["0"]["points"] if call.usage else call.value[0]


def bowl(rng, center):
    """A quadratic loss with its minimum at a center, and positive elsewhere."""
    return Recipe("quadratic", center=center, curvature=rng.uniform(0.5, 2.0, center.shape))


def returns_last_try(call):
    """Whether the weights, and whether the loss, are those of the last try."""
    points, values = evaluated(call)
    return np.allclose(call.value[0], points[-1]), np.isclose(call.value[1], values[-1])


def wandering(call):
    """Differences of successive points, by the size of a step."""
    return np.diff(drawn_weights(call), axis=0) / call.arguments[3]


def written_at_improvements_only(history, losses):
    """Whether a history holds the losses that were the best so far, and 0 elsewhere."""
    bests = np.minimum.accumulate(losses)
    written = np.append(True, bests[1:] < bests[:-1])[-len(history) :]
    return not written.all() and np.allclose(history, np.where(written, losses[-len(history) :], 0))


def numbers_with(is_, noun, shape, rng, tries=(), dtype=np.float64):
    """Standard normal numbers, with slips that are named after ``noun``.

    ``shape`` is that of the weights; ``tries`` are the axes for several of them.
    """
    every = *shape, *tries
    if is_(f"uniform {noun}"):
        return rng.random(every, dtype=dtype)
    if is_(f"uniform {noun} of both signs"):
        return rng.uniform(-1, 1, every).astype(dtype)
    if is_(f"uniform {noun} as wide as normal ones"):
        return rng.uniform(-2, 2, every).astype(dtype)
    drawn = every
    if is_("one number for all weights"):
        drawn = *(1 for _ in shape), *tries
    if is_("one row for all rows"):
        drawn = 1, *shape[1:], *tries
    return np.broadcast_to(rng.standard_normal(drawn, dtype=dtype), every)

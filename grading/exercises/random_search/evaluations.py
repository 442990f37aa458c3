"""Where a search evaluated its loss, and what that shows."""

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

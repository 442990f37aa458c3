"""Take one step of Adagrad: steps that shrink as squared gradients add up."""

import numpy as np

from .squared_gradients import scaled_step
from .update_rule import Rule

exercise = Rule(
    "adagrad",
    {"update": 1, "first step": 0.5},
    points_of_form=0.25,
    settings=["learning_rate", "epsilon"],
    state=["cache"],
    hints=(
        "Each weight has a step of its own: the more its gradients have added up to, the smaller. "
        "The cache is where they add up.",
        "Fill in the defaults; the cache starts as np.zeros_like(w). Add dw**2 to it, entry by "
        "entry, and store it in config, before you step.",
        "The step is the learning rate times dw, divided by the root of the new cache plus "
        "epsilon (epsilon stands outside the root). Subtract it from w.",
    ),
)


@exercise.solved_by
def adagrad(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("epsilon", 1e-8)
    cache = config.get("cache", np.zeros_like(w))

    cache = cache + dw**2
    config["cache"] = cache
    return w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"]), config


@exercise.wrong("no root", "Divide by the square root of the cache, not by the cache itself.")
def _(w, dw, config=None):
    return scaled_step(w, dw, config, divisor=lambda old, new, epsilon: new + epsilon)


@exercise.wrong("epsilon inside the root", "Add epsilon after the root: np.sqrt(cache) + epsilon.")
def _(w, dw, config=None):
    return scaled_step(w, dw, config, divisor=lambda old, new, epsilon: np.sqrt(new + epsilon))


@exercise.wrong("epsilon left out", "Divide by np.sqrt(cache) + epsilon: the cache may be 0.")
def _(w, dw, config=None):
    return scaled_step(w, dw, config, divisor=lambda old, new, epsilon: np.sqrt(new))


@exercise.wrong(
    "gradients not squared", "Add the squares to the cache: gradients of both signs would cancel."
)
def _(w, dw, config=None):
    return scaled_step(w, dw, config, cache=lambda old, dw: old + dw)


@exercise.wrong(
    "divides by the old cache", "Add the new square to the cache first, then divide by its root."
)
def _(w, dw, config=None):
    return scaled_step(w, dw, config, divisor=lambda old, new, epsilon: np.sqrt(old) + epsilon)


@exercise.wrong("cache not kept", 'Store the new cache: config["cache"] = cache.')
def _(w, dw, config=None):
    return scaled_step(w, dw, config, kept=lambda old, new: old)


@exercise.wrong(
    "cache starts afresh", "Take the cache from config; zeros are only for the first step."
)
def _(w, dw, config=None):
    return scaled_step(w, dw, config, cache=lambda old, dw: dw**2)


@exercise.wrong(
    "one cache for all weights",
    "Each weight has a cache of its own: add dw**2 entry by entry, not its sum.",
)
def _(w, dw, config=None):
    return scaled_step(w, dw, config, cache=lambda old, dw: old + np.sum(dw**2))


@exercise.wrong(
    "forgets old gradients", "Adagrad adds up all squares and forgets none; RMSProp comes next."
)
def _(w, dw, config=None):
    return scaled_step(w, dw, config, cache=lambda old, dw: 0.99 * old + 0.01 * dw**2)


@exercise.wrong("climbs", "Subtract the step: the gradient points uphill.")
def _(w, dw, config=None):
    next_w, config = scaled_step(w, dw, config)
    return 2 * w - next_w, config


@exercise.wrong(
    "needs a cache", "The first config has no cache, or is None: start from np.zeros_like(w)."
)
def _(w, dw, config=None):
    return scaled_step(w, dw, config | {"cache": config["cache"]})

"""Take one step of RMSProp: Adagrad with a running mean of the squares."""

import numpy as np

from .squared_gradients import scaled_step
from .update_rule import Rule

exercise = Rule(
    "rmsprop",
    {"update": 1, "first step": 0.5},
    points_of_form=0.25,
    settings=["learning_rate", "decay_rate", "epsilon"],
    state=["cache"],
    hints=(
        "It is Adagrad with one line changed: the cache is a running mean of the squares "
        "instead of their sum.",
        "A running mean keeps decay_rate of the old value and takes 1 - decay_rate of the new one.",
        "The new cache is decay_rate times the old cache plus (1 - decay_rate) times dw**2. Store "
        "it; the step is the same as Adagrad's.",
    ),
)


@exercise.solved_by
def rmsprop(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    cache = config.get("cache", np.zeros_like(w))

    cache = config["decay_rate"] * cache + (1 - config["decay_rate"]) * dw**2
    config["cache"] = cache
    return w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"]), config


def _leaky(w, dw, config, cache=None, divisor=None, kept=None):
    """RMSProp with a wrong cache, divisor, or kept cache."""
    decay = (config or {}).get("decay_rate", 0.99)

    def mean(old, dw):
        return cache(old, dw, decay) if cache else decay * old + (1 - decay) * dw**2

    return scaled_step(w, dw, config, mean, divisor, kept)


@exercise.wrong("no root", "Divide by the square root of the cache, not by the cache itself.")
def _(w, dw, config=None):
    return _leaky(w, dw, config, divisor=lambda old, new, epsilon: new + epsilon)


@exercise.wrong("epsilon inside the root", "Add epsilon after the root: np.sqrt(cache) + epsilon.")
def _(w, dw, config=None):
    return _leaky(w, dw, config, divisor=lambda old, new, epsilon: np.sqrt(new + epsilon))


@exercise.wrong(
    "never forgets",
    "That is Adagrad: multiply the old cache by decay_rate, the new square by 1 - decay_rate.",
)
def _(w, dw, config=None):
    return _leaky(w, dw, config, cache=lambda old, dw, decay: old + dw**2)


@exercise.wrong(
    "weights exchanged",
    "decay_rate goes with the old cache, 1 - decay_rate with the new square; yours are exchanged.",
)
def _(w, dw, config=None):
    return _leaky(w, dw, config, cache=lambda old, dw, decay: (1 - decay) * old + decay * dw**2)


@exercise.wrong(
    "not a mean",
    "Weigh the new square by 1 - decay_rate: otherwise the cache is not a mean of squares.",
)
def _(w, dw, config=None):
    return _leaky(w, dw, config, cache=lambda old, dw, decay: decay * old + dw**2)


@exercise.wrong("gradient not squared", "The cache averages dw**2, the squares of the gradient.")
def _(w, dw, config=None):
    return _leaky(w, dw, config, cache=lambda old, dw, decay: decay * old + (1 - decay) * dw)


@exercise.wrong("divides by the old cache", "Update the cache first, then divide by its root.")
def _(w, dw, config=None):
    return _leaky(w, dw, config, divisor=lambda old, new, epsilon: np.sqrt(old) + epsilon)


@exercise.wrong("cache not kept", 'Store the new cache: config["cache"] = cache.')
def _(w, dw, config=None):
    return _leaky(w, dw, config, kept=lambda old, new: old)


@exercise.wrong(
    "always decay rate 0.99",
    "Take the decay rate from config; 0.99 is only for a config that has none.",
)
def _(w, dw, config=None):
    return _leaky(w, dw, config, cache=lambda old, dw, decay: 0.99 * old + 0.01 * dw**2)


@exercise.wrong("decay rate 0.9 by default", "The default decay rate is 0.99.")
def _(w, dw, config=None):
    return _leaky(w, dw, {"decay_rate": 0.9} | (config or {}))


@exercise.wrong("climbs", "Subtract the step: the gradient points uphill.")
def _(w, dw, config=None):
    next_w, config = _leaky(w, dw, config)
    return 2 * w - next_w, config


@exercise.wrong(
    "needs a cache", "The first config has no cache, or is None: start from np.zeros_like(w)."
)
def _(w, dw, config=None):
    return _leaky(w, dw, config | {"cache": config["cache"]})

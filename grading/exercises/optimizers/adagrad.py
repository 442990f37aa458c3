"""Take one step of Adagrad: steps that shrink as squared gradients add up."""

import numpy as np

from .squared_gradients import CACHE_SLIPS, scaled_step_with, square_with
from .update_rule import Rule

exercise = Rule(
    "adagrad",
    {"update": 1, "first step": 0.5},
    points_of_form=0.25,
    settings={"learning_rate": 1e-2, "epsilon": 1e-8},
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


@exercise.twisted_by(
    CACHE_SLIPS
    | {
        "forgets old gradients": "Adagrad adds up all squares and forgets none; RMSProp comes "
        "next.",
    }
)
def adagrad_with(is_, w, dw, settings, memory):
    old, square = memory["cache"], square_with(is_, dw)
    new = 0.99 * old + 0.01 * square if is_("forgets old gradients") else old + square
    return scaled_step_with(is_, w, dw, settings, old, new)

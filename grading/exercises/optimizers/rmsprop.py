"""Take one step of RMSProp: Adagrad with a running mean of the squares."""

import numpy as np

from .squared_gradients import CACHE_SLIPS, scaled_step_with, square_with
from .update_rule import Rule

exercise = Rule(
    "rmsprop",
    {"update": 1, "first step": 0.5},
    points_of_form=0.25,
    settings={"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8},
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


@exercise.twisted_by(
    CACHE_SLIPS
    | {
        "corrected as in Adam": "RMSProp divides by the root of the cache as it is: the correction "
        "1 - decay_rate**t belongs to Adam.",
        "never forgets": "That is Adagrad: multiply the old cache by decay_rate, the new square by "
        "1 - decay_rate.",
        "weights exchanged": "decay_rate goes with the old cache, 1 - decay_rate with the new "
        "square; yours are exchanged.",
        "not a mean": "Weigh the new square by 1 - decay_rate: otherwise the cache is not a mean "
        "of squares.",
        "old cache not weighed": "Multiply the old cache by decay_rate: otherwise it never "
        "forgets.",
        "1 - decay_rate not in parentheses": "1 - decay_rate * dw**2 multiplies before it "
        "subtracts: write (1 - decay_rate) * dw**2.",
        "both weighed by decay_rate": "The weights of a mean add up to 1: decay_rate goes with the "
        "old cache, 1 - decay_rate with the new square.",
    }
)
def rmsprop_with(is_, w, dw, settings, memory):
    old, square, decay = memory["cache"], square_with(is_, dw), settings["decay_rate"]
    if is_("weights exchanged"):
        decay = 1 - decay
    kept = old if is_("never forgets") or is_("old cache not weighed") else decay * old
    taken = (1 - decay) * square
    if is_("never forgets") or is_("not a mean"):
        taken = square
    elif is_("1 - decay_rate not in parentheses"):
        taken = 1 - decay * square
    elif is_("both weighed by decay_rate"):
        taken = decay * square
    return scaled_step_with(is_, w, dw, settings, old, kept + taken)

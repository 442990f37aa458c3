"""Steps divided by the root of squared gradients, with one thing changed."""

import numpy as np


def scaled_step(w, dw, config, cache=None, divisor=None, kept=None):
    """Adagrad with a wrong cache, divisor, or kept cache."""
    config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w)} | (config or {})
    old = config["cache"]
    new = cache(old, dw) if cache else old + dw**2
    below = (divisor or root_plus_epsilon)(old, new, config["epsilon"])
    with np.errstate(all="ignore"):
        next_w = w - config["learning_rate"] * dw / below
    return next_w, config | {"cache": kept(old, new) if kept else new}


def root_plus_epsilon(old, new, epsilon):
    """What a step is divided by, with epsilon outside the root."""
    return np.sqrt(new) + epsilon

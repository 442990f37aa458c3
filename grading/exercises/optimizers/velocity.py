"""What the rules with a velocity start from."""

import numpy as np


def velocity_config(config, w):
    """Settings of the rules with a velocity, as a dict of its own."""
    return {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w)} | (config or {})

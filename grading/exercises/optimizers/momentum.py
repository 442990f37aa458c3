"""Take one step of SGD with momentum."""

import numpy as np

from .update_rule import Rule
from .velocity import velocity_config

exercise = Rule(
    "momentum",
    {"update": 1.5, "first step": 0.5},
    points_of_form=0.5,
    settings=["learning_rate", "momentum"],
    state=["velocity"],
    hints=(
        "The velocity is the memory: it comes from config, changes, and goes back into config. "
        "What is it in the first step?",
        "Fill in the defaults as in sgd. The old velocity is config.get('velocity', "
        "np.zeros_like(w)).",
        "The new velocity is momentum times the old one minus learning_rate times dw. Store it in "
        "config, and add it to w.",
    ),
)


@exercise.solved_by
def momentum(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    velocity = config.get("velocity", np.zeros_like(w))

    velocity = config["momentum"] * velocity - config["learning_rate"] * dw
    config["velocity"] = velocity
    return w + velocity, config


@exercise.wrong(
    "climbs", "The velocity gains minus learning_rate * dw: the gradient points uphill."
)
def _(w, dw, config=None):
    config = velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] + config["learning_rate"] * dw
    return w + velocity, config | {"velocity": velocity}


@exercise.wrong(
    "sign of the velocity",
    "The velocity already holds the minus sign of the gradient: add it to w.",
)
def _(w, dw, config=None):
    config = velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w - velocity, config | {"velocity": velocity}


@exercise.wrong(
    "velocity uphill",
    "Adding up learning_rate * dw and subtracting the velocity makes the same steps, but here the "
    "velocity carries the minus sign: v = momentum * v - learning_rate * dw, then w + v.",
)
def _(w, dw, config=None):
    config = velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] + config["learning_rate"] * dw
    return w - velocity, config | {"velocity": velocity}


@exercise.wrong(
    "velocity without the learning rate",
    "Here the learning rate goes into the velocity: v = momentum * v - learning_rate * dw, then "
    "w + v.",
)
def _(w, dw, config=None):
    config = velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] + dw
    return w - config["learning_rate"] * velocity, config | {"velocity": velocity}


@exercise.wrong(
    "learning rate on the whole velocity",
    "The learning rate multiplies the gradient alone, not the velocity that is already there.",
)
def _(w, dw, config=None):
    config = velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] - dw
    return w + config["learning_rate"] * velocity, config | {"velocity": velocity}


@exercise.wrong(
    "averages",
    "The gradient is not weighted by 1 - momentum: v = momentum * v - learning_rate * dw.",
)
def _(w, dw, config=None):
    config = velocity_config(config, w)
    mu = config["momentum"]
    velocity = mu * config["velocity"] - (1 - mu) * config["learning_rate"] * dw
    return w + velocity, config | {"velocity": velocity}


@exercise.wrong(
    "velocity not kept",
    'Store the new velocity: config["velocity"] = velocity. Otherwise nothing is remembered.',
)
def _(w, dw, config=None):
    config = velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + velocity, config


@exercise.wrong(
    "velocity starts afresh",
    "Take the velocity from config; zeros are only for the first step, when it has none.",
)
def _(w, dw, config=None):
    config = velocity_config(config, w)
    velocity = -config["learning_rate"] * dw
    return w + velocity, config | {"velocity": velocity}


@exercise.wrong(
    "steps with the old velocity", "Update the velocity first, then step with the new one."
)
def _(w, dw, config=None):
    config = velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + config["velocity"], config | {"velocity": velocity}


@exercise.wrong(
    "always momentum 0.9", "Take the momentum from config; 0.9 is only for a config that has none."
)
def _(w, dw, config=None):
    config = velocity_config(config, w)
    velocity = 0.9 * config["velocity"] - config["learning_rate"] * dw
    return w + velocity, config | {"velocity": velocity}


@exercise.wrong(
    "needs a velocity", "The first config has no velocity, or is None: start from np.zeros_like(w)."
)
def _(w, dw, config=None):
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + velocity, config | {"velocity": velocity}


@exercise.wrong("changes dw", "`dw *= ...` changes the caller's gradient: write it as a new array.")
def _(w, dw, config=None):
    config = velocity_config(config, w)
    dw *= config["learning_rate"]
    velocity = config["momentum"] * config["velocity"] - dw
    return w + velocity, config | {"velocity": velocity}

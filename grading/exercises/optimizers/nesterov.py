"""Take one step of Nesterov's momentum, from weights that already lie ahead."""

import numpy as np

from .update_rule import Rule
from .velocity import velocity_config

exercise = Rule(
    "nesterov",
    {"update": 1.5, "first step": 0.5},
    points_of_form=0.5,
    settings=["learning_rate", "momentum"],
    state=["velocity"],
    hints=(
        "The velocity changes exactly as in momentum; only the step differs. Keep the old "
        "velocity under a name of its own: you need both.",
        "w is the point ahead, that is, the true point plus momentum times the old velocity. To "
        "get to the next point ahead: take that off, add the new velocity, and add momentum times "
        "the new velocity.",
        "Together: w, minus momentum times the old velocity, plus (1 + momentum) times the new "
        "one. config keeps the new velocity.",
    ),
)


@exercise.solved_by
def nesterov(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    mu = config.setdefault("momentum", 0.9)
    before = config.get("velocity", np.zeros_like(w))

    velocity = mu * before - config["learning_rate"] * dw
    config["velocity"] = velocity
    return w - mu * before + (1 + mu) * velocity, config


def _nesterov(w, dw, config, step):
    """The reference with another step: from the old and the new velocity, and momentum."""
    config = velocity_config(config, w)
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    next_w = w + step(config["velocity"], velocity, config["momentum"])
    return next_w, config | {"velocity": velocity}


@exercise.wrong(
    "plain momentum",
    "Your step is that of plain momentum. Step back by the old velocity and ahead by the new one, "
    "and keep the old one under a name of its own (`v *= ...` would change both).",
)
def _(w, dw, config=None):
    return _nesterov(w, dw, config, lambda old, new, mu: new)


@exercise.wrong(
    "old and new exchanged",
    "Step back by momentum times the old velocity, ahead by 1 + momentum times the new one.",
)
def _(w, dw, config=None):
    return _nesterov(w, dw, config, lambda old, new, mu: (1 + mu) * old - mu * new)


@exercise.wrong(
    "does not step back",
    "w already lies ahead by momentum * old velocity: take that off before going ahead anew.",
)
def _(w, dw, config=None):
    return _nesterov(w, dw, config, lambda old, new, mu: (1 + mu) * new)


@exercise.wrong(
    "signs exchanged", "Minus momentum times the old velocity, plus 1 + momentum times the new."
)
def _(w, dw, config=None):
    return _nesterov(w, dw, config, lambda old, new, mu: mu * old - (1 + mu) * new)


@exercise.wrong(
    "adds the old velocity",
    "The old velocity is subtracted: -momentum * old + (1 + momentum) * new.",
)
def _(w, dw, config=None):
    return _nesterov(w, dw, config, lambda old, new, mu: mu * old + (1 + mu) * new)


@exercise.wrong(
    "keeps the whole step as velocity",
    "config keeps the velocity itself, not the step that you made with it.",
)
def _(w, dw, config=None):
    next_w, config = nesterov(w, dw, config)
    return next_w, config | {"velocity": next_w - w}


@exercise.wrong("velocity not kept", 'Store the new velocity: config["velocity"] = velocity.')
def _(w, dw, config=None):
    config = velocity_config(config, w)
    return nesterov(w, dw, dict(config))[0], config


@exercise.wrong(
    "climbs", "The velocity gains minus learning_rate * dw: the gradient points uphill."
)
def _(w, dw, config=None):
    return nesterov(w, -dw, config)


@exercise.wrong(
    "always momentum 0.9", "Take the momentum from config; 0.9 is only for a config that has none."
)
def _(w, dw, config=None):
    next_w, used = nesterov(w, dw, dict(config or {}) | {"momentum": 0.9})
    return next_w, used | (config or {}) | {"velocity": used["velocity"]}


@exercise.wrong(
    "needs a velocity", "The first config has no velocity, or is None: start from np.zeros_like(w)."
)
def _(w, dw, config=None):
    return nesterov(w, dw, config | {"velocity": config["velocity"]})

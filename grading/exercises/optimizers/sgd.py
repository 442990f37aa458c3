"""Take one step against the gradient."""

import numpy as np

from .update_rule import Rule

exercise = Rule(
    "sgd",
    {"step": 0.5},
    points_of_form=0.25,
    settings={"learning_rate": 1e-2},
    state=[],
    hints=(
        "Two things are returned: the weights after the step, and the config with its defaults "
        "filled in.",
        "If config is None, start from an empty dict. config.setdefault('learning_rate', 1e-2) "
        "fills in the default only where the setting is missing.",
        "The new weights are w minus the learning rate in config times dw, as a new array.",
    ),
)


@exercise.solved_by
def sgd(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    next_w = w - config["learning_rate"] * dw
    return next_w, config


@exercise.twisted_by(
    {
        "climbs": "The gradient points uphill: subtract learning_rate * dw.",
        "divided by the learning rate": "The step is learning_rate times dw, not divided by it.",
        "gradient made a unit vector": "Step along dw as it is: its length says how steep it is.",
        "only the sign of the gradient": "Step along dw as it is, not along its signs.",
    }
)
def sgd_with(is_, w, dw, settings, _):
    if is_("gradient made a unit vector"):
        dw = dw / np.linalg.norm(dw)
    elif is_("only the sign of the gradient"):
        dw = np.sign(dw)
    rate = settings["learning_rate"]
    step = dw / rate if is_("divided by the learning rate") else rate * dw
    return (w + step if is_("climbs") else w - step), {}

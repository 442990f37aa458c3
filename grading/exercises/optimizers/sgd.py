"""Take one step against the gradient."""

from .update_rule import Rule

exercise = Rule(
    "sgd",
    {"step": 0.5},
    points_of_form=0.25,
    settings=["learning_rate"],
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


@exercise.wrong("climbs", "The gradient points uphill: subtract learning_rate * dw.")
def _(w, dw, config=None):
    config = {"learning_rate": 1e-2} if config is None else config
    return w + config["learning_rate"] * dw, config


@exercise.wrong("learning rate left out", "Multiply the gradient by the learning rate.")
def _(w, dw, config=None):
    return w - dw, {} if config is None else config


@exercise.wrong(
    "always the default learning rate",
    "Take the learning rate from config; 1e-2 is only for a config that has none.",
)
def _(w, dw, config=None):
    return w - 1e-2 * dw, {} if config is None else config


@exercise.wrong(
    "needs a config",
    "config may be None or lack the learning rate: fill in the default, for example with "
    "setdefault.",
)
def _(w, dw, config=None):
    return w - config["learning_rate"] * dw, config


@exercise.wrong("changes dw", "`dw *= ...` changes the caller's gradient: write it as a new array.")
def _(w, dw, config=None):
    config = {"learning_rate": 1e-2} if config is None else config
    dw *= config["learning_rate"]
    return w - dw, config


@exercise.wrong("returns the weights alone", "Return two values: next_w and config.")
def _(w, dw, config=None):
    config = {"learning_rate": 1e-2} if config is None else config
    return w - config["learning_rate"] * dw


@exercise.wrong(
    "forgets the settings",
    "Return the config that came in (filled up): with an empty one, the next step would use the "
    "default learning rate.",
)
def _(w, dw, config=None):
    config = {"learning_rate": 1e-2} if config is None else config
    return w - config["learning_rate"] * dw, {}

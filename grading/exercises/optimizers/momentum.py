"""Take one step of SGD with momentum."""

import numpy as np

from .update_rule import Rule
from .velocity import VELOCITY_SLIPS, velocity_with

exercise = Rule(
    "momentum",
    {"update": 1.5, "first step": 0.5},
    points_of_form=0.5,
    settings={"learning_rate": 1e-2, "momentum": 0.9},
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


@exercise.twisted_by(
    VELOCITY_SLIPS
    | {
        "sign of the velocity": "The velocity already holds the minus sign of the gradient: add it "
        "to w.",
        "velocity uphill": "Adding up learning_rate * dw and subtracting the velocity makes the "
        "same steps, but here the velocity carries the minus sign: "
        "v = momentum * v - learning_rate * dw, then w + v.",
        "velocity without the learning rate": "Here the learning rate goes into the velocity: "
        "v = momentum * v - learning_rate * dw, then w + v.",
        "learning rate on the whole velocity": "The learning rate multiplies the gradient alone, "
        "not the velocity that is already there.",
        "velocity multiplied by the learning rate again": "The velocity holds the learning rate "
        "already: the step is the velocity itself.",
        "velocity multiplied by momentum again": "The step is the new velocity itself, without "
        "another factor.",
        "steps with the old velocity": "Update the velocity first, then step with the new one.",
        "steps along the gradient": "Step along the new velocity: w + v. Yours is the step of "
        "plain gradient descent.",
        "Nesterov's step": "That is the step of Nesterov's momentum; here w moves by the new "
        "velocity.",
        "gradient counted again": "The velocity holds the gradient already: the step is the "
        "velocity alone.",
    }
)
def momentum_with(is_, w, dw, settings, memory):
    rate, mu, old = settings["learning_rate"], settings["momentum"], memory["velocity"]
    if is_("velocity uphill"):
        new = mu * old + rate * dw
        return w - new, {"velocity": new}
    if is_("velocity without the learning rate"):
        new = mu * old + dw
        return w - rate * new, {"velocity": new}
    if is_("learning rate on the whole velocity"):
        new = mu * old - dw
        return w + rate * new, {"velocity": new}
    new = velocity_with(is_, dw, settings, old)
    step = old if is_("steps with the old velocity") else new
    if is_("velocity multiplied by the learning rate again"):
        step = rate * new
    elif is_("velocity multiplied by momentum again"):
        step = mu * new
    elif is_("steps along the gradient"):
        step = -rate * dw
    elif is_("Nesterov's step"):
        step = mu * new - rate * dw
    elif is_("gradient counted again"):
        step = new - rate * dw
    return (w - step if is_("sign of the velocity") else w + step), {"velocity": new}

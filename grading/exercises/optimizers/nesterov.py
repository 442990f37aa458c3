"""Take one step of Nesterov's momentum, from weights that already lie ahead."""

import numpy as np

from .update_rule import Rule
from .velocity import VELOCITY_SLIPS, velocity_with

exercise = Rule(
    "nesterov",
    {"update": 1.5, "first step": 0.5},
    points_of_form=0.5,
    settings={"learning_rate": 1e-2, "momentum": 0.9},
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


@exercise.twisted_by(
    VELOCITY_SLIPS
    | {
        "plain momentum": "Your step is that of plain momentum. Step back by the old velocity and "
        "ahead by the new one, and keep the old one under a name of its own (`v *= ...` would "
        "change both).",
        "does not step back": "w already lies ahead by momentum * old velocity: take that off "
        "before going ahead anew.",
        "adds the old velocity": "The old velocity is subtracted: -momentum * old + (1 + momentum) "
        "* new.",
        "signs exchanged": "Minus momentum times the old velocity, plus 1 + momentum times the "
        "new.",
        "old and new exchanged": "Step back by momentum times the old velocity, ahead by 1 + "
        "momentum times the new one.",
        "old velocity without its factor": "Step back by momentum times the old velocity, not by "
        "all of it.",
        "ahead by momentum alone": "Ahead go 1 + momentum times the new velocity: once to the new "
        "point, and momentum times to the point ahead of it.",
        "ahead by the whole velocity again": "Ahead go 1 + momentum times the new velocity, not "
        "twice.",
        "1 - momentum in the step": "Ahead go 1 + momentum times the new velocity: plus, not "
        "minus.",
        "steps along the gradient": "Step by the velocities, old and new: yours is the step of "
        "plain gradient descent.",
        "keeps the whole step as velocity": "config keeps the velocity itself, not the step that "
        "you made with it.",
    }
)
def nesterov_with(is_, w, dw, settings, memory):
    mu, old = settings["momentum"], memory["velocity"]
    new = velocity_with(is_, dw, settings, old)
    back = old if is_("old velocity without its factor") else mu * old
    if is_("does not step back"):
        back = 0.0
    elif is_("adds the old velocity"):
        back = -back
    ahead = 1 + mu
    if is_("ahead by momentum alone"):
        ahead = mu
    elif is_("ahead by the whole velocity again"):
        ahead = 2.0
    elif is_("1 - momentum in the step"):
        ahead = 1 - mu
    step = ahead * new - back
    if is_("plain momentum"):
        step = new
    elif is_("steps along the gradient"):
        step = -settings["learning_rate"] * dw
    elif is_("old and new exchanged"):
        step = (1 + mu) * old - mu * new
    elif is_("signs exchanged"):
        step = -step
    return w + step, {"velocity": step if is_("keeps the whole step as velocity") else new}

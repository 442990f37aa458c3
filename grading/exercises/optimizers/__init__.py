"""07-optimizers: six update rules, a schedule, and the bottom of a valley."""

from ..describe import Written
from . import (
    adagrad,
    adam,
    cosine_schedule,
    minimize_valley,
    momentum,
    nesterov,
    rmsprop,
    sgd,
)

ASSIGNMENT = "07-optimizers"

EMBARGOED = ("cs231n_utils.optimizers",)

EXERCISES = (
    sgd.exercise,
    momentum.exercise,
    nesterov.exercise,
    adagrad.exercise,
    rmsprop.exercise,
    adam.exercise,
    cosine_schedule.exercise,
    minimize_valley.exercise,
)

WRITTEN = (
    Written(
        "written-zigzag",
        ASSIGNMENT,
        2,
        "(a) One point: the learning rate is bounded by the steepest direction (below 2 / 100), "
        "so along the flat one (curvature 1) each step makes at most 2 % of the way left; naming "
        "both the bound and its price is needed, half for the zigzag alone. (b) One point: the "
        "sideways gradients change sign and cancel in the velocity while the forward ones agree "
        "and add up, to 1 / (1 - momentum) times one step; any sound account of both counts.",
    ),
    Written(
        "written-adam",
        ASSIGNMENT,
        2,
        "(a) One point: a sound reason drawn from an experiment: step sizes do not depend on the "
        "gradient's scale, so one learning rate works where weights or losses are scaled badly "
        "or little is known. (b) One point: a sound case against, with its experiment: a valley "
        "askew to the axes, the constant rate that keeps rattling, the sequence of gradients on "
        "which Adam walks the wrong way, or that tuned SGD with momentum does as well.",
    ),
)

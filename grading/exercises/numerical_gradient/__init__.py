"""04-numerical-gradient: forward and centered differences, a few coordinates, steps."""

from ..describe import Written
from . import (
    eval_numerical_gradient,
    eval_numerical_gradient_centered,
    numerical_gradient_sparse,
    step_size_sweep,
)

ASSIGNMENT = "04-numerical-gradient"

EMBARGOED = (
    "cs231n_utils.numerical_gradient",
    "cs231n_utils.gradcheck",
    "cs231n_utils.landscape",
)

EXERCISES = (
    eval_numerical_gradient.exercise,
    eval_numerical_gradient_centered.exercise,
    numerical_gradient_sparse.exercise,
    step_size_sweep.exercise,
)

WRITTEN = (
    Written(
        "written-choose-h",
        ASSIGNMENT,
        2,
        "(a) One point: in float32 the loss near 2.3 is stored in steps of about 2.4e-7, so a step "
        "of 1e-9 changes it by less than one such step and the difference is exactly 0 (saying "
        "that W + h rounds to W where W is large also counts). Half without a number or a "
        "comparison with the precision of float32. (b) One point: use float64 with h near 1e-5 to "
        "1e-7 (centered); in float32 about 1e-3 with errors near 1e-4; half for one sensible "
        "change without the reason that truncation grows and rounding falls with h.",
    ),
    Written(
        "written-cost",
        ASSIGNMENT,
        2,
        "(a) One point: 2 x 25 million x 10 ms = 500,000 s, about 5.8 days for one step; half for "
        "the right count of evaluations. (b) One point: a few coordinates of a gradient found by "
        "calculus are checked against centered differences, 2 K evaluations; they need no "
        "mathematics beyond f, so they are unlikely to share its bug.",
    ),
)

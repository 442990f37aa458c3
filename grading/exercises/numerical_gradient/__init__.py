"""04-numerical-gradient: forward and centered differences, a few coordinates, steps."""

from ..describe import Written

ASSIGNMENT = "04-numerical-gradient"

EMBARGOED = (
    "cs231n_utils.numerical_gradient",
    "cs231n_utils.gradcheck",
    "cs231n_utils.landscape",
)

EXERCISES = (
    "eval_numerical_gradient",
    "eval_numerical_gradient_centered",
    "numerical_gradient_sparse",
    "step_size_sweep",
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
        model="(a) A float32 keeps about 7 digits: near 2.3 neighboring values lie 2.4e-7 "
        "apart. With h = 1e-9 the loss changes by h times the slope, which is less than half of "
        "that unless the slope is above 100. So f(W + h) and f(W) are stored as the same "
        "number, and their difference is 0. (b) Use float64, whose values near 2.3 lie 4e-16 "
        "apart, and a centered difference with h = 1e-5: rounding then costs about 1e-16 / 1e-5 "
        "= 1e-11 and truncation something like h squared, 1e-10. With h = 0.1 truncation is "
        "large: the difference measures a chord over a stretch on which the slope itself "
        "changes.",
    ),
    Written(
        "written-cost",
        ASSIGNMENT,
        2,
        "(a) One point: 2 x 25 million x 10 ms = 500,000 s, about 5.8 days for one step; half for "
        "the right count of evaluations. (b) One point: a few coordinates of a gradient found by "
        "calculus are checked against centered differences, 2 K evaluations; they need no "
        "mathematics beyond f, so they are unlikely to share its bug.",
        model="(a) Two evaluations for each weight: 2 x 25 million x 0.01 s = 500,000 s, "
        "nearly 6 days for one gradient. (b) Check a sample: draw 100 weights, compute their "
        "centered differences, 200 evaluations or 2 seconds, and compare them with the same "
        "entries of the derived gradient. Differences use the values of the loss and not a line "
        "of the derivation, so a mistake in the derivation is not in both. (A bug in the loss "
        "itself would be: the check shows that gradient and loss belong together.)",
    ),
)

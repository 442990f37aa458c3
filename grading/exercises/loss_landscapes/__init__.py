"""02-loss-landscapes: slices, kinks, convexity."""

from ..describe import Written
from . import (
    fast_svm_slice_2d,
    is_midpoint_convex,
    loss_slice_1d,
    loss_slice_2d,
    one_sided_slopes,
)

ASSIGNMENT = "02-loss-landscapes"

EMBARGOED = ("cs231n_utils.landscape", "cs231n_utils.widgets.slices", "cs231n_utils.gradcheck")

EXERCISES = (
    loss_slice_1d.exercise,
    loss_slice_2d.exercise,
    one_sided_slopes.exercise,
    is_midpoint_convex.exercise,
    fast_svm_slice_2d.exercise,
)

WRITTEN = (
    Written(
        "written-kinks",
        ASSIGNMENT,
        2,
        "(a) One point: each of the N images adds C - 1 ramps, each bends at most once, so at "
        "most N (C - 1) = 1.2 million x 999, about 1.2 billion kinks. (b) Half: a jump is "
        "|q| / N, so each of the many kinks is 1 / N as large and the curve looks smooth though "
        "it is not. Half: a step "
        "or difference much wider than the spacing of kinks sees their average (or: gradients "
        "still exist almost everywhere); any sound consequence counts.",
    ),
    Written(
        "written-two-minima",
        ASSIGNMENT,
        2,
        "(a) One point: renaming the hidden units changes no output, so both ends have exactly "
        "the same loss; were the loss convex, the middle could not be above them, and it is. "
        "(b) One point: no; swapping columns of W swaps the classes and changes the loss. (Half "
        "for naming only the convexity of the linear classifier's loss.)",
    ),
)

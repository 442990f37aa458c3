"""02-loss-landscapes: slices, kinks, convexity."""

from ..describe import Written

ASSIGNMENT = "02-loss-landscapes"

EMBARGOED = ("cs231n_utils.landscape", "cs231n_utils.widgets.slices", "cs231n_utils.gradcheck")

EXERCISES = (
    "loss_slice_1d",
    "loss_slice_2d",
    "one_sided_slopes",
    "is_midpoint_convex",
    "fast_svm_slice_2d",
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
        model="(a) Each image adds one ramp for each of the 999 wrong classes, and along a "
        "line a ramp bends at most once: 1.2 million x 999, about 1.2 billion kinks. (b) The "
        "loss is a mean over N images, so the jump in slope at each kink is divided by 1.2 "
        "million. The curve bends nearly everywhere, each time too little to be seen. A step h "
        "that spans many kinks measures the average of the slopes between its ends: a good "
        "estimate of the trend, but the gradient at the point only where no kink lies within h.",
    ),
    Written(
        "written-two-minima",
        ASSIGNMENT,
        2,
        "(a) One point: renaming the hidden units changes no output, so both ends have exactly "
        "the same loss; were the loss convex, the middle could not be above them, and it is. "
        "(b) One point: no; swapping columns of W swaps the classes and changes the loss. (Half "
        "for naming only the convexity of the linear classifier's loss.)",
        model="(a) Reversing the order of the hidden units changes no score, so theta and "
        "swapped have exactly the same loss, 0.73 in our run. Were the loss convex, halfway "
        "between them it would be at most the mean of the two, 0.73 again. It is 1.67. The "
        "inequality f((s + t) / 2) <= (f(s) + f(t)) / 2 fails for one pair, and that is enough. "
        "(b) No. Swapping two columns of W swaps the scores of two classes but not the labels, "
        "so the loss changes: the two points are not equally good, and the trick cannot begin. "
        "(Nor could it succeed: the loss of a linear classifier is convex.)",
    ),
)

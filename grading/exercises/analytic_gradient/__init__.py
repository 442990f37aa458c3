"""05-analytic-gradient: chain rule, gradients of the losses, gradient checks."""

from ..describe import Written
from ..embargo import HOLD_LOSSES

ASSIGNMENT = "05-analytic-gradient"

EMBARGOED = HOLD_LOSSES

EXERCISES = (
    "chain_rule_paths",
    "softmax_jacobian",
    "softmax_vjp",
    "svm_gradient_naive",
    "svm_loss_and_gradient",
    "softmax_loss_and_gradient",
    "relative_error",
    "gradient_check",
    "find_the_bug",
)

WRITTEN = (
    Written(
        "written-correct-class",
        ASSIGNMENT,
        2,
        "(a) One point: each violated margin s_j - s_y + 1 contains s_y with slope -1, so the "
        "correct class's column gets -x_i once for each of them; with 3 violated margins it is "
        "-3 x_i. (b) One point: the columns' entries for an image are +1 for each violated class "
        "and minus their number for the correct one, so they cancel (for softmax: the "
        "probabilities sum to 1, minus 1). It tells that adding the same vector to all columns of "
        "W changes no difference of scores, hence no loss.",
        model="(a) Each violated margin s_j - s_y + 1 contains s_y with a minus sign, and the "
        "gradient of s_y with respect to its column is x_i. So each of them gives the column of "
        "the correct class one -x_i; three give -3 x_i. (b) Hinge: +1 for each violated class "
        "and minus their number for the correct class. Softmax: the probabilities, which sum to "
        "1, and -1 for the correct class. Either way the row sums to 0. Adding the same vector "
        "to every column adds the same number to all scores of an image; no difference of "
        "scores changes, so no loss does, and the slope in that direction is 0. (The loss of "
        "each image in it is that row's sum times a number.)",
    ),
    Written(
        "written-hidden-bug",
        ASSIGNMENT,
        2,
        "(a) One point: the regularization's share of the gradient is below the error that the "
        "check accepts, so any factor in it goes unseen. (b) Half for checking the data term "
        "alone (reg = 0) and the penalty alone (or with reg so large that both terms are of the "
        "same size), half for saying why: then each term's error shows in full.",
        model="(a) The penalty's gradient should be 2 * reg * W. With weights of about 1e-4 "
        "that is about 2e-10, and with the bug 8e-10. Beside the data term's entries, which are "
        "around 1 with pixels up to 255, the difference is far below the error that the check "
        "forgives, and that any numerical gradient has. Any other factor would have passed as "
        "well. (b) Check the two terms apart: once with reg = 0, then the penalty alone, or "
        "with a reg so large that both terms are about equal. Then no large term hides a small "
        "one, and 8 instead of 2 is an error of the size of the gradient itself.",
    ),
)

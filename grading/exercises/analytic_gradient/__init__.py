"""05-analytic-gradient: chain rule, gradients of the losses, gradient checks."""

from ..describe import Written
from ..embargo import HOLD_LOSSES
from . import (
    chain_rule_paths,
    find_the_bug,
    gradient_check,
    relative_error,
    softmax_jacobian,
    softmax_loss_and_gradient,
    softmax_vjp,
    svm_gradient_naive,
    svm_loss_and_gradient,
)

ASSIGNMENT = "05-analytic-gradient"

EMBARGOED = HOLD_LOSSES

EXERCISES = (
    chain_rule_paths.exercise,
    softmax_jacobian.exercise,
    softmax_vjp.exercise,
    svm_gradient_naive.exercise,
    svm_loss_and_gradient.exercise,
    softmax_loss_and_gradient.exercise,
    relative_error.exercise,
    gradient_check.exercise,
    find_the_bug.exercise,
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
    ),
    Written(
        "written-hidden-bug",
        ASSIGNMENT,
        2,
        "(a) One point: the regularization's share of the gradient is below the error that the "
        "check accepts, so any factor in it goes unseen. (b) Half for checking the data term "
        "alone (reg = 0) and the penalty alone (or with reg so large that both terms are of the "
        "same size), half for saying why: then each term's error shows in full.",
    ),
)

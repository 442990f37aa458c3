"""01-loss-functions: hinge loss, softmax, regularization."""

from ..describe import Written
from ..embargo import HOLD_LOSSES
from . import (
    regularization,
    softmax,
    softmax_loss_naive,
    softmax_loss_vectorized,
    svm_loss_naive,
    svm_loss_vectorized,
)

ASSIGNMENT = "01-loss-functions"

EMBARGOED = HOLD_LOSSES

EXERCISES = (
    svm_loss_naive.exercise,
    svm_loss_vectorized.exercise,
    softmax.exercise,
    softmax_loss_naive.exercise,
    softmax_loss_vectorized.exercise,
    regularization.exercise,
)

WRITTEN = (
    Written(
        "written-sanity-check",
        ASSIGNMENT,
        2,
        "(a) One point: all scores are about equal, so each of the C - 1 = 9 wrong classes is a "
        "full margin of 1 short, and the mean over the images keeps 9. (b) One point: the sum "
        "over the images, 900, was divided by the 10 classes; with 200 images it would print "
        "180, where a right loss stays at 9. Half for the bug without a deciding experiment.",
    ),
    Written(
        "written-two-losses",
        ASSIGNMENT,
        2,
        "(a) One point: the hinge loss gains on none, all margins are met; softmax gains on all "
        "in principle, most on (10, 9, 9) at 0.55, little on (10, -2, 3) at 0.0009, nothing "
        "measurable on (10, -100, -100). (b) One point: a reasoned task for each, such as hinge "
        "where only the decision counts, softmax where probabilities are used (ranking, "
        "thresholds, costs). Half if only one is reasoned.",
    ),
)

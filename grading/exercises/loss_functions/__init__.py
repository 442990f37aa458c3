"""01-loss-functions: hinge loss, softmax, regularization."""

from ..describe import Written
from ..embargo import HOLD_LOSSES

ASSIGNMENT = "01-loss-functions"

EMBARGOED = HOLD_LOSSES

EXERCISES = (
    "svm_loss_naive",
    "svm_loss_vectorized",
    "softmax",
    "softmax_loss_naive",
    "softmax_loss_vectorized",
    "regularization",
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
        model="(a) With W near zero all scores of an image are about equal. Each of the 9 "
        "wrong classes lacks the whole lead of 1 and pays max(0, 0 + 1) = 1. So every image "
        "pays 9, and so does the mean over the images. (b) The losses of the 100 images add up "
        "to 900. Divided by the number of classes, 10, instead of the number of images, that is "
        "90. Repeat it with 200 images: this bug prints 180, a correct loss still 9.",
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
        model="(a) Hinge: nothing to gain on any, since every correct score leads by at least "
        "1 and the loss is exactly 0. Softmax: something on all three, since no probability is "
        "exactly 1; most on (10, 9, 9), where p is 0.58 and the loss 0.55, little on (10, -2, "
        "3), 0.0009, and on (10, -100, -100) less than a float can show. (b) Hinge where only "
        "the decision counts, such as a machine that sorts parcels: once the correct class "
        "leads by 1, the effort goes to images that are still wrong. Softmax where the "
        "probabilities are used, such as passing uncertain X-ray images on to a doctor: 0.58 "
        "and 0.999 are different answers there, and only softmax keeps telling them apart.",
    ),
)

"""00-start-here: the warm-up."""

from ..describe import Written

ASSIGNMENT = "00-start-here"

EMBARGOED = ("cs231n_utils.layers",)

EXERCISES = (
    "double_in_place",
    "linear_scores",
    "accuracy",
)

WRITTEN = (
    Written(
        "written-mean-image",
        ASSIGNMENT,
        1,
        "Half: test images stand for images not seen yet, so nothing may be learned from them, "
        "labels or not. Half: the training mean is subtracted from test images too, so that "
        "both go through the same transformation.",
        model="Test images stand for images that the classifier has never seen, so nothing may "
        "be learned from them, with or without labels: else the test accuracy would tell how "
        "well it does on images that it has already had a look at. The mean of the training "
        "images is subtracted from every image, also from test images, because W was found for "
        "images from which exactly this mean was subtracted.",
    ),
)

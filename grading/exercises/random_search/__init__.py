"""03-random-search: labels from scores, random search, random local search."""

from ..describe import Written

ASSIGNMENT = "03-random-search"

EMBARGOED = ("cs231n_utils.local_search",)

EXERCISES = (
    "predict",
    "random_search",
    "random_search_batched",
    "random_local_search",
)

WRITTEN = (
    Written(
        "written-best-of-many",
        ASSIGNMENT,
        2,
        "(a) One point: the best of 1,000 on the test images used the test labels to choose (the "
        "spread of the tries alone puts the highest near 16 %), so the number is no longer a test "
        "and is too high, if only by a little; choosing by training or validation loss leaves the "
        "test images untouched. (b) One point: any honest way counts: choose on training or "
        "validation images and test once, or test the chosen W on images that played no part in "
        "the choice.",
        model="(a) The W was chosen by the very images that measure it. The test accuracies of "
        "1,000 random W scatter around 10 % with a standard deviation of about 1.7 points, and "
        "the highest of a thousand lies about three of them up, near 16 %. It was picked "
        "with the labels of all test images, so it is no test, and it flatters: by little here, "
        "since an accuracy on 10,000 images is uncertain by 0.3 points, but by more the more is "
        "tried and the fewer the images. (b) Choose the W with the lowest loss "
        "on the training images (or the best accuracy on validation images), and measure this "
        "one on the test images, once.",
    ),
    Written(
        "written-step-size",
        ASSIGNMENT,
        2,
        "(a) One point: for a tiny step the loss is nearly a plane, and a random direction points "
        "down that plane as often as up; long steps leave the region where that holds and meet "
        "the rising sides of the bowl. (b) One point: gain is how often times how much: tiny "
        "steps are accepted often but gain next to nothing each, long ones are almost never "
        "accepted, so a middle size wins; reading it off the figure with the reason suffices.",
        model="(a) To a tiny step the loss looks like a plane, and a random direction leads "
        "down a plane as often as up. A long step leaves the region in which that is true: the "
        "loss is a bowl, and far from here it is higher in nearly every direction. (b) What a "
        "run gains is how often a step is accepted times how much it gains. Tiny steps are "
        "accepted half of the time and each gains next to nothing; long ones would gain much "
        "and are hardly ever accepted. The product is largest in between.",
    ),
)

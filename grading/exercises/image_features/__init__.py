"""08-image-features: polar coordinates, hue, HOG, visual words."""

from ..describe import Written

ASSIGNMENT = "08-image-features"

EMBARGOED = ("cs231n_utils.features", "cs231n_utils.widgets.rings")

EXERCISES = (
    "to_polar",
    "hue_histogram",
    "hog_features",
    "extract_patches",
    "kmeans",
    "encode_bag_of_words",
    "describe",
)

WRITTEN = (
    Written(
        "written-feature-choice",
        ASSIGNMENT,
        2,
        "(a) One point: a hue histogram has no positions, so mirrored, shifted or shuffled pixels "
        "give the same features; any change of the image that keeps its hues is right. (b) One "
        "point: HOG keeps positions by cell and drops colors and brightness; a valid pair "
        "of classes or images that differ in shape but not in color (or the reverse), and why.",
        model="(a) Shuffle its pixels. The histogram counts hues and keeps no positions, so it "
        "stays exactly the same, while the picture becomes confetti. (b) Cat and frog among "
        "leaves, say, or a deer and a horse, both brown on green: colors are nearly the same, "
        "outlines differ. HOG keeps the directions of edges and roughly where they are, and "
        "forgets color; hue keeps how much of each color there is, and forgets every shape and "
        "place.",
    ),
    Written(
        "written-honest-codebook",
        ASSIGNMENT,
        2,
        "(a) One point: the codebook and the whitening are learned from the images, without "
        "labels; using test images would let the test set shape the features, so the figure would "
        "no longer stand for new images (a small effect here, but wrong in principle). (b) One "
        "point: more words, smaller stride or pooling must be chosen on the validation images and "
        "tested once; naming the validation set, or cross-validation, suffices.",
        model="(a) The codebook, and the whitening, would be fitted to the test images. The "
        "features would then suit these images a little better than new ones, and the test "
        "accuracy would no longer tell how well the classifier does on images it has never "
        "seen. The effect is small here, but the number is no longer what it claims to be. (b) "
        "Compare 400 and 800 words on the validation images. Report the test accuracy of the "
        "one that you chose, measured once.",
    ),
)

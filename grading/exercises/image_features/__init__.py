"""08-image-features: polar coordinates, hue, HOG, visual words."""

from ..describe import Written
from . import (
    describe,
    encode_bag_of_words,
    extract_patches,
    hog_features,
    hue_histogram,
    kmeans,
    to_polar,
)

ASSIGNMENT = "08-image-features"

EMBARGOED = ("cs231n_utils.features", "cs231n_utils.widgets.rings")

EXERCISES = (
    to_polar.exercise,
    hue_histogram.exercise,
    hog_features.exercise,
    extract_patches.exercise,
    kmeans.exercise,
    encode_bag_of_words.exercise,
    describe.exercise,
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
    ),
)

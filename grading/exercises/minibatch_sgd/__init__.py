"""06-minibatch-sgd: descent, minibatches, the training loop, and its settings."""

from ..describe import Written
from . import (
    epoch_batches,
    gradient_descent,
    sample_minibatch,
    search_hyperparameters,
    train_linear_classifier,
    train_sgd,
)

ASSIGNMENT = "06-minibatch-sgd"

EMBARGOED = (
    "cs231n_utils.training",
    "cs231n_utils.fitting",
    "cs231n_utils.optimizers",
    "cs231n_utils.surfaces",
)

EXERCISES = (
    gradient_descent.exercise,
    sample_minibatch.exercise,
    epoch_batches.exercise,
    train_sgd.exercise,
    search_hyperparameters.exercise,
    train_linear_classifier.exercise,
)

WRITTEN = (
    Written(
        "written-batch-size",
        ASSIGNMENT,
        2,
        "(a) One point: the standard error of a mean of n_b independent gradients falls as "
        "1 / sqrt(n_b), so its variance falls as 1 / n_b; with 100 times the images the deviation "
        "is 10 times smaller, for 100 times the work. (b) One point: for the work of one full "
        "gradient one can take N / n_b steps, each nearly as well directed (cosine near 1 early "
        "on), so the loss falls much further in the same time; reading it off the two figures "
        "with this reason suffices.",
    ),
    Written(
        "written-validation",
        ASSIGNMENT,
        2,
        "(a) One point: the validation accuracy of the best of many settings is the highest of "
        "many noisy numbers (1,000 images: a standard error of about 1.5 points), so it is too "
        "high on average; the test images played no part in the choice. (b) One point: choosing "
        "by test accuracy would make the test images a second validation set and their figure too "
        "high as well, with nothing left to notice it; an answer that says an unbiased estimate "
        "needs images that were used for no choice earns it.",
    ),
)

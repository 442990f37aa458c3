"""06-minibatch-sgd: descent, minibatches, the training loop, and its settings."""

from ..describe import Written

ASSIGNMENT = "06-minibatch-sgd"

EMBARGOED = (
    "cs231n_utils.training",
    "cs231n_utils.fitting",
    "cs231n_utils.optimizers",
    "cs231n_utils.surfaces",
)

EXERCISES = (
    "gradient_descent",
    "sample_minibatch",
    "epoch_batches",
    "train_sgd",
    "search_hyperparameters",
    "train_linear_classifier",
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
        model="(a) By 10. The deviation of a mean of n independent gradients falls as 1 / "
        "sqrt(n), and sqrt(100) = 10. (b) A minibatch of 256 costs 1/191 of the 49,000 images, "
        "and at the start its gradient points nearly where the full one does (see the cosine in "
        "the figure). While you take one exact step, I take 191 steps that are nearly as well "
        "directed, and after each one I look anew. The loss falls much further in the same "
        "time.",
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
        model="(a) Lower, on average. The best of many validation accuracies is the best "
        "partly by luck: with 1,000 images each has a standard error of about 1.5 points, and "
        "the highest of many such numbers is too high. The test images had no part in the "
        "choice, so this luck does not repeat on them. (b) They would become a second "
        "validation set. The accuracy of the chosen setting would be too high on them as well "
        "(by less, because they are more), and no images would be left on which to notice. An "
        "honest number needs images that were used for no choice.",
    ),
)

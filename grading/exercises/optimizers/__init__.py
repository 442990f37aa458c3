"""07-optimizers: six update rules, a schedule, and the bottom of a valley."""

from ..describe import Written

ASSIGNMENT = "07-optimizers"

EMBARGOED = ("cs231n_utils.optimizers",)

EXERCISES = (
    "sgd",
    "momentum",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adam",
    "cosine_schedule",
    "minimize_valley",
)

WRITTEN = (
    Written(
        "written-zigzag",
        ASSIGNMENT,
        2,
        "(a) One point: the learning rate is bounded by the steepest direction (below 2 / 100), "
        "so along the flat one (curvature 1) each step makes at most 2 % of the way left; naming "
        "both the bound and its price is needed, half for the zigzag alone. (b) One point: the "
        "sideways gradients change sign and cancel in the velocity while the forward ones agree "
        "and add up, to 1 / (1 - momentum) times one step; any sound account of both counts.",
        model="(a) Along y each step multiplies y by 1 - 100 eta, so eta must stay below 0.02, "
        "or y grows. Along x the curvature is 1 and each step multiplies x by 1 - eta: at most "
        "2 % of the way left, so that it takes hundreds of steps. The steep direction sets the "
        "rate, the flat one pays. (b) The velocity is a running sum of gradients. Across the "
        "valley they change sign from step to step and cancel; along it they agree and add up "
        "to 1 / (1 - mu) times one gradient, ten times for mu = 0.9. So it gets ahead along x "
        "without a larger eta.",
    ),
    Written(
        "written-adam",
        ASSIGNMENT,
        2,
        "(a) One point: a sound reason drawn from an experiment: step sizes do not depend on the "
        "gradient's scale, so one learning rate works where weights or losses are scaled badly "
        "or little is known. (b) One point: a sound case against, with its experiment: a valley "
        "askew to the axes, the constant rate that keeps rattling, the sequence of gradients on "
        "which Adam walks the wrong way, or that tuned SGD with momentum does as well.",
        model="(a) For it: its steps do not depend on the scale of the gradient, since each "
        "weight's mean gradient is divided by its typical size. In section 12 the loss was "
        "multiplied by 256: the best rate of SGD moved by about that factor, Adam's hardly at "
        "all. (b) Against it: its scaling works along the axes only. In the valley turned by 45 "
        "degrees Adagrad, and Adam without its momentum, collapse, and full Adam ends far above "
        "tuned momentum, which does not care about the angle. (Other cases: the sequence of "
        "gradients on which Adam with a short memory walks to the worst place; on CIFAR-10 "
        "tuned momentum does as well.)",
    ),
)

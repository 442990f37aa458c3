"""All exercises of the course, ``EXERCISES[id]``, and all written questions, ``WRITTEN[id]``."""

from collections.abc import Mapping

from . import (
    analytic_gradient,
    image_features,
    learned_features,
    loss_functions,
    loss_landscapes,
    minibatch_sgd,
    numerical_gradient,
    optimizers,
    random_search,
    start_here,
)
from .describe import Exercise, Written

_MODULES = (
    start_here,
    loss_functions,
    loss_landscapes,
    random_search,
    numerical_gradient,
    analytic_gradient,
    minibatch_sgd,
    optimizers,
    image_features,
    learned_features,
)

EXERCISES: Mapping[str, Exercise] = {
    exercise.id: exercise for module in _MODULES for exercise in module.EXERCISES
}

WRITTEN: Mapping[str, Written] = {
    question.id: question for module in _MODULES for question in module.WRITTEN
}

_HOLD_LOSSES = (
    "cs231n_utils.losses",
    "cs231n_utils.fitting",
    "cs231n_utils.gradcheck",
    "cs231n_utils.landscape",
    "cs231n_utils.numerical_gradient",
    "cs231n_utils.local_search",
    "cs231n_utils.widgets.references",
)

_MODULES_ASKED_FOR: Mapping[str, tuple[str, ...]] = {
    "00-start-here": (),
    "01-loss-functions": _HOLD_LOSSES,
    "02-loss-landscapes": ("cs231n_utils.landscape", "cs231n_utils.widgets.slices"),
    "03-random-search": ("cs231n_utils.local_search",),
    "04-numerical-gradient": ("cs231n_utils.numerical_gradient", "cs231n_utils.gradcheck"),
    "05-analytic-gradient": _HOLD_LOSSES,
    "06-minibatch-sgd": ("cs231n_utils.training", "cs231n_utils.fitting"),
    "07-optimizers": ("cs231n_utils.optimizers",),
    "08-image-features": ("cs231n_utils.features", "cs231n_utils.widgets.rings"),
    "09-learned-features": ("cs231n_utils.layers",),
}

_LIBRARIES = (
    *("torch", "torchvision", "tensorflow", "keras", "jax", "autograd", "numdifftools", "sympy"),
    *("scipy", "sklearn", "skimage", "cv2"),
)
"""Other people's losses, gradients, optimizers and image features."""

EMBARGOED: Mapping[str, tuple[str, ...]] = {
    assignment: (*modules, *_LIBRARIES) for assignment, modules in _MODULES_ASKED_FOR.items()
}
"""By assignment, the modules that hold what the student is asked to write, if only in part."""

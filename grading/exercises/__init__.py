"""All exercises of the course, ``EXERCISES[id]``, and all written questions, ``WRITTEN[id]``.

There is one package per assignment and one module per exercise.
"""

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
from .embargo import OTHER_LIBRARIES, existing

_ASSIGNMENTS = (
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
    exercise.id: exercise for package in _ASSIGNMENTS for exercise in package.EXERCISES
}

WRITTEN: Mapping[str, Written] = {
    question.id: question for package in _ASSIGNMENTS for question in package.WRITTEN
}

EMBARGOED: Mapping[str, tuple[str, ...]] = {
    package.ASSIGNMENT: (*existing(package.EMBARGOED), *OTHER_LIBRARIES) for package in _ASSIGNMENTS
}
"""By assignment, the modules that hold what the student is asked to write, if only in part."""

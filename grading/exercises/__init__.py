"""All exercises of the course, ``EXERCISES[id]``, and all written questions, ``WRITTEN[id]``."""

from collections.abc import Mapping

from ..exercise import Exercise, Written
from . import loss_functions, start_here

_MODULES = (start_here, loss_functions)

EXERCISES: Mapping[str, Exercise] = {
    exercise.id: exercise for module in _MODULES for exercise in module.EXERCISES
}

WRITTEN: Mapping[str, Written] = {
    question.id: question for module in _MODULES for question in module.WRITTEN
}

EMBARGOED: Mapping[str, tuple[str, ...]] = {
    "01-loss-functions": ("cs231n_utils.losses", "cs231n_utils.fitting"),
}
"""By assignment, the modules that hold what the student is asked to write."""

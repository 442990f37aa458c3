"""All exercises of the course: ``EXERCISES[id]``."""

from collections.abc import Mapping

from ..exercise import Exercise
from . import loss_functions, start_here

EXERCISES: Mapping[str, Exercise] = {
    exercise.id: exercise
    for module in (start_here, loss_functions)
    for exercise in module.EXERCISES
}

EMBARGOED: Mapping[str, tuple[str, ...]] = {
    "01-loss-functions": ("cs231n_utils.losses",),
}
"""By assignment, the modules that hold what the student is asked to write."""

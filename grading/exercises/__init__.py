"""All exercises of the course, ``EXERCISES[id]``, and all written questions, ``WRITTEN[id]``.

There is one package per assignment and one module per exercise.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module

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


class _Exercises(MutableMapping[str, Exercise]):
    """Exercises by id, in the order of the course; each is imported when it is first asked for.

    All of them take a third of a second, and who checks an answer waits for one.
    """

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules
        self._imported: dict[str, Exercise | None] = dict.fromkeys(modules)

    def __getitem__(self, name: str) -> Exercise:
        exercise = self._imported[name]
        if exercise is None:
            exercise = self._imported[name] = import_module(self._modules[name]).exercise
        return exercise

    def __contains__(self, name: object) -> bool:
        return name in self._imported

    def __iter__(self) -> Iterator[str]:
        return iter(self._imported)

    def __len__(self) -> int:
        return len(self._imported)

    def __setitem__(self, name: str, exercise: Exercise) -> None:
        self._imported[name] = exercise

    def __delitem__(self, name: str) -> None:
        del self._imported[name]


ASSIGNMENTS: Mapping[str, tuple[str, ...]] = {
    package.ASSIGNMENT: package.EXERCISES for package in _ASSIGNMENTS
}
"""By assignment, in the order of the course, the ids of its exercises."""

EXERCISES: Mapping[str, Exercise] = _Exercises(
    {name: f"{package.__name__}.{name}" for package in _ASSIGNMENTS for name in package.EXERCISES}
)

WRITTEN: Mapping[str, Written] = {
    question.id: question for package in _ASSIGNMENTS for question in package.WRITTEN
}

EMBARGOED: Mapping[str, tuple[str, ...]] = {
    package.ASSIGNMENT: (*existing(package.EMBARGOED), *OTHER_LIBRARIES) for package in _ASSIGNMENTS
}
"""By assignment, the modules that hold what the student is asked to write, if only in part."""


def exercises_of(assignment: str) -> dict[str, Exercise]:
    """The exercises of one assignment, by id; no other is imported."""
    return {name: EXERCISES[name] for name in ASSIGNMENTS.get(assignment, ())}

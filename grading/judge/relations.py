"""What wrong values have in common with the right ones, where no known mistake explains them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from ..exercises.compare import fitted
from ..exercises.describe import Exercise
from .question import Question


@dataclass(frozen=True)
class Pair:
    """One value that an answer returned, the reference's, and the arguments of the call.

    Attributes
    ----------
    arguments : tuple
    got, expected : ndarray
        Of any shape, not necessarily the same one.
    rtol, atol : float
    """

    arguments: tuple[Any, ...]
    got: np.ndarray
    expected: np.ndarray
    rtol: float
    atol: float

    def near(self, value: Any) -> bool:
        """Whether what was returned is this value, within the tolerances."""
        with np.errstate(all="ignore"):
            return np.shape(value) == self.got.shape and np.allclose(
                self.got, value, rtol=self.rtol, atol=self.atol
            )


Detector = Callable[[Exercise, Sequence[Pair]], str | None]
"""From the values of one part to a sentence that is true of all of them, or None."""


def relation(exercise: Exercise, questions: list[Question], reasons: list[str | None]) -> str:
    """A sentence about the first failing part in which one is true; empty if there is none."""
    for part in exercise.parts:
        asked = [
            question
            for question, why in zip(questions, reasons, strict=True)
            if question.case.part == part and not question.case.clocked
        ]
        for pairs in _values(exercise, asked):
            if all(pair.near(pair.expected) for pair in pairs):
                continue
            for detect in DETECTORS:
                sentence = detect(exercise, pairs)
                if sentence:
                    return sentence
    return ""


def _values(exercise: Exercise, questions: Sequence[Question]) -> Iterator[list[Pair]]:
    """The values of all calls, place by place where several are returned."""
    places: dict[tuple, list[Pair]] = {}
    for question in questions:
        pairs = zip(question.observations, question.twin(exercise).observations, strict=False)
        for mine, theirs in pairs:
            if mine.outcome != "returned" or theirs.outcome != "returned":
                continue
            got = fitted(mine.value, theirs.value)
            for place, one, other in _leaves(got, theirs.value, ()):
                pair = Pair(mine.arguments, one, other, question.case.rtol, question.case.atol)
                places.setdefault(place, []).append(pair)
    yield from places.values()


def _leaves(
    got: Any, expected: Any, place: tuple
) -> Iterator[tuple[tuple, np.ndarray, np.ndarray]]:
    if isinstance(expected, tuple | list) and isinstance(got, tuple | list):
        for index, (one, other) in enumerate(zip(got, expected, strict=False)):
            yield from _leaves(one, other, (*place, index))
    elif isinstance(expected, dict) and isinstance(got, dict):
        for key in expected.keys() & got.keys():
            yield from _leaves(got[key], expected[key], (*place, key))
    elif all(isinstance(value, np.ndarray | Real) for value in (got, expected)):
        yield place, np.asarray(got), np.asarray(expected)


def constant_factor(exercise: Exercise, pairs: Sequence[Pair]) -> str | None:
    """All values are the same multiple of the expected ones."""
    ratios = np.concatenate([_ratios(pair) for pair in pairs])
    if ratios.size < 3 or not np.isfinite(ratios).all() or np.isclose(ratios[0], 1, rtol=1e-3):
        return None
    if not all(pair.near(ratios[0] * pair.expected) for pair in pairs):
        return None
    return f"all values of {exercise.id} are {ratios[0]:.4g} times the expected ones."


def _ratios(pair: Pair) -> np.ndarray:
    if pair.got.shape != pair.expected.shape:
        return np.full(1, np.nan)
    numbers = np.abs(pair.expected) > pair.atol
    return (pair.got[numbers] / pair.expected[numbers]).ravel()


DETECTORS: tuple[Detector, ...] = (constant_factor,)
"""In the order in which their sentences are tried."""

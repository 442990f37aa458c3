"""A case put to an answer, what was observed of it, and why it is not answered rightly."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np

from cs231n_utils.checking.channel import Recipe
from cs231n_utils.checking.observe import UNCOUNTED

from ..exercises.compare import NotJudged, compare, described, fitted, same
from ..exercises.describe import Case, Exercise
from ..exercises.observation import Observation, observation_of, returned
from .reasons import changed_argument, describe_call, outcome_reason

MATMUL_SIZES = re.compile(r"^matmul: .*\(size (\d+) is different from (\d+)\)$")
DOT_SIZES = re.compile(r"^shapes .* not aligned: (\d+) \(dim \d+\) != (\d+) \(dim \d+\)$")

SLOW_SECONDS, SLOW_TIMES = 0.1, 12
"""An answer may take this long, and this many times as long as the reference: about twice what the
most unusual right answer was seen to need while six other processes were busy."""


def questions_of(
    exercise: Exercise, rng: np.random.Generator, *, clocked: bool = False
) -> "Iterator[Question]":
    """Draw the questions of one examination, part by part.

    Parameters
    ----------
    exercise : Exercise
    rng : Generator
    clocked : bool
        Also those that need somebody to read time and memory from outside.
    """
    for case in exercise.cases(rng):
        if case.part not in exercise.parts:
            raise ValueError(f"{exercise.id} has no part {case.part!r}")
        if clocked or not case.clocked:
            yield Question(case)


def repeated(exercise: Exercise, questions: "list[Question]") -> "Question | None":
    """The first question with a wrong value, to be put once more: is the value the same again?

    None where all is right, and where a call draws random numbers or counts what it does.
    """
    for question in questions:
        case = question.case
        same_again = not any(isinstance(value, Recipe) for call in case.calls for value in call)
        returned_all = question.complete and question.observations[-1].outcome == "returned"
        if returned_all and same_again and not case.clocked and question.reason(exercise):
            return Question(case)
    return None


class NotExamined(NotJudged):
    """The reason of a question that was not put to the end, since an earlier one ended it all."""


class Question:
    """A case, and what has been observed of it so far."""

    def __init__(self, case: Case):
        self.case = case
        self.observations: list[Observation] = []
        self._reference: Question | None = None
        self._judged: tuple[int, str | None] | None = None

    @property
    def complete(self) -> bool:
        """Whether every call has been observed and none was interrupted."""
        done = len(self.observations) == len(self.case.calls)
        return done and all(o.outcome != "interrupted" for o in self.observations)

    @property
    def uncounted(self) -> bool:
        """Whether lines were to be counted, and could not be."""
        return any(o.work == UNCOUNTED for o in self.observations)

    def put_to(self, function: Callable[..., Any]) -> "Question":
        """The same question, asked of a trusted function in this process."""
        twin = Question(self.case)
        twin._reference = self._reference
        for call in self.case.calls:
            twin.observations.append(
                observation_of(function, call, count_work=self.case.count_work)
            )
        return twin

    def twin(self, exercise: Exercise) -> "Question":
        """The same question, asked of the reference; the answer is kept."""
        if self._reference is None:
            # The first of several runs is slower, and what is allowed depends on the time.
            runs = [self.put_to(exercise.reference) for _ in range(3 if self.case.clocked else 1)]
            self._reference = min(runs, key=Question._seconds)
        return self._reference

    def _seconds(self) -> float:
        return sum(observation.seconds or 0.0 for observation in self.observations)

    def reason(self, exercise: Exercise) -> str | None:
        """Why this question is not answered rightly; None if it is.

        It is a :class:`~grading.exercises.compare.NotJudged` where what the case asks about has
        not been seen.
        """
        seen = len(self.observations)
        if self._judged is None or self._judged[0] != seen:
            self._judged = seen, self._reason(exercise)
        return self._judged[1]

    def _reason(self, exercise: Exercise) -> str | None:
        case, name = self.case, exercise.id
        last = len(case.calls) - 1
        for index in range(len(case.calls)):
            if index >= len(self.observations):
                return NotExamined(f"{name} was not examined to the end.")
            observation = self.observations[index]
            why = outcome_reason(exercise, observation, case.raises if index == last else None)
            if why:
                return self._open_if_how(why) if observation.outcome == "raised" else why
        if case.raises:
            return None
        if case.answer is not None:
            why = self._wrong_values(exercise)
            if why:
                return self._open_if_how(why)
        if case.clocked:
            why = self._too_much(exercise)
            if why:
                return why
        if case.keeps_arguments and not case.asks_how:
            why = changed_argument(self.observations, exercise)
            if why:
                return why
        return self._wrong_property(exercise) if case.verify else None

    def _open_if_how(self, why: str) -> str:
        """How values are computed can be said only of right ones."""
        return (
            NotJudged(f"Not judged until the values are right: {why}")
            if self.case.asks_how
            else why
        )

    def _wrong_property(self, exercise: Exercise) -> str | None:
        """What ``case.verify`` says, which may rely on the reference's containers."""
        try:
            return self.case.verify(self.observations)
        except Exception:
            theirs = self.twin(exercise).observations
        try:
            return self.case.verify(list(map(_fitted, self.observations, theirs)))
        except Exception as error:
            got, expected = (described(returned(seen)) for seen in (self.observations, theirs))
            if got != expected:
                return f"{exercise.id} returned {got}, expected {expected}."
            return (
                f"{exercise.id} returned {got} with values that cannot be judged "
                f"({type(error).__name__}: {error}), expected those that its docstring asks for."
            )

    def wrong_floats(self, exercise: Exercise) -> int:
        """How many different numbers are compared where the reference has other ones."""
        both = self._measured(), self.twin(exercise)._measured()
        if all(both):
            return _count_wrong(fitted(*both[0], *both[1]), *both[1], self.case)
        pairs = zip(self.observations, self.twin(exercise).observations, strict=True)
        return sum(
            _count_wrong(fitted(mine.value, theirs.value), theirs.value, self.case)
            for mine, theirs in pairs
            if theirs.outcome == mine.outcome == "returned"
        )

    def measured_alike(self, other: "Question") -> bool:
        """Whether two functions behaved alike in what the case compares."""
        both = self._measured(), other._measured()
        if not all(both) or self.case.gist:
            return self.alike(other)
        return same(*both[0], *both[1], rtol=self.case.rtol, atol=self.case.atol)

    def _measured(self) -> tuple[Any, ...]:
        """What ``case.answer`` makes of the observations, alone in a tuple; empty if nothing."""
        if self.case.answer is None or any(o.outcome != "returned" for o in self.observations):
            return ()
        try:
            with np.errstate(all="ignore"):
                return (self.case.answer(self.observations),)
        except Exception:
            return ()

    def _wrong_values(self, exercise: Exercise) -> str | None:
        case, theirs = self.case, self.twin(exercise).observations
        pairs = list(zip(map(_fitted, self.observations, theirs), theirs, strict=True))
        for asked in [[pair] for pair in pairs] if case.asks_how else [pairs]:
            mine, others = map(list, zip(*asked, strict=True))
            why = self._difference(mine, others)
            if why:
                measures = f" ({case.measures})" if case.measures else ""
                return f"{exercise.id}{measures} {why} {describe_call(exercise, mine[-1])}"
        return None

    def _too_much(self, exercise: Exercise) -> str | None:
        """What the time or memory of a call shows, read from outside."""
        for mine, theirs in zip(self.observations, self.twin(exercise).observations, strict=True):
            most = SLOW_SECONDS + SLOW_TIMES * theirs.seconds
            if mine.seconds is not None and mine.seconds > most:
                return (
                    f"{exercise.id} took {mine.seconds:.2g} s of processor time, expected at most "
                    f"{most:.2g} s, {SLOW_TIMES} times what such a call needs: {self.case.clocked}"
                )
            if mine.grown is not None and mine.grown > self.case.most_bytes:
                return (
                    f"{exercise.id} took {mine.grown / 1e6:.0f} MB of memory, expected at most "
                    f"{self.case.most_bytes / 1e6:.0f} MB: {self.case.clocked}"
                )
        return None

    def _difference(self, mine: list[Observation], theirs: list[Observation]) -> str | None:
        answer, tolerance = self.case.answer, {"rtol": self.case.rtol, "atol": self.case.atol}
        for one, other in zip(mine, theirs, strict=True):
            numbers = isinstance(other.value, np.ndarray | Real)
            several = isinstance(other.value, tuple | list) and len(mine) > 1
            if (numbers or several) and _shape(one.value) != _shape(other.value):
                # ``case.answer`` could broadcast values of wrong shapes to a huge array.
                why = compare(one.value, other.value, **tolerance)
                if why:
                    return why
        try:
            with np.errstate(all="ignore"):
                got = answer(mine)
        except Exception as error:
            for one, other in zip(mine, theirs, strict=True):
                why = compare(one.value, other.value, **tolerance)
                if why:
                    return why
            return f"cannot be judged by what it returned ({type(error).__name__}: {error})."
        return compare(got, answer(theirs), **tolerance)

    def alike(self, other: "Question") -> bool:
        """Whether two functions behaved alike on this question."""
        if self.case.gist:
            return not self.differences(other)
        tolerance = {"rtol": self.case.rtol, "atol": self.case.atol}
        for mine, theirs in zip(self.observations, other.observations, strict=True):
            if mine.outcome != theirs.outcome:
                return False
            if mine.outcome == "raised" and self._error(mine) != self._error(theirs):
                return False
            if not same(mine.value, theirs.value, **tolerance):
                return False
            if not same(mine.after, theirs.after, **tolerance):
                return False
        return True

    def differences(self, other: "Question") -> set[tuple]:
        """In which traits of the gists two functions behaved otherwise.

        Without a gist there is one trait, the behavior.
        """
        if not self.case.gist:
            return set() if self.alike(other) else {()}
        mine, theirs = self._traits, other._traits
        tolerance = {"rtol": self.case.rtol, "atol": self.case.atol}
        common = mine.keys() & theirs.keys()
        return (mine.keys() ^ theirs.keys()) | {
            place for place in common if not same(mine[place], theirs[place], **tolerance)
        }

    @cached_property
    def _traits(self) -> dict[tuple, Any]:
        """The leaves of the gists by their place; one like no other if a gist cannot be made."""
        try:
            return dict(_leaves(tuple(map(self.case.gist, self.observations))))
        except Exception:
            return {("no gist", id(self)): None}

    def _error(self, observation: Observation) -> tuple[str, str]:
        """The type and message of an error; the type alone where the case asks for an error."""
        error = observation.error or {}
        message = "" if self.case.raises else str(error.get("message"))
        return str(error.get("type")), _alike_for_products(message)


def _alike_for_products(message: str) -> str:
    """The message of an error, the same for ``@`` and ``np.dot`` of arrays that do not fit."""
    by_matmul, by_dot = MATMUL_SIZES.search(message), DOT_SIZES.search(message)
    sizes = by_matmul.groups()[::-1] if by_matmul else by_dot.groups() if by_dot else None
    return f"product with sizes {sizes}" if sizes else message


def _leaves(gist: Any, place: tuple = ()) -> Iterator[tuple[tuple, Any]]:
    if not isinstance(gist, tuple | dict):
        yield place, gist
        return
    for key, item in gist.items() if isinstance(gist, dict) else enumerate(gist):
        yield from _leaves(item, (*place, key))


def _fitted(mine: Observation, theirs: Observation) -> Observation:
    """The observation with its value in the container that the reference uses."""
    return replace(mine, value=fitted(mine.value, theirs.value))


def _shape(value: Any) -> tuple | None:
    """The shape of an array or a number, a tuple of shapes for several values."""
    if isinstance(value, np.ndarray):
        return value.shape
    if isinstance(value, tuple | list):
        return ("several", *(_shape(item) for item in value))
    return () if isinstance(value, Real) else None


def _count_wrong(got: Any, expected: Any, case: Case) -> int:
    """How many different floats, none a whole number, stand where other numbers are expected."""
    if isinstance(got, dict) and isinstance(expected, dict):
        keys = got.keys() & expected.keys()
        return sum(_count_wrong(got[key], expected[key], case) for key in keys)
    if isinstance(got, tuple | list) and isinstance(expected, tuple | list):
        return sum(_count_wrong(*pair, case) for pair in zip(got, expected, strict=False))
    if not all(isinstance(value, np.ndarray | Real) for value in (got, expected)):
        return 0
    numbers = np.asarray(got)
    if numbers.dtype.kind != "f":
        return 0
    wrong = np.isfinite(numbers) & (numbers != np.rint(numbers))
    if numbers.shape == np.shape(expected):
        wrong &= ~np.isclose(numbers, expected, rtol=case.rtol, atol=case.atol)
    return np.unique(numbers[wrong]).size

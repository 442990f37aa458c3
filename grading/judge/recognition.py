"""Which known mistakes an answer makes, told by how it behaves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, compress
from time import thread_time
from typing import Any

from ..exercises.describe import Exercise, Mistake
from ..exercises.loops import LOOPS
from .question import Question

SECONDS_FOR_PAIRS = 3.0
"""Processor time after which no more pairs of slips are tried."""

ENOUGH_FLOATS = 3
"""Two mistakes hardly share so many wrong numbers by chance."""


@dataclass(frozen=True)
class Cause:
    """Known mistakes that explain an answer: all of them together, or either of them."""

    mistakes: tuple[Mistake, ...] = ()
    either: bool = False


def passed_parts(
    exercise: Exercise, questions: list[Question], reasons: list[str | None]
) -> dict[str, bool]:
    """By part, whether something was asked about it and all of that was answered rightly."""
    asked = {question.case.part for question in questions}
    failed = {q.case.part for q, why in zip(questions, reasons, strict=True) if why}
    return {part: part in asked and part not in failed for part in exercise.parts}


def recognize(exercise: Exercise, questions: list[Question], reasons: list[str | None]) -> Cause:
    """What an answer that is not right does wrong, as far as it is known.

    Parameters
    ----------
    exercise : Exercise
    questions : list of Question
        With what was observed.
    reasons : list of str or None
        Why each is not answered rightly.

    Returns
    -------
    Cause
        A mistake, or two slips together, that behave as the answer does in everything; else the
        mistakes that each explain a part; else none.
    """
    # What fails by its time alone hides what it does.
    counted = [not question.case.clocked for question in questions]
    questions, reasons = (list(compress(each, counted)) for each in (questions, reasons))
    if not all(question.complete for question in questions):
        return Cause()
    answer = _Answer(exercise, questions, reasons)
    return answer.one_mistake() or answer.two_slips() or answer.by_part() or Cause()


class _Answer:
    """What an answer did, to be compared with what known mistakes do."""

    def __init__(self, exercise: Exercise, questions: list[Question], reasons: list[str | None]):
        self.exercise, self.questions, self.reasons = exercise, questions, reasons
        self.parts = passed_parts(exercise, questions, reasons)
        asked = zip(questions, reasons, strict=True)
        wrong = [question for question, why in asked if why and not question.case.asks_how]
        # Most known mistakes behave otherwise where the answer is wrong, and are soon discarded.
        self.telling = min(
            wrong, key=lambda q: q.observations[-1].outcome == "raised", default=None
        )

    def one_mistake(self) -> Cause | None:
        """The first mistake that behaves so throughout, and a second one if it does as well."""
        found: list[Mistake] = []
        for mistake in self.exercise.mistakes:
            if mistake.shows is None:
                found += [mistake] if self._throughout(mistake.function) else []
            elif not found and mistake.seen_in([q.observations for q in self.questions]):
                return Cause((mistake,))
            if len(found) == 2:
                return Cause(tuple(found), either=True)
        return Cause(tuple(found)) if found else None

    def two_slips(self) -> Cause | None:
        """The first two slips of one reference with switches that together behave so.

        Where they behave so in too few numbers, no other two may.
        """
        telling = self.telling
        if telling is None:
            return None
        wrong = [q for q, why in zip(self.questions, self.reasons, strict=True) if why]
        certain = sum(q.wrong_floats(self.exercise) for q in wrong) >= ENOUGH_FLOATS
        found, end = None, thread_time() + SECONDS_FOR_PAIRS
        for twisted in self.exercise.twisted:
            names = list(twisted.slips)
            alone = [telling.put_to(twisted.making(name)) for name in names]
            fits = [telling.alike(one) for one in alone]
            shows = [not one.alike(telling.twin(self.exercise)) for one in alone]
            for pair in sorted(combinations(range(len(names)), 2), key=sum):
                # A slip that does not show in this question leaves the other one alone with it.
                if not all(shows[i] for i in pair) and not any(fits[i] for i in pair):
                    continue
                if thread_time() > end:
                    return None
                function = twisted.making(*(names[i] for i in pair))
                if self._throughout(function):
                    if found:
                        return None
                    found = Cause(tuple(twisted.mistake(names[i]) for i in pair))
                    if certain:
                        return found
        return found

    def by_part(self) -> Cause | None:
        """The mistakes that explain all of a failing part, and are right wherever the answer is.

        Each is named even if the answer makes others besides, and by what the part's cases
        compare, whatever else was returned. Only parts with several wrong numbers count, since two
        mistakes hardly share these by chance.
        """
        found: dict[str, Mistake] = {}
        for part in (name for name, passed in self.parts.items() if not passed):
            asked = [question for question in self.questions if question.case.part == part]
            if sum(question.wrong_floats(self.exercise) for question in asked) < ENOUGH_FLOATS:
                continue
            explaining = self._with_fewest_parts(list(self._explaining(asked)))
            if len(explaining) == 1:
                found.setdefault(explaining[0].name, explaining[0])
        return Cause(tuple(found.values())) if found else None

    def _explaining(self, asked: list[Question]) -> Iterator[Mistake]:
        for mistake in self.exercise.mistakes:
            alike = mistake.shows is None and all(
                question.measured_alike(question.put_to(mistake.function)) for question in asked
            )
            if alike and self._contradicts_nothing(mistake.function):
                yield mistake

    def _with_fewest_parts(self, mistakes: list[Mistake]) -> list[Mistake]:
        """Those that make the fewest parts wrong: the others say more than is known."""
        if len(mistakes) < 2:
            return mistakes
        passed = {}
        for mistake in mistakes:
            twins = [question.put_to(mistake.function) for question in self.questions]
            reasons = [twin.reason(self.exercise) for twin in twins]
            passed[mistake.name] = sum(passed_parts(self.exercise, twins, reasons).values())
        return [mistake for mistake in mistakes if passed[mistake.name] == max(passed.values())]

    def _contradicts_nothing(self, function: Callable[..., Any]) -> bool:
        """Whether a mistake is right wherever the answer is."""
        right = (q for q, why in zip(self.questions, self.reasons, strict=True) if why is None)
        return all(question.put_to(function).reason(self.exercise) is None for question in right)

    def _throughout(self, function: Callable[..., Any]) -> bool:
        if self.telling and not self.telling.alike(self.telling.put_to(function)):
            return False
        twins = _alike_twins(self.questions, function)
        if not twins or any(question.case.gist for question in self.questions):
            return bool(twins)
        theirs = [twin.reason(self.exercise) for twin in twins]
        alike = passed_parts(self.exercise, twins, theirs) == self.parts
        return alike and _looping(theirs) == _looping(self.reasons)


def _alike_twins(questions: list[Question], function: Callable[..., Any]) -> list[Question]:
    """The questions put to a trusted function; empty as soon as it behaves otherwise."""
    twins = []
    for question in questions:
        twins.append(question.put_to(function))
        if not question.alike(twins[-1]):
            return []
    return twins


def _looping(reasons: list[str | None]) -> list[bool]:
    return [LOOPS in (reason or "") for reason in reasons]

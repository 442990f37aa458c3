"""Which known mistakes an answer makes, told by how it behaves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, compress
from typing import Any

from cs231n_utils.system.processors import thread_time

from ..exercises.describe import Exercise, Mistake, Twisted
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
        wrong = [q for q, why in asked if why and (q.case.gist or not q.case.asks_how)]
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
        # Two slips seldom raise an error that neither raises alone.
        raised = telling.observations[-1].outcome == "raised"
        found, end = None, thread_time() + SECONDS_FOR_PAIRS / (6 if raised else 1)
        for twisted in self.exercise.twisted:
            names = list(twisted.slips)
            for i, j in self._pairs(telling, twisted):
                if thread_time() > end:
                    return None
                pair = names[i], names[j]
                if self._throughout(twisted.making(*pair)):
                    if found:
                        return None
                    found = Cause(tuple(map(twisted.mistake, pair)))
                    if certain:
                        return found
        return found

    def _pairs(self, telling: Question, twisted: Twisted) -> list[tuple[int, int]]:
        """All pairs of slips that can explain the telling question, likelier ones first.

        More basic slips come first; sooner where one of them behaves as the answer does in that
        question, later where one does nothing there and the other something else.
        """
        right = telling.twin(self.exercise)
        alone = [telling.put_to(twisted.making(name)) for name in twisted.slips]
        fits = [telling.alike(one) for one in alone]
        shows = [one.differences(right) for one in alone]
        wrong = telling.differences(right)

        def rank(pair: tuple[int, int]) -> int:
            i, j = pair
            if fits[i] or fits[j]:
                return (i + j) // 2
            return i + j + (0 if shows[i] and shows[j] else len(alone) // 2)

        pairs = list(combinations(range(len(alone)), 2))
        if telling.case.gist:
            # Each wrong trait needs a slip that touches it.
            pairs = [(i, j) for i, j in pairs if wrong <= shows[i] | shows[j]]
        return sorted(pairs, key=rank)

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

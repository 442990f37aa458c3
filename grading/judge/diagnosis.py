"""The verdict on an examination: the points of each part, the reasons, the known mistake."""

from collections.abc import Callable
from itertools import compress
from typing import Any

import numpy as np

from cs231n_utils.checking.verdict import Verdict

from ..exercises.compare import NotJudged
from ..exercises.describe import Exercise, Mistake
from ..exercises.loops import LOOPS
from .question import Question, questions_of

UNCOUNTED_REMARK = "the lines that Python ran could not be counted: something switched it off"

MAX_REASON = 1_000
"""A longer reason is cut to this many characters, since it may quote what an answer returned."""


def verdict_on(exercise: Exercise, questions: list[Question]) -> Verdict:
    """The verdict on questions whose observations are complete or were cut short."""
    reasons = [_shortened(question.reason(exercise)) for question in questions]
    parts = _passed_parts(exercise, questions, reasons)
    by_part: dict[str, str] = {}
    asked = zip(questions, reasons, strict=True)
    for question, reason in sorted(asked, key=lambda pair: isinstance(pair[1], NotJudged)):
        if reason:
            by_part.setdefault(question.case.part, reason)
    passed = all(parts.values())
    mistake = None if passed else _recognize(exercise, questions, reasons)
    return Verdict(
        exercise=exercise.id,
        passed=passed,
        points=float(sum(exercise.parts[part] for part, earned in parts.items() if earned)),
        max_points=float(exercise.points),
        parts=parts,
        part_points={part: float(points) for part, points in exercise.parts.items()},
        mistake=mistake.name if mistake else None,
        hint=mistake.hint if mistake else None,
        message=str(next(iter(by_part.values()), "")),
        reasons={part: str(reason) for part, reason in by_part.items()},
        unjudged=[part for part, reason in by_part.items() if isinstance(reason, NotJudged)],
        remark=UNCOUNTED_REMARK if any(question.uncounted for question in questions) else "",
    )


def no_points(exercise: Exercise, message: str) -> Verdict:
    """The verdict on an answer that could not be examined."""
    return Verdict(
        exercise=exercise.id,
        max_points=float(exercise.points),
        parts=dict.fromkeys(exercise.parts, False),
        part_points={part: float(points) for part, points in exercise.parts.items()},
        message=message,
        unjudged=list(exercise.parts),
    )


def judge_here(
    exercise: Exercise, function: Callable[..., Any], rng: np.random.Generator
) -> Verdict:
    """Examine a trusted function in this process, where nobody reads its time from outside."""
    questions = list(questions_of(exercise, rng))
    return verdict_on(exercise, [question.put_to(function) for question in questions])


def _passed_parts(
    exercise: Exercise, questions: list[Question], reasons: list[str | None]
) -> dict[str, bool]:
    asked = {question.case.part for question in questions}
    failed = {q.case.part for q, why in zip(questions, reasons, strict=True) if why}
    return {part: part in asked and part not in failed for part in exercise.parts}


def _recognize(
    exercise: Exercise, questions: list[Question], reasons: list[str | None]
) -> Mistake | None:
    # What fails by its time alone hides what it does.
    counted = [not question.case.clocked for question in questions]
    questions, reasons = list(compress(questions, counted)), list(compress(reasons, counted))
    parts = _passed_parts(exercise, questions, reasons)
    if not all(question.complete for question in questions):
        return None
    for mistake in exercise.mistakes:
        if mistake.shows is not None:
            if mistake.seen_in([question.observations for question in questions]):
                return mistake
            continue
        twins = _alike_twins(questions, mistake.function)
        theirs = [twin.reason(exercise) for twin in twins]
        alike = _passed_parts(exercise, twins, theirs) == parts
        if twins and alike and _looping(theirs) == _looping(reasons):
            return mistake
    return _recognize_part(exercise, questions, parts)


def _recognize_part(
    exercise: Exercise, questions: list[Question], parts: dict[str, bool]
) -> Mistake | None:
    """The only mistake that explains all of a failing part, and shows in every other part too.

    It is named even if the answer makes a second mistake in another part. Only parts with wrong
    arrays of floats count, since two mistakes hardly share such an array by chance.
    """
    for part in (name for name, passed in parts.items() if not passed):
        asked = [question for question in questions if question.case.part == part]
        if not any(question.wrong_floats(exercise) for question in asked):
            continue
        explaining = [
            mistake
            for mistake in exercise.mistakes
            if mistake.shows is None and _alike_twins(asked, mistake.function)
        ]
        if len(explaining) == 1 and _shows_throughout(exercise, explaining[0], questions):
            return explaining[0]
    return None


def _shows_throughout(exercise: Exercise, mistake: Mistake, questions: list[Question]) -> bool:
    twins = ((question, question.put_to(mistake.function)) for question in questions)
    return all(twin.reason(exercise) is None or asked.alike(twin) for asked, twin in twins)


def _shortened(reason: str | None) -> str | None:
    if reason is None or len(reason) <= MAX_REASON:
        return reason
    return type(reason)(reason[:MAX_REASON] + " ...")


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

"""The verdict on an examination: the points of each part, the reasons, the known mistake."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from cs231n_utils.checking.verdict import Verdict

from ..exercises.compare import NotJudged
from ..exercises.describe import Exercise
from .question import NotExamined, Question, questions_of, repeated
from .recognition import passed_parts, recognize
from .relations import relation

UNCOUNTED_REMARK = "the lines that Python ran could not be counted: something switched it off"

MAX_REASON = 1_000
"""A longer reason is cut to this many characters, since it may quote what an answer returned."""


def verdict_on(exercise: Exercise, questions: list[Question]) -> Verdict:
    """The points and reasons for questions whose observations are complete or were cut short."""
    reasons = [_shortened(question.reason(exercise)) for question in questions]
    parts = passed_parts(exercise, questions, reasons)
    by_part: dict[str, str] = {}
    asked = zip(questions, reasons, strict=True)
    for question, reason in sorted(asked, key=lambda pair: isinstance(pair[1], NotJudged)):
        if reason:
            by_part.setdefault(question.case.part, reason)
    return Verdict(
        exercise=exercise.id,
        passed=all(parts.values()),
        points=float(sum(exercise.parts[part] for part, earned in parts.items() if earned)),
        max_points=float(exercise.points),
        parts=parts,
        part_points={part: float(points) for part, points in exercise.parts.items()},
        message=str(next(iter(by_part.values()), "")),
        reasons={
            part: str(reason)
            for part, reason in by_part.items()
            if not isinstance(reason, NotExamined)
        },
        unjudged=[part for part, reason in by_part.items() if isinstance(reason, NotJudged)],
        remark=UNCOUNTED_REMARK if any(question.uncounted for question in questions) else "",
    )


def explained(verdict: Verdict, exercise: Exercise, questions: list[Question]) -> Verdict:
    """A verdict with the known mistakes, or else with what the wrong values have in common."""
    if verdict.passed:
        return verdict
    reasons = [question.reason(exercise) for question in questions]
    cause = recognize(exercise, questions, reasons)
    return replace(
        verdict,
        mistakes={mistake.name: mistake.hint for mistake in cause.mistakes},
        either=cause.either,
        measured="" if cause.mistakes else relation(exercise, questions, reasons),
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
    questions = [question.put_to(function) for question in questions_of(exercise, rng)]
    again = repeated(exercise, questions)
    questions += [again.put_to(function)] if again else []
    return explained(verdict_on(exercise, questions), exercise, questions)


def _shortened(reason: str | None) -> str | None:
    if reason is None or len(reason) <= MAX_REASON:
        return reason
    return type(reason)(reason[:MAX_REASON] + " ...")

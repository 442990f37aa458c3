"""How often which parts are lost when one answer is examined many times."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grading.exercises import EXERCISES
from grading.judge.question import questions_of
from tests.support.unusual import answers_to, function_of

Outcomes = Counter[tuple[str, ...]]
"""How often which parts were lost."""


def outcomes(exercise: str, function: Callable[..., Any], n_times: int) -> Outcomes:
    """Examine an answer many times, each time with inputs drawn anew."""
    found: Outcomes = Counter()
    described = EXERCISES[exercise]
    for seed in range(n_times):
        questions = questions_of(described, np.random.default_rng(seed))
        lost = {q.case.part for q in questions if q.put_to(function).reason(described)}
        found[tuple(part for part in described.parts if part in lost)] += 1
    return found


def functions_for(exercise: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The reference, the known mistakes and the right answers, each with its name."""
    described = EXERCISES[exercise]
    yield "reference", described.reference
    for mistake in described.mistakes:
        yield f"mistake {mistake.name!r}", mistake
    for answer in answers_to(exercise):
        function = function_of(answer)
        if function is not None:
            yield f"right answer {answer.form!r}", function

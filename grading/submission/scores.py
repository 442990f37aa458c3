"""The verdict that counts for each exercise, written where nbgrader's SaveAutoGrades reads it.

A graded cell without a recorded verdict gets no points, whatever the cell printed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from cs231n_utils.checking.verdict import Verdict

from ..exercises import EXERCISES
from ..exercises.describe import Exercise
from ..handout.marks import ANSWER_SUFFIX, grade_id, is_answer, is_judged
from ..judge.diagnosis import no_points
from ..ledger import VERDICT_TYPE, verdict_as_data
from .evasion import evasion


def verdicts_of(
    notebook: Mapping[str, Any],
    given: Iterable[Verdict],
    *,
    stopped: str = "",
    unusable: Mapping[str, str] | None = None,
) -> dict[str, Verdict]:
    """The verdict that counts for every exercise of a notebook.

    Parameters
    ----------
    notebook : mapping
        Sanitized and run.
    given : iterable of Verdict
        What the oracle said, in order. Of several for one exercise the one with the most points
        counts, and of several with equal points the last.
    stopped : str
        Why the run ended early, if it did.
    unusable : mapping of str to str
        By grade id, why an answer could not be used.

    Returns
    -------
    dict of str to Verdict
        By exercise, in the order of the notebook.
    """
    best: dict[str, Verdict] = {}
    for verdict in given:
        if verdict.points >= best.get(verdict.exercise, verdict).points:
            best[verdict.exercise] = verdict
    answers = [
        cell["source"]
        for cell in notebook["cells"]
        if is_answer(cell) and cell["cell_type"] == "code"
    ]
    hiding = next(filter(None, map(evasion, answers)), None)
    verdicts = {}
    for name in map(grade_id, filter(is_judged, notebook["cells"])):
        why = (unusable or {}).get(name + ANSWER_SUFFIX)
        if why:
            verdict = no_points(EXERCISES[name], f"{name} could not be judged. {why}")
        else:
            verdict = best.get(name) or no_points(
                EXERCISES[name], _no_verdict(notebook, name, stopped)
            )
        verdicts[name] = _without_guarded_parts(verdict, hiding) if hiding else verdict
    return verdicts


def write_scores(notebook: Mapping[str, Any], verdicts: Mapping[str, Verdict]) -> None:
    """Replace the outputs of every graded code cell by its verdict, in place.

    nbgrader takes a number in an ``execute_result`` as the cell's score. The same output holds
    the verdict as a card for people, and as data for :func:`~grading.ledger.stored_verdict`.
    """
    for cell in filter(is_judged, notebook["cells"]):
        verdict = verdicts[grade_id(cell)]
        data = {
            "text/plain": f"{verdict.points:g}",
            "text/html": verdict.card(),
            VERDICT_TYPE: verdict_as_data(verdict),
        }
        cell["outputs"] = [
            {
                "output_type": "execute_result",
                "data": data,
                "metadata": {},
                "execution_count": None,
            }
        ]


def guarded_parts(exercise: Exercise) -> set[str]:
    """The parts that an answer could earn by deceiving the client, which counts its work."""
    cases = exercise.cases(np.random.default_rng(0))
    return {case.part for case in cases if case.count_work or case.trusts_client}


def _without_guarded_parts(verdict: Verdict, hiding: str) -> Verdict:
    """The verdict without the parts that an answer which can hide its work may not have earned."""
    exercise = EXERCISES[verdict.exercise]
    lost = [part for part in guarded_parts(exercise) if verdict.parts.get(part)]
    if not lost:
        return verdict
    why = (
        f"what {verdict.exercise} does cannot be counted, because an answer of this notebook "
        f"uses {hiding!r}: write it without."
    )
    return replace(
        verdict,
        passed=False,
        points=verdict.points - sum(verdict.part_points[part] for part in lost),
        parts={**verdict.parts, **dict.fromkeys(lost, False)},
        message=verdict.message or why,
        reasons={**verdict.reasons, **dict.fromkeys(lost, why)},
    )


def _no_verdict(notebook: Mapping[str, Any], name: str, stopped: str) -> str:
    """The reason why an exercise was never judged."""
    for cell in notebook["cells"]:
        if grade_id(cell) != name + ANSWER_SUFFIX:
            continue
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                return (
                    f"{name} could not be judged: its cell ended in {output['ename']}: "
                    f"{output['evalue']}{_line_of(output)}."
                )
    if stopped:
        return f"{name} could not be judged. {stopped}"
    return (
        f"{name} could not be judged: its check did not reach the oracle, perhaps because an "
        "answer redefines `check` or closes a connection that it did not open."
    )


def _line_of(error: Mapping[str, Any]) -> str:
    if re.search(r"line \d+", error["evalue"]):
        return ""
    lines = re.findall(r"line (\d+)", "\n".join(error["traceback"]))
    return f" (line {lines[-1]} of the cell)" if lines else ""

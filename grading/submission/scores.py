"""The ledger's verdicts, where nbgrader's SaveAutoGrades reads them.

A graded cell without a recorded verdict gets no points, whatever the cell printed.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from cs231n_utils.checking.verdict import Verdict

from ..exercises import EXERCISES
from ..exercises.describe import Exercise
from ..handout.marks import ANSWER_SUFFIX, grade_id, is_answer, is_judged
from ..judge.diagnosis import no_points
from .evasion import evasion

VERDICT_TYPE = "application/vnd.cs231n.verdict+json"
"""In the output of a graded cell, the MIME type under which its verdict stands as data."""

UNREACHED = ": the oracle never heard of it; an answer may have replaced `check` or cut its channel"


def best_verdicts(ledger: list[dict]) -> dict[str, Verdict]:
    """By exercise, the verdict with the most points; of equals the last."""
    best: dict[str, Verdict] = {}
    for entry in ledger:
        verdict = _verdict_of(entry)
        if verdict.exercise in EXERCISES and (
            verdict.exercise not in best or verdict.points >= best[verdict.exercise].points
        ):
            best[verdict.exercise] = verdict
    return best


def write_scores(
    notebook: Mapping[str, Any],
    ledger: list[dict],
    *,
    stopped: str = "",
    reasons: Mapping[str, str] | None = None,
) -> dict[str, Verdict]:
    """Replace the outputs of every graded code cell by its verdict, in place.

    nbgrader takes a number in an ``execute_result`` as the cell's score. The same output holds
    the verdict as a card for people, and as data for :func:`stored_verdict`.

    Parameters
    ----------
    notebook : mapping
        Sanitized and run.
    ledger : list of dict
        The oracle's entries.
    stopped : str
        Why the run ended early, if it did.
    reasons : mapping of str to str
        By grade id, why an answer could not be used.

    Returns
    -------
    dict of str to Verdict
        By exercise.
    """
    best = best_verdicts(ledger)
    verdicts = {}
    answers = [
        cell["source"]
        for cell in notebook["cells"]
        if is_answer(cell) and cell["cell_type"] == "code"
    ]
    hiding = next(filter(None, map(evasion, answers)), None)
    for cell in filter(is_judged, notebook["cells"]):
        name = grade_id(cell)
        unusable = (reasons or {}).get(name + ANSWER_SUFFIX)
        if unusable:
            verdict = no_points(EXERCISES[name], f"{name} could not be judged. {unusable}")
        else:
            verdict = best.get(name) or no_points(
                EXERCISES[name], _no_verdict(notebook, name, stopped)
            )
        if hiding:
            verdict = _without_guarded_parts(verdict, hiding)
        verdicts[name] = verdict
        data = {
            "text/plain": f"{verdict.points:g}",
            "text/html": verdict.card(),
            VERDICT_TYPE: _stored(verdict),
        }
        cell["outputs"] = [
            {
                "output_type": "execute_result",
                "data": data,
                "metadata": {},
                "execution_count": None,
            }
        ]
    return verdicts


def stored_verdict(cell: Mapping[str, Any]) -> Verdict | None:
    """The verdict that :func:`write_scores` stored in a graded cell; None if there is none.

    Only a notebook that was graded here may be read: the data is taken at its word. What a
    student hands in never gets there, since sanitizing rebuilds the notebook from our source,
    without outputs, and `write_scores` replaces whatever a graded cell put out.

    Raises
    ------
    ValueError
        If what is stored is not a whole verdict.
    """
    for output in cell.get("outputs", []):
        stored = output.get("data", {}).get(VERDICT_TYPE)
        if stored is not None:
            try:
                return _verdict_of(
                    {
                        key: dict(value) if isinstance(value, list) else value
                        for key, value in stored.items()
                    }
                )
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise ValueError(
                    f"the graded cell {grade_id(cell)} holds a verdict that is not whole: "
                    "grade this submission again."
                ) from error
    return None


def guarded_parts(exercise: Exercise) -> set[str]:
    """The parts that an answer could earn by going round the client."""
    cases = exercise.cases(np.random.default_rng(0))
    return {case.part for case in cases if case.count_work or case.trusts_client}


def _stored(verdict: Verdict) -> dict[str, Any]:
    # Notebooks are written with sorted keys, so what has an order is kept as a list of pairs.
    return {
        key: [list(pair) for pair in value.items()] if isinstance(value, dict) else value
        for key, value in asdict(verdict).items()
    }


def _verdict_of(fields: Mapping[str, Any]) -> Verdict:
    return Verdict(**{key: fields[key] for key in Verdict.__dataclass_fields__})


def _without_guarded_parts(verdict: Verdict, hiding: str) -> Verdict:
    """The verdict with the parts failed that an answer which hides things may not have earned."""
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
    return (
        f"{name} could not be judged. {stopped}"
        if stopped
        else f"{name} was not checked{UNREACHED}."
    )


def _line_of(error: Mapping[str, Any]) -> str:
    if re.search(r"line \d+", error["evalue"]):
        return ""
    lines = re.findall(r"line (\d+)", "\n".join(error["traceback"]))
    return f" (line {lines[-1]} of the cell)" if lines else ""

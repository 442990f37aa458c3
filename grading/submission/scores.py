"""The verdict that counts for each exercise, written where nbgrader's SaveAutoGrades reads it.

A graded cell without a recorded verdict gets no points, whatever the cell printed.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cs231n_utils.checking.verdict import Verdict

from ..exercises import EXERCISES
from ..handout.marks import ANSWER_SUFFIX, grade_id, is_judged
from ..judge.diagnosis import no_points
from ..ledger import VERDICT_TYPE, verdict_as_data


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
    verdicts = {}
    for name in map(grade_id, filter(is_judged, notebook["cells"])):
        why = (unusable or {}).get(name + ANSWER_SUFFIX)
        if why:
            verdicts[name] = no_points(EXERCISES[name], f"{name} could not be judged. {why}")
        else:
            verdicts[name] = best.get(name) or no_points(
                EXERCISES[name], _no_verdict(notebook, name, stopped)
            )
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

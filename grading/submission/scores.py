"""The verdict that counts for each exercise, written where nbgrader's SaveAutoGrades reads it.

A graded cell without a recorded verdict gets no points, whatever the cell printed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cs231n_utils.checking.verdict import CheckFailed, Verdict

from ..exercises import EXERCISES
from ..handout.marks import ANSWER_SUFFIX, grade_id, is_judged
from ..judge.diagnosis import no_points
from ..ledger import VERDICT_TYPE, verdict_as_data
from .answer_cells import definitions
from .execute import OUT_OF_TIME

MAX_SAID = 300
"""Of what a check showed, a reason repeats this many characters."""


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
    """What is seen of its cells where an exercise was never judged."""
    cells = {grade_id(cell): cell for cell in notebook["cells"]}
    answer, check = cells.get(name + ANSWER_SUFFIX), cells[name]
    source = answer["source"] if answer else ""
    ended, failed = (_error_of(cell) for cell in (answer, check))
    if ended and ended["ename"] == OUT_OF_TIME:
        why = f"its answer cell {ended['evalue']}."
    elif ended:
        why = f"its answer cell ended in {ended['ename']}: {ended['evalue']}."
    elif not source.strip():
        why = "its answer cell is empty."
    elif stopped:
        return f"{name} could not be judged. {stopped}"
    elif failed and failed["ename"] == NameError.__name__:
        found = definitions(source)
        instead = f"; it defines {' and '.join(found)}" if found else ""
        why = f"its answer cell defines no function {name}{instead}."
        if name in found:
            why = f"its answer cell defines {name} and takes it away again."
    elif failed and failed["ename"] == CheckFailed.__name__:
        why = f"what its answer cell calls {name} is not a function."
    elif failed:
        why = f"its check ended in {failed['ename']}: {failed['evalue']}."
    else:
        said = _said_by(check)
        why = f"its check did not reach the oracle{': ' if said else '.'}{said}"
    return f"{name} could not be judged: {why}"


def _error_of(cell: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    outputs = cell["outputs"] if cell else []
    return next((output for output in outputs if output["output_type"] == "error"), None)


def _said_by(check: Mapping[str, Any]) -> str:
    """What a check showed below its headline."""
    for output in check["outputs"]:
        shown = str(output.get("data", {}).get("text/plain", ""))
        said = " ".join(line.strip() for line in shown.splitlines()[1:] if line.strip())
        if said:
            return said[:MAX_SAID]
    return ""

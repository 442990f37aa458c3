"""Third step of grading: the ledger's verdicts, where nbgrader's own SaveAutoGrades reads them.

A graded cell without a recorded verdict gets no points, whatever the cell printed.
"""

import re

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import is_grade, is_solution

from cs231n_utils.checks import Verdict

from .exercises import EXERCISES
from .release import ANSWER_SUFFIX


def best_verdicts(ledger: list[dict]) -> dict[str, Verdict]:
    """By exercise, the verdict with the most points; of equals the last."""
    best: dict[str, Verdict] = {}
    for entry in ledger:
        verdict = Verdict(**{key: entry[key] for key in Verdict.__dataclass_fields__})
        if verdict.exercise in EXERCISES and (
            verdict.exercise not in best or verdict.points >= best[verdict.exercise].points
        ):
            best[verdict.exercise] = verdict
    return best


def write_scores(notebook: NotebookNode, ledger: list[dict], stopped: str = "") -> None:
    """Replace the outputs of every graded code cell by its verdict, in place.

    nbgrader takes a number in an ``execute_result`` as the cell's score.

    Parameters
    ----------
    notebook : NotebookNode
        Sanitized and run.
    ledger : list of dict
        The oracle's entries.
    stopped : str
        Why the run ended early, if it did.
    """
    best = best_verdicts(ledger)
    for cell in notebook.cells:
        if cell.cell_type != "code" or not is_grade(cell) or is_solution(cell):
            continue
        name = cell.metadata.nbgrader.grade_id
        verdict = best.get(name) or EXERCISES[name].failed(_no_verdict(notebook, name, stopped))
        data = {"text/plain": f"{verdict.points:g}", "text/html": verdict._repr_html_()}
        cell.outputs = [new_output("execute_result", data=data, execution_count=None)]


def _no_verdict(notebook: NotebookNode, name: str, stopped: str) -> str:
    """The reason why an exercise was never judged."""
    reasons = notebook.metadata.get("grading", {}).get("reasons", {})
    answer_id = name + ANSWER_SUFFIX
    if answer_id in reasons:
        return f"{name} could not be judged. {reasons[answer_id]}"
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") != answer_id:
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                return (
                    f"{name} could not be judged: its cell ended in {output.ename}: "
                    f"{output.evalue}{_line_of(output)}."
                )
    return f"{name} could not be judged. {stopped}" if stopped else f"{name} was not checked."


def _line_of(error: NotebookNode) -> str:
    if re.search(r"line \d+", error.evalue):
        return ""
    lines = re.findall(r"line (\d+)", "\n".join(error.traceback))
    return f" (line {lines[-1]} of the cell)" if lines else ""

"""Submissions as students hand them in, graded in one step or step by step."""

import copy
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_grade, is_solution

from cs231n_utils.checking.verdict import Verdict
from grading.classroom.autograde import settings_for
from grading.handout.answers import fill_answers
from grading.handout.release import read_source
from grading.sandbox.outside import Sandbox
from grading.submission.execute import Run, execute
from grading.submission.grade import Graded, Settings, grade
from grading.submission.sanitize import sanitize
from grading.submission.scores import verdicts_of, write_scores
from tests.support.attacks import ANSWER

ASSIGNMENT = "01-loss-functions"
FULL = {
    "svm_loss_naive": 3.0,
    "svm_loss_vectorized": 4.0,
    "softmax": 3.0,
    "softmax_loss_naive": 3.0,
    "softmax_loss_vectorized": 4.0,
    "regularization": 3.0,
}
"""The points of its exercises, in the order of the notebook."""


@cache
def settings_of(assignment: str) -> Settings:
    return settings_for(assignment)


@cache
def _solved(assignment: str) -> NotebookNode:
    return fill_answers(read_source(assignment))


def solved(assignment: str = ASSIGNMENT, **answers: str) -> NotebookNode:
    """A notebook with the right answers, but for those given.

    In them the line ``# <answer>`` stands for the right answer.
    """
    notebook = copy.deepcopy(_solved(assignment))
    for exercise, text in answers.items():
        cell = cell_of(notebook, f"{exercise}-answer")
        cell["source"] = text.replace(ANSWER, cell["source"])
    return notebook


def cell_of(notebook: Mapping[str, Any], grade_id: str) -> Any:
    """The cell with a grade id."""
    return next(
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )


def graded(
    notebook: NotebookNode,
    sandbox: Sandbox,
    *,
    assignment: str = ASSIGNMENT,
    timeout: float = 10.0,
) -> Graded:
    """What the grader says of a notebook, in one step."""
    settings = settings_of(assignment)
    settings = replace(settings, rubric=replace(settings.rubric, timeout=timeout))
    result = grade("student", json.dumps(notebook).encode(), settings, sandbox)
    nbformat.validate(nbformat.from_dict(result.notebook))
    for kept in (asdict(result.entry), result.notebook):
        json.dumps(kept, ensure_ascii=False).encode("utf-8")
    return result


def executed(
    submission: NotebookNode, sandbox: Sandbox, *, timeout: float = 10.0
) -> tuple[NotebookNode, dict[str, float], Run]:
    """Sanitize, run and score; the notebook, the points that nbgrader reads off it, the run."""
    notebook, unusable, _ = sanitize(settings_of(ASSIGNMENT).released, submission)
    run = execute(notebook, ASSIGNMENT, sandbox, timeout=timeout)
    for index, outputs in run.outputs.items():
        notebook["cells"][index]["outputs"] = outputs
    final = verdicts_of(notebook, run.verdicts, stopped=run.stopped, unusable=unusable)
    write_scores(notebook, final)
    notebook = nbformat.from_dict(notebook)
    nbformat.validate(notebook)
    return notebook, _points(notebook), run


def _points(notebook: NotebookNode) -> dict[str, float]:
    return {
        cell.metadata.nbgrader.grade_id: determine_grade(cell)[0]
        for cell in notebook.cells
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)
    }


def printed(result: Graded, exercise: str) -> str:
    """What an answer cell printed."""
    outputs = cell_of(result.notebook, f"{exercise}-answer")["outputs"]
    return "".join(output.get("text", "") for output in outputs)


def card(notebook: Mapping[str, Any], exercise: str) -> str:
    """The card with the verdict, as HTML."""
    return cell_of(notebook, exercise)["outputs"][0]["data"]["text/html"]


def lost_parts(verdict: Verdict) -> set[str]:
    """The parts that a verdict gives no points for."""
    return {part for part, passed in verdict.parts.items() if not passed}


def explained(result: Graded) -> bool:
    """Whether every lost point comes with a reason, in the verdict and in its card."""
    return all(
        verdict.points == verdict.max_points
        or (verdict.message and "<p style" in card(result.notebook, verdict.exercise))
        for verdict in result.entry.verdicts
    )

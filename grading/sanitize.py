"""First step of grading: a trusted notebook around the student's answers.

The notebook is rebuilt from our source. Of the submission only the text of the answer cells
is taken, by grade id; its metadata, outputs, extra cells and kernel are not looked at.
"""

from collections.abc import Mapping
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_solution

from .release import read_source, student_version

MAX_ANSWER_CHARACTERS = 100_000


def sanitize(submission: NotebookNode, assignment: str) -> NotebookNode:
    """Put a submission's answers into a fresh notebook.

    Parameters
    ----------
    submission : NotebookNode
        As handed in; nothing about it is trusted.
    assignment : str

    Returns
    -------
    NotebookNode
        The release version with the student's answers. An answer that is missing or cannot
        be used is left as released, and its reason stands in
        ``metadata["grading"]["reasons"]`` by grade id.
    """
    notebook = student_version(read_source(assignment))
    answers = _answers(submission)
    reasons = {}
    for cell in notebook.cells:
        if not is_solution(cell):
            continue
        grade_id = cell.metadata.nbgrader.grade_id
        answer = answers.get(grade_id)
        if answer is None:
            reasons[grade_id] = "Its answer cell is missing from the notebook handed in."
        elif len(answer) > MAX_ANSWER_CHARACTERS:
            reasons[grade_id] = (
                f"Its answer has {len(answer)} characters, expected at most "
                f"{MAX_ANSWER_CHARACTERS}."
            )
        else:
            cell.source = answer
    notebook.metadata["grading"] = {"reasons": reasons}
    return notebook


def _answers(submission: NotebookNode) -> dict[str, str]:
    """Text of the first cell of each grade id, whatever else the cell claims."""
    answers: dict[str, str] = {}
    cells = submission.get("cells") if isinstance(submission, Mapping) else None
    for cell in cells if isinstance(cells, list) else []:
        grade_id = _dig(cell, "metadata", "nbgrader", "grade_id")
        text = cell.get("source") if isinstance(cell, Mapping) else None
        if isinstance(grade_id, str) and isinstance(text, str):
            answers.setdefault(grade_id, text.encode("utf-8", "replace").decode())
    return answers


def _dig(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


class Sanitize(NbGraderPreprocessor):
    """:func:`sanitize` as a step of ``nbgrader autograde``."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple:
        return sanitize(nb, resources["nbgrader"]["assignment"]), resources

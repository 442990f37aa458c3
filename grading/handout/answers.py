"""Answer cells filled in: with the reference, or as a student would who makes a known mistake."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ..exercises import EXERCISES, WRITTEN
from ..exercises.source import body
from .marks import exercise_of, grade_id

if TYPE_CHECKING:
    from nbformat import NotebookNode


def answer_source(cell: str, function: Callable[..., Any]) -> str:
    """Fill an answer cell with the body of a function.

    Parameters
    ----------
    cell : str
        Source of an answer cell: a signature, a docstring, and a solution region.
    function : callable
        The reference or a known mistake.

    Returns
    -------
    str
        The cell as a student who writes that body would hand it in.
    """
    lines = cell.splitlines()
    start = next(i for i, line in enumerate(lines) if line.strip() == "### BEGIN SOLUTION")
    end = next(i for i, line in enumerate(lines) if line.strip() == "### END SOLUTION")
    return "\n".join(lines[:start] + body(function) + lines[end + 1 :])


def fill_answers(notebook: "NotebookNode", skip: Iterable[str] = ()) -> "NotebookNode":
    """Fill in the references and, where words are asked for, good answers, in place."""
    for cell in notebook.cells:
        question = WRITTEN.get(grade_id(cell))
        if question is not None and question.id not in skip:
            cell.source = question.model
        exercise = EXERCISES.get(exercise_of(grade_id(cell)))
        if exercise is not None and exercise.id not in skip:
            cell.source = answer_source(cell.source, exercise.reference)
    return notebook

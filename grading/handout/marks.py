"""nbgrader's marks on the cells of a notebook, read from plain dicts.

The steps that run in worker processes need no more than this of a notebook, so they start
without nbformat and nbgrader.
"""

from collections.abc import Mapping
from typing import Any

ANSWER_SUFFIX = "-answer"

UNANSWERED = "YOUR ANSWER HERE"
"""What nbgrader puts where students answer in words."""

UNWRITTEN = "# YOUR CODE HERE\nraise NotImplementedError()"
"""What nbgrader puts where students write code."""

SOLUTION_MARKS = ("### BEGIN SOLUTION", "### END SOLUTION")
"""What stands there in the notebook that releases are made from, which a clone holds too."""


def grade_id(cell: Mapping[str, Any]) -> str:
    """The name that nbgrader gives a cell; empty for other cells."""
    return _mark(cell, "grade_id") or ""


def is_answer(cell: Mapping[str, Any]) -> bool:
    """Whether a student writes in this cell."""
    return bool(_mark(cell, "solution"))


def is_judged(cell: Mapping[str, Any]) -> bool:
    """Whether this is a code cell that gets points."""
    return cell["cell_type"] == "code" and is_graded(cell) and not is_answer(cell)


def is_graded(cell: Mapping[str, Any]) -> bool:
    """Whether this cell gets points."""
    return bool(_mark(cell, "grade"))


def is_locked(cell: Mapping[str, Any]) -> bool:
    """Whether a student is to leave this cell as it is."""
    return not is_answer(cell) and (is_graded(cell) or bool(_mark(cell, "locked")))


def points_of(cell: Mapping[str, Any]) -> float:
    """The points that a graded cell can give."""
    return float(_mark(cell, "points") or 0)


def is_experiment(cell: Mapping[str, Any]) -> bool:
    """Whether this cell is only an experiment, on which no points depend."""
    return "experiment" in cell["metadata"].get("tags", [])


def is_blank(answer: str) -> bool:
    """Whether a written answer is empty, or as it was released."""
    lines = {line.strip() for line in answer.splitlines()}
    return lines <= {"", UNANSWERED, *SOLUTION_MARKS}


def exercise_of(answer_id: str) -> str:
    """The exercise that an answer cell answers; empty for a written answer."""
    return answer_id.removesuffix(ANSWER_SUFFIX) if answer_id.endswith(ANSWER_SUFFIX) else ""


def _mark(cell: Mapping[str, Any], name: str) -> Any:
    return cell.get("metadata", {}).get("nbgrader", {}).get(name)

"""From the source notebooks to what students receive and to the solved version."""

from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)

from ..errors import Refused
from ..exercises import EXERCISES

PROJECT = Path(__file__).resolve().parents[2]

NOTEBOOKS = PROJECT / "notebooks"


def assignments() -> list[str]:
    """Names of all assignments, in the order of the course."""
    return sorted({exercise.assignment for exercise in EXERCISES.values()})


def require_assignment(name: str) -> None:
    """Refuse a name that is no assignment's.

    Raises
    ------
    Refused
        If there is no such assignment.
    """
    if name not in assignments():
        known = ", ".join(assignments())
        raise Refused(f"there is no assignment {name!r}, expected one of {known}")


def read_source(assignment: str) -> NotebookNode:
    """Read the source notebook of an assignment.

    Raises
    ------
    Refused
        If there is no such assignment.
    """
    require_assignment(assignment)
    return nbformat.read(NOTEBOOKS / assignment / f"{assignment}.ipynb", as_version=4)


def student_version(source: NotebookNode) -> NotebookNode:
    """The notebook that students get: answers cleared, cells locked, checksums computed."""
    notebook = nbformat.from_dict(source)
    resources = ResourcesDict(nbgrader={})
    for step in (LockCells(), ClearSolutions(), ClearOutput(), ComputeChecksums()):
        notebook, resources = step.preprocess(notebook, resources)
    return notebook

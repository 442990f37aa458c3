"""From the source notebooks to what students receive and to the solved version."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

from cs231n_utils.system.files import write_whole

from ..errors import Refused
from ..exercises import ASSIGNMENTS, exercises_of
from .marks import (
    SOLUTION_MARKS,
    UNANSWERED,
    UNWRITTEN,
    grade_id,
    is_answer,
    is_graded,
    is_judged,
    is_locked,
    points_of,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode

PROJECT = Path(__file__).resolve().parents[2]

NOTEBOOKS = PROJECT / "notebooks"

GLOSSARY = NOTEBOOKS / "glossary.md"
"""Notebooks link to it, as a file in the folder above their own."""


SOLUTION = re.compile(
    r"^([ \t]*){}$.*?(?:^[ \t]*{}$|\Z)".format(*SOLUTION_MARKS), re.MULTILINE | re.DOTALL
)
"""An answer in the source; one that is not ended goes on to the end of its cell."""


def assignments() -> list[str]:
    """Names of all assignments, in the order of the course."""
    return list(ASSIGNMENTS)


def require_assignment(name: str) -> None:
    """Refuse a name that is not the name of an assignment.

    Raises
    ------
    Refused
        If there is no such assignment.
    """
    if name not in assignments():
        known = ", ".join(assignments())
        raise Refused(f"there is no assignment {name!r}, expected one of {known}")


def read_source(assignment: str) -> "NotebookNode":
    """Read the source notebook of an assignment.

    Raises
    ------
    Refused
        If there is no such assignment, or its notebook and its exercises disagree on points.
    """
    import nbformat

    require_assignment(assignment)
    notebook = nbformat.read(NOTEBOOKS / assignment / f"{assignment}.ipynb", as_version=4)
    _require_same_points(assignment, notebook)
    return notebook


def pictures(assignment: str) -> list[Path]:
    """The pictures that a notebook shows, which lie beside it."""
    return sorted((NOTEBOOKS / assignment).glob("*.png"))


def student_version(source: "NotebookNode") -> "NotebookNode":
    """The notebook that students get: answers cleared, cells locked, checksums computed.

    It is what nbgrader's LockCells, ClearSolutions and ComputeChecksums make of the source. They
    are not called, since self-study needs nothing else of nbgrader and of all that comes with it.
    """
    import nbformat

    notebook = nbformat.from_dict(source)
    for cell in notebook.cells:
        if is_answer(cell):
            cell.source = _unanswered(cell)
        if is_answer(cell) or is_locked(cell):
            cell.metadata.deletable = False
            if not is_answer(cell):
                cell.metadata.editable = False
            cell.metadata.nbgrader.update(checksum=_checksum(cell), cell_type=cell.cell_type)
    return notebook


def _unanswered(cell: Mapping[str, Any]) -> str:
    """An answer cell's source, with a stub for each answer, or for all where none is marked."""
    stub = UNWRITTEN if cell["cell_type"] == "code" else UNANSWERED

    def indented(region: re.Match[str]) -> str:
        return indent(stub, region[1])

    cleared, n_regions = SOLUTION.subn(indented, cell["source"])
    return cleared if n_regions else stub


def _checksum(cell: Mapping[str, Any]) -> str:
    """By which nbgrader tells students, when they validate, which cells they changed."""
    marks = (is_graded(cell), is_answer(cell), is_locked(cell))
    points = [str(points_of(cell))] if is_graded(cell) else []
    hashed = [cell["source"], cell["cell_type"], *map(str, marks), grade_id(cell), *points]
    return hashlib.md5("".join(hashed).encode(), usedforsecurity=False).hexdigest()


def write_student_version(assignment: str, folder: Path) -> None:
    """Write what students get of an assignment: the notebook without answers, and its pictures.

    The glossary, to which notebooks link, is put beside the folder.

    Raises
    ------
    Refused, OSError
        If there is no such assignment, or the folder cannot be written.
    """
    import nbformat

    notebook = student_version(read_source(assignment))
    write_whole(folder / f"{assignment}.ipynb", nbformat.v4.writes(notebook) + "\n")
    for picture in pictures(assignment):
        write_whole(folder / picture.name, picture.read_bytes())
    write_whole(folder.parent / GLOSSARY.name, GLOSSARY.read_bytes())


def _require_same_points(assignment: str, notebook: "NotebookNode") -> None:
    said = {exercise.id: float(exercise.points) for exercise in exercises_of(assignment).values()}
    shown = {grade_id(cell): points_of(cell) for cell in filter(is_judged, notebook.cells)}
    differ = [
        f"{name} has {_points(shown.get(name))} in the notebook and {_points(said.get(name))} in "
        "grading/exercises"
        for name in {**said, **shown}
        if said.get(name) != shown.get(name)
    ]
    if differ:
        raise Refused(f"{assignment} says two things: {'; '.join(differ)}: make them equal")


def _points(points: float | None) -> str:
    return "no cell" if points is None else f"{points:g} points"

"""From the source notebooks to what students receive and to the solved version."""

from pathlib import Path
from typing import TYPE_CHECKING

from cs231n_utils.system.files import write_whole

from ..errors import Refused
from ..exercises import EXERCISES
from .marks import grade_id, is_judged, points_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

PROJECT = Path(__file__).resolve().parents[2]

NOTEBOOKS = PROJECT / "notebooks"

GLOSSARY = NOTEBOOKS / "glossary.md"
"""Notebooks link to it, as a file in the folder above their own."""


def assignments() -> list[str]:
    """Names of all assignments, in the order of the course."""
    return sorted({exercise.assignment for exercise in EXERCISES.values()})


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
    """The notebook that students get: answers cleared, cells locked, checksums computed."""
    # These take more than a second, and many commands need names of assignments alone.
    import nbformat
    from nbconvert.exporters.exporter import ResourcesDict
    from nbgrader.preprocessors import ClearOutput, ClearSolutions, ComputeChecksums, LockCells

    notebook = nbformat.from_dict(source)
    resources = ResourcesDict(nbgrader={})
    for step in (LockCells(), ClearSolutions(), ClearOutput(), ComputeChecksums()):
        notebook, resources = step.preprocess(notebook, resources)
    return notebook


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
    said = {
        exercise.id: float(exercise.points)
        for exercise in EXERCISES.values()
        if exercise.assignment == assignment
    }
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

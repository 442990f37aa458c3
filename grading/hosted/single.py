"""Grades the one notebook in a folder that a platform has laid out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..handout.marks import grade_id, is_answer, is_graded, points_of
from ..ledger import Entry
from ..sandbox.outside import Sandbox
from ..submission.grade import Settings, grade
from ..submission.read import Task, fetch

STUDENT = "student"
"""Who handed in is the platform's business, and stands nowhere in what it gets back."""

MAX_LISTED = 5


@dataclass(frozen=True)
class Row:
    """One part of an exercise, as a platform lists it.

    Attributes
    ----------
    exercise, part : str
    points, max_points : float
    text : str
        Why it did not pass; empty if it did.
    """

    exercise: str
    part: str
    points: float
    max_points: float
    text: str = ""

    @property
    def passed(self) -> bool:
        """Whether it has all its points."""
        return self.points >= self.max_points


def notebook_in(folder: Path, assignment: str) -> Task:
    """The notebook to be graded: the one named like the assignment, or the only one.

    Parameters
    ----------
    folder : Path
        What was handed in; the notebook may lie in folders of it, but in no hidden one.
    assignment : str
    """
    found = []
    for path in folder.rglob("*.ipynb"):
        inner = path.relative_to(folder).parts
        if not any(name.startswith(".") or name == "__MACOSX" for name in inner):
            found.append(path)
    found.sort(key=lambda path: (len(path.parts), path))
    named = [path for path in found if path.stem == assignment]
    if named or len(found) == 1:
        return Task(STUDENT, str((named or found)[0]))
    expected = f"Expected a notebook named {assignment}.ipynb"
    if not found:
        return Task(STUDENT, "", f"{expected}, found none.")
    names = ", ".join(path.name for path in found[:MAX_LISTED])
    return Task(STUDENT, "", f"{expected}, found {names}.")


def grade_folder(folder: Path, settings: Settings, sandbox: Sandbox) -> Entry:
    """Grade what a folder holds; whatever is wrong with it becomes an entry with a reason.

    Parameters
    ----------
    folder : Path
    settings : Settings
    sandbox : Sandbox
    """
    task = notebook_in(folder, settings.assignment)
    return grade(STUDENT, fetch(task), settings, sandbox).entry


def rows(entry: Entry) -> Iterator[Row]:
    """The parts of all exercises, in the order of the notebook."""
    for verdict in entry.verdicts:
        hint = "".join(f"\n{cause}. {hint}" for cause, hint in verdict.causes)
        said = verdict.message
        for part, passed in verdict.parts.items():
            most = verdict.part_points[part]
            if passed:
                yield Row(verdict.exercise, part, most, most)
                continue
            # A reason for all of an exercise is said once, and so is its likely cause.
            text = verdict.reasons.get(part) or said or "Not judged, see above."
            yield Row(verdict.exercise, part, 0.0, most, text + hint)
            said = hint = ""


def written_questions(settings: Settings) -> dict[str, float]:
    """The questions that a person marks, and their points."""
    return {
        grade_id(cell): points_of(cell)
        for cell in settings.released["cells"]
        if is_answer(cell) and is_graded(cell)
    }

"""Finds what was handed in: one task for each student's folder."""

import hashlib
import os
import re
from pathlib import Path

from ..errors import Refused
from ..handout.release import assignments
from ..printing import printable
from ..submission.read import Task

MAX_NAME_BYTES = 200
"""Longer names of students are cut, since files are named after them with a suffix, and most file
systems allow 255 bytes."""

MARK_LENGTH = 16
"""A mark has this many hexadecimal digits, so that no other name can be found for it."""


def find_submissions(folder: Path, assignment: str) -> list[Task]:
    """One task for each student's folder, even if it holds no notebook that can be read.

    A hidden folder counts as a student's only if the assignment is in it.

    Parameters
    ----------
    folder : Path
        Holds ``STUDENT/ASSIGNMENT.ipynb`` or ``STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb``.
    assignment : str

    Raises
    ------
    Refused
        If the folder cannot be read.
    """
    try:
        students = sorted(folder.iterdir())
    except OSError as error:
        raise Refused(f"{folder} cannot be read ({error.strerror}), expected a folder") from None
    tasks = []
    for path in students:
        name = _student_of(path)
        try:
            task = _task_of(name, path, assignment)
        except OSError as error:
            task = Task(name, "", f"Its folder cannot be read ({error.strerror}).")
        if task is not None:
            tasks.append(task)
    return tasks


def _student_of(folder: Path) -> str:
    """A name for the student of a folder that can be printed and be part of a file's name.

    A name that has to be changed gets a mark, so that no two students have the same one. A name
    that looks as if it had a mark already gets one as well.
    """
    name = folder.name
    whole = os.fsencode(name)
    marked = re.search(rf"\?-[0-9a-f]{{{MARK_LENGTH}}}$", name)
    if len(whole) <= MAX_NAME_BYTES and name.isprintable() and not marked:
        return name
    mark = hashlib.sha256(whole).hexdigest()[:MARK_LENGTH]
    shown = printable(name).encode()[: MAX_NAME_BYTES - MARK_LENGTH - 2]
    return f"{shown.decode(errors='ignore')}?-{mark}"


def _places(folder: Path, assignment: str) -> tuple[Path, Path]:
    """Where a student's folder may hold the notebook, the first place first."""
    wanted = f"{assignment}.ipynb"
    return folder / assignment / wanted, folder / wanted


def _task_of(name: str, folder: Path, assignment: str) -> Task | None:
    """The task of a student's folder; None if it is no folder or lacks the assignment."""
    wanted = f"{assignment}.ipynb"
    inner = folder / assignment
    if folder.name.startswith("."):
        if not any(place.is_file() for place in _places(folder, assignment)):
            return None
        return Task(name, "", "Its folder is hidden: name it without a first dot.")
    if folder.is_symlink():
        return Task(name, "", f"{name} is a symbolic link, expected a folder.")
    if not folder.is_dir():
        return None
    if inner.is_symlink():
        return Task(name, "", f"{assignment} is a symbolic link, expected a folder.")
    for path in _places(folder, assignment):
        if path.is_symlink() or path.exists():
            return Task(name, str(path))
    place = inner if inner.is_dir() else folder
    others = sorted(path for path in place.glob("*.ipynb") if path.stem not in assignments())
    if len(others) == 1:
        return Task(name, str(others[0]))
    if others:
        names = ", ".join(printable(path.name) for path in others[:5])
        return Task(name, "", f"Expected one notebook named {wanted}, found {names}.")
    if inner.is_dir() or not any(folder.iterdir()):
        return Task(name, "", f"Expected a notebook named {wanted}, found none.")
    return None

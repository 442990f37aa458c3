"""What the commands do that let a platform grade; `command_line` declares them."""

import os
from pathlib import Path

from .classroom.autograde import settings_for
from .classroom.course import Course
from .errors import Refused
from .hosted.github import summary, tell_github, write_template
from .hosted.gradescope import write_autograder
from .hosted.single import grade_folder
from .ledger import GRADED
from .sandbox.outside import Sandbox

OK, UNGRADABLE = 0, 1


def gradescope(course: Course, assignment: str, visibility: str, timeout: float) -> Path:
    """Write an autograder for Gradescope into ``gradescope/`` of the course.

    Raises
    ------
    Refused
        If there is no such assignment or visibility.
    """
    settings = settings_for(assignment, timeout=timeout)
    return write_autograder(course.root / "gradescope" / f"{assignment}.zip", settings, visibility)


def github(course: Course, assignment: str, repository: str) -> Path:
    """Write a template repository for GitHub Classroom into ``github/`` of the course.

    Raises
    ------
    Refused
        If there is no such assignment, or the repository's name is none.
    """
    return write_template(course.root / "github" / assignment, settings_for(assignment), repository)


def grade_one(assignment: str, folder: Path, *, timeout: float, confined: bool) -> int:
    """Grade the notebook in a folder and print a summary, or write it where GitHub wants it.

    Parameters
    ----------
    assignment : str
    folder : Path
    timeout : float
        Seconds that one cell may take.
    confined : bool

    Returns
    -------
    int
        0 if it was graded.

    Raises
    ------
    Refused
        If there is no such assignment, folder or sandbox.
    """
    settings = settings_for(assignment, timeout=timeout, confined=confined)
    if not folder.is_dir():
        raise Refused(f"{folder} is not a folder, expected one that holds {assignment}.ipynb")
    with Sandbox(confined=confined) as sandbox:
        entry = grade_folder(folder, settings, sandbox)
    if not tell_github(entry, settings, os.environ):
        print(summary(entry, settings), end="")
    return OK if entry.status == GRADED else UNGRADABLE

"""Keeps a copy of a course, and forgets a student."""

import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

from cs231n_utils.system.files import write_whole, written_whole

from ..errors import Refused
from ..gradebook.database import COURSE_ID, open_gradebook
from ..gradebook.grades import database_exists
from ..gradebook.recorded import drop_orphans
from .course import Course
from .roster import ROSTER, Roster, course_roster

STEPS = ("submitted", "autograded", "feedback")


def traces(course: Course, student: str) -> list[Path]:
    """The files and folders of a student in a course.

    Raises
    ------
    Refused
        If the name cannot be a student's.
    """
    if student in ("", ".", "..") or Path(student).name != student:
        raise Refused(f"{student!r} cannot be a student's id")
    places = [course.root / step / student for step in STEPS]
    places += [course.ledger.path(name, student) for name in course.ledger.assignments()]
    found = [place for place in places if place.exists() or place.is_symlink()]
    if any(place.parent.name == "feedback" for place in found):
        found += sorted((course.root / "feedback").glob("*.zip"))
    return found


def forget(course: Course, student: str) -> list[str]:
    """Delete all that a course holds of a student; what was deleted.

    Reports are of the whole class and have to be written anew.

    Raises
    ------
    Refused
        If the course holds nothing of the student, or another grader works in it.
    """
    from nbgrader.api import MissingEntry  # takes a second, which `backup` does not need

    with course.locked():
        deleted = []
        for place in traces(course, student):
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            else:
                place.unlink()
            deleted.append(str(place))
        if database_exists(course.db_url):
            with open_gradebook(course.db_url, COURSE_ID) as gradebook:
                try:
                    gradebook.remove_student(student)
                    drop_orphans(gradebook.db)
                    deleted.append("the gradebook's rows")
                except MissingEntry:
                    pass
        roster = course_roster(course.root)
        if roster and student in roster.ids:
            rest = Roster(person for person in roster.people if person.id != student)
            write_whole(course.root / ROSTER, rest.as_text())
            deleted.append(f"a row of {course.root / ROSTER}")
    if not deleted:
        raise Refused(f"{course.root} holds nothing of {student}")
    return deleted


def backup(course: Course, target: Path) -> Path:
    """Write a zip of a course, with its gradebook as it is at one moment.

    Raises
    ------
    Refused
        If there is no course, or another grader works in it.
    OSError
        If the zip cannot be written.
    """
    if not course.root.is_dir():
        raise Refused(f"{course.root} does not exist")
    target = Path(target).absolute()
    with (
        course.locked(),
        tempfile.TemporaryDirectory() as folder,
        written_whole(target) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for path in sorted(course.root.rglob("*")):
            name = path.relative_to(course.root).as_posix()
            # The zip may lie in the course, and is written beside itself.
            if path.is_symlink() or not path.is_file() or target.name in path.name:
                continue
            if name.startswith("gradebook.db-") or name == ".grading.lock":
                continue
            if name == "gradebook.db":
                path = _snapshot(path, Path(folder))
            archive.write(path, name)
    return target


def _snapshot(database: Path, folder: Path) -> Path:
    """A copy of a SQLite file that holds what its write-ahead log holds too."""
    copy = folder / database.name
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as whole:
        source.backup(whole)
    return copy

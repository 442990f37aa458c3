"""The whole way of a class from hand-in to gradebook: find, grade, keep, record.

Every result is kept in ``ledger/ASSIGNMENT/STUDENT.json`` before its scores are recorded, so a
run that was cut short can be taken up where it stopped.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc
from sqlalchemy.exc import SQLAlchemyError

from cs231n_utils.files import write_whole

from .errors import Refused
from .grade import Settings, Task, digest, fetch
from .printing import printable
from .record import Recorder
from .release import NOTEBOOKS, PROJECT, assignments, read_source, student_version
from .sanitize import file_problem

COURSE = PROJECT / "grading"
MAX_NAME_BYTES = 200
"""Room for a suffix: file systems take 255 bytes."""

MARK_LENGTH = 16
"""Hexadecimal digits: too many to look for another name with the same mark."""


@dataclass
class Course:
    """A folder that nbgrader knows as a course.

    Parameters
    ----------
    root : Path
    db_url : str, optional
        SQLAlchemy URL; by default ``gradebook.db`` in ``root``.
    """

    root: Path = COURSE
    db_url: str = ""

    def __post_init__(self) -> None:
        self.root = self.root.resolve()
        self.db_url = self.db_url or f"sqlite:///{self.root / 'gradebook.db'}"

    @property
    def submitted(self) -> Path:
        """Where nbgrader expects what was handed in."""
        return self.root / "submitted"

    def ledger(self, assignment: str, student: str) -> Path:
        """The file that keeps what came of a submission."""
        return self.root / "ledger" / assignment / f"{student}.json"

    def autograded(self, assignment: str, student: str) -> Path:
        """The graded notebook."""
        return self.root / "autograded" / student / assignment / f"{assignment}.ipynb"

    def results(self, assignment: str) -> list[dict[str, Any]]:
        """What is kept of an assignment, by student; damaged files are left out."""
        return [
            result
            for path in sorted((self.root / "ledger" / assignment).glob("*.json"))
            if (result := read_result(path)) is not None
        ]

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other grader out of this course.

        Raises
        ------
        Refused
            If there is one already, or the course cannot be written.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            file = open(self.root / ".grading.lock", "a+")  # noqa: SIM115 - kept open below
        except OSError as error:
            raise Refused(
                f"{self.root} cannot be written ({error.strerror}): name another course with --out"
            ) from error
        with file as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.seek(0)
                raise Refused(
                    f"another grader (process {lock.read().strip() or 'unknown'}) works in "
                    f"{self.root}: wait until it is done"
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield


@dataclass
class Totals:
    """How a run went."""

    graded: int = 0
    ungradable: int = 0
    kept: int = 0
    unrecorded: list[str] = field(default_factory=list)


def settings_for(assignment: str, *, timeout: float, confined: bool) -> Settings:
    """What all submissions of an assignment share.

    Raises
    ------
    Refused
        If there is no such assignment.
    """
    released = json.loads(json.dumps(student_version(read_source(assignment))))
    return Settings(assignment, released, timeout=timeout, confined=confined)


def find_submissions(folder: Path, assignment: str) -> list[Task]:
    """One task for each student's folder, also where there is no notebook to be read.

    Hidden folders are no students', unless the assignment is in them.

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


def grade_class(
    tasks: Iterable[Task],
    results: Iterable[dict[str, Any]],
    course: Course,
    recorder: Recorder,
    totals: Totals,
) -> Iterator[dict[str, Any]]:
    """Keep and record results as they come, and pass them on.

    Raises
    ------
    Refused
        If a result cannot be kept.
    """
    paths = {task.student: task.path for task in tasks}
    for result in results:
        notebook = result.pop("notebook")
        student, assignment = result["student"], result["assignment"]
        keep(course.autograded(assignment, student), _as_text(notebook))
        keep(course.ledger(assignment, student), json.dumps(result, indent=1))
        _record(recorder, course, result, notebook, paths.get(student, ""), totals)
        if result["status"] == "graded":
            totals.graded += 1
        else:
            totals.ungradable += 1
        yield result


def still_to_do(
    tasks: Iterable[Task], course: Course, settings: Settings, recorder: Recorder, totals: Totals
) -> Iterator[Task]:
    """The tasks without a result for what is handed in now; results not recorded yet are."""
    for task in tasks:
        kept = read_result(course.ledger(settings.assignment, task.student))
        if kept is None or kept.get("digest") != digest(fetch(task)):
            yield task
            continue
        totals.kept += 1
        if not kept.get("recorded"):
            with contextlib.suppress(OSError, ValueError):
                graded = course.autograded(settings.assignment, task.student)
                notebook = json.loads(graded.read_text(encoding="utf-8"))
                _record(recorder, course, kept, notebook, task.path, totals)
                continue
            yield task


def read_result(path: Path) -> dict[str, Any] | None:
    """A kept result; None where there is none, or a damaged one."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return result if isinstance(result, dict) and "student" in result else None


def keep(path: Path, text: str) -> None:
    """Write a file whole.

    Raises
    ------
    Refused
        If it cannot be written.
    """
    try:
        write_whole(path, text)
    except OSError as error:
        raise Refused(
            f"{path} cannot be written ({error.strerror}): mend that, then go on with --resume"
        ) from error


def write_nbgrader_config(course: Course) -> None:
    """Let nbgrader's own commands and the formgrader work in this course."""
    path = course.root / "nbgrader_config.py"
    if course.root == COURSE or path.exists():
        return
    lines = [
        "c = get_config()",
        f"load_subconfig({str(COURSE / 'nbgrader_config.py')!r})",
        f"c.CourseDirectory.root = {str(course.root)!r}",
        f"c.Execute.ledger = {str(course.root / 'ledger')!r}",
        f"c.CourseDirectory.db_url = {course.db_url!r}",
        f"c.CourseDirectory.source_directory = {str(NOTEBOOKS)!r}",
    ]
    keep(path, "\n".join(lines) + "\n")


def _record(
    recorder: Recorder,
    course: Course,
    result: dict[str, Any],
    notebook: dict[str, Any],
    handed_in: str,
    totals: Totals,
) -> None:
    student, started = result["student"], time.monotonic()
    try:
        recorder.record(student, notebook, _time_stamp(handed_in))
    except SQLAlchemyError:
        totals.unrecorded.append(student)
        return
    result["recorded"] = True
    spent = round(time.monotonic() - started, 4)
    result["spent"] = {**result.get("spent", {}), "record": spent}
    keep(course.ledger(result["assignment"], student), json.dumps(result, indent=1))


def _student_of(folder: Path) -> str:
    """A folder's name, such that it can be printed, be part of a file's name, and is no other's.

    A name that is changed gets a mark; one that looks as if it had one gets one too.
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
    """The task for a student's folder; None if it is none, or holds only other assignments."""
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


def _time_stamp(handed_in: str) -> datetime | None:
    """What nbgrader's timestamp.txt beside a submission says."""
    path = Path(handed_in).parent / "timestamp.txt"
    if not handed_in or file_problem(path):
        return None
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read(100).strip()
        stamp = parse_utc(text) if text else None
    except (OSError, ValueError, ArithmeticError, TypeError):
        return None
    # Comparing a time at the edge of the calendar with a due date can overflow.
    return stamp if stamp is None or 1970 <= stamp.year < 9999 else None


def _as_text(notebook: dict[str, Any]) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"

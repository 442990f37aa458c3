"""The whole way of a class from hand-in to gradebook: find, grade, keep, record.

Every result is kept in ``ledger/ASSIGNMENT/STUDENT.json`` before its scores are recorded, so a
run that was cut short can be taken up where it stopped.
"""

import contextlib
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from cs231n_utils.system.files import write_whole

from ..errors import Refused
from ..gradebook.record import Recorder
from ..handout.release import NOTEBOOKS, read_source, student_version
from ..ledger import read_result
from ..submission.grade import Settings, Task, digest, fetch
from .course import COURSE, Course
from .submissions import _time_stamp


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


def _as_text(notebook: dict[str, Any]) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"

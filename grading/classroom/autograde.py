"""The whole way of a class from hand-in to gradebook: find, grade, keep, record.

Every entry is in the ledger before its scores are in the gradebook, which is derived from it: what
the gradebook lacks is recorded anew, whatever it lost and why.
"""

import contextlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from sqlalchemy.exc import SQLAlchemyError

from cs231n_utils.system.files import write_whole

from ..errors import Refused
from ..exercises.digest import exercises_digest
from ..gradebook.record import Recorder
from ..gradebook.recorded import Recorded
from ..handout.release import read_source, student_version
from ..ledger import GRADED, Damaged, Entry, Rubric
from ..rules.count import Score
from ..submission.grade import Graded, Settings, rebuilt
from ..submission.read import Task, digest, fetch, file_problem
from .course import Course
from .hand_in import MAX_SECRET_BYTES, SECRET
from .moments import STAMP, time_stamp

BESIDE = (STAMP, SECRET)
"""The files beside a notebook handed in that nbgrader needs beside the graded one to return
feedback."""


@dataclass
class Totals:
    """How a run went: how many were graded, could not be, and were kept from before.

    Attributes
    ----------
    graded, ungradable, kept : int
    stale : int
        Of the submissions judged, those that an older rubric had judged before.
    restored : int
        Of those kept, the ones that the gradebook did not have.
    renewed : int
        Of those kept, the ones that the gradebook had with another score.
    unrecorded : list of str
        Whose scores could not be written into the gradebook.
    """

    graded: int = 0
    ungradable: int = 0
    kept: int = 0
    stale: int = 0
    restored: int = 0
    renewed: int = 0
    unrecorded: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Settled:
    """What came of a submission, and what it gets; ``kept`` if it was not judged again."""

    entry: Entry
    score: Score
    kept: bool = False


def settings_for(assignment: str, *, timeout: float = 10.0, confined: bool = True) -> Settings:
    """The settings that all submissions of an assignment share.

    Raises
    ------
    Refused
        If there is no such assignment, or its notebook and its exercises disagree.
    """
    released = json.loads(json.dumps(student_version(read_source(assignment))))
    rubric = Rubric(exercises_digest(assignment, released), timeout, confined)
    return Settings(assignment, released, rubric)


def grade_class(
    tasks: Iterable[Task],
    results: Iterable[Graded],
    course: Course,
    recorder: Recorder,
    totals: Totals,
) -> Iterator[Settled]:
    """Keep and record results as they come, and pass on what came of them.

    Raises
    ------
    Refused
        If a result cannot be kept.
    """
    paths = {task.student: task.path for task in tasks}
    for result in results:
        entry, handed_in = result.entry, paths.get(result.entry.student, "")
        keep(result, course, handed_in)
        score = _record(recorder, entry, result.notebook, handed_in, totals)
        if entry.status == GRADED:
            totals.graded += 1
        else:
            totals.ungradable += 1
        yield Settled(entry, score)


def still_to_do(
    tasks: Iterable[Task], course: Course, settings: Settings, recorder: Recorder, totals: Totals
) -> tuple[list[Task], list[Settled]]:
    """The tasks whose file, as it is now, has not been judged by the rubric as it is now.

    The other entries are kept, and recorded anew where the gradebook has another score or none.
    """
    recorded = recorder.recorded()
    todo, kept = [], []
    for task in tasks:
        entry = None
        with contextlib.suppress(Damaged):
            entry = course.ledger.read(settings.assignment, task.student)
        if entry is None or entry.submission != digest(fetch(task)):
            todo.append(task)
        elif entry.rubric != settings.rubric:
            totals.stale += 1
            todo.append(task)
        else:
            totals.kept += 1
            before = recorded.get(task.student)
            score = renew(entry, before, course, settings, recorder, task.path, totals)
            kept.append(Settled(entry, score, kept=True))
    return todo, kept


def renew(
    entry: Entry,
    before: Recorded | None,
    course: Course,
    settings: Settings,
    recorder: Recorder,
    handed_in: str,
    totals: Totals,
) -> Score:
    """Record an entry anew where the gradebook has another score than the rules say, or none."""
    stamp = time_stamp(handed_in)
    if before is None:
        totals.restored += 1
        notebook = _graded_notebook(entry, course, settings.released)
        return _record(recorder, entry, notebook, handed_in, totals)
    if not recorder.scoring.stands(entry, before, stamp):
        totals.renewed += 1
        try:
            return recorder.renew(entry, stamp)
        except SQLAlchemyError:
            totals.unrecorded.append(entry.student)
    return recorder.scoring.score(entry, before, stamp)


def keep(result: Graded, course: Course, handed_in: str) -> None:
    """Write a graded notebook, what belongs beside it, and its entry in the ledger.

    Raises
    ------
    Refused
        If it cannot be written.
    """
    entry = result.entry
    path = course.autograded(entry.assignment, entry.student)
    try:
        write_whole(path, json.dumps(result.notebook, ensure_ascii=False) + "\n")
        for name in BESIDE:
            source = Path(handed_in).with_name(name) if handed_in else None
            path.with_name(name).unlink(missing_ok=True)
            if source and not file_problem(source) and source.stat().st_size <= MAX_SECRET_BYTES:
                shutil.copy(source, path.with_name(name))
    except OSError as error:
        raise Refused(
            f"{path} cannot be written ({error.strerror}): mend that, then go on with --resume"
        ) from error
    course.ledger.write(entry)


def _graded_notebook(
    entry: Entry, course: Course, released: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The graded notebook as it was kept, or rebuilt from the entry if it is lost or damaged."""
    path = course.autograded(entry.assignment, entry.student)
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
        if [cell["id"] for cell in notebook["cells"]] == [cell["id"] for cell in released["cells"]]:
            return notebook
    return rebuilt(released, entry)


def _record(
    recorder: Recorder,
    entry: Entry,
    notebook: Mapping[str, Any],
    handed_in: str,
    totals: Totals,
) -> Score:
    stamp = time_stamp(handed_in)
    try:
        return recorder.record(entry, notebook, stamp)
    except SQLAlchemyError:
        totals.unrecorded.append(entry.student)
        return recorder.scoring.score(entry, handed_in=stamp)

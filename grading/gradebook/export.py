"""From the gradebook to files that a spreadsheet, Canvas or Moodle reads.

The layouts are nbgrader export plugins too:
``nbgrader export --exporter=grading.gradebook.export.CanvasExport --to=grades.csv``.
"""

import contextlib
import csv
import html
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from nbgrader import api
from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from sqlalchemy import create_engine, func, select
from traitlets import Unicode

from cs231n_utils.system.files import write_whole

from ..ledger import Damaged, Ledger
from .database import default_url, refusing
from .grades import database_exists

CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE_COLUMNS = ("First name", "Last name", "ID number", "Email address")
CSV_COLUMNS = (
    "student", "last_name", "first_name", "email", "assignment", "score", "max_score",
    "raw_score", "late_penalty", "hours_late", "handed_in", "needs_manual_grade",
)  # fmt: skip

Layout = Literal["csv", "canvas", "moodle"]


@dataclass(frozen=True)
class Person:
    """A student of the gradebook."""

    id: str
    first_name: str
    last_name: str
    email: str
    lms_id: str


@dataclass(frozen=True)
class Mark:
    """What one student has on one assignment.

    Attributes
    ----------
    raw, penalty : float
        Points, and points off for handing in late.
    hours_late : float
    handed_in : datetime or None
        In UTC.
    waits : bool
        Some answer still waits for a mark by hand.
    """

    raw: float
    penalty: float = 0.0
    hours_late: float = 0.0
    handed_in: datetime | None = None
    waits: bool = False

    @property
    def score(self) -> float:
        """Points that count; a penalty leaves at least 0."""
        return max(0.0, self.raw - self.penalty)


@dataclass(frozen=True)
class Marks:
    """The part of a gradebook that is exported.

    Attributes
    ----------
    people : list of Person
        Sorted by id.
    possible : dict of str to float
        By assignment, the most points.
    marks : dict of (str, str) to Mark
        By student and assignment; who handed nothing in has none.
    """

    people: list[Person]
    possible: dict[str, float]
    marks: dict[tuple[str, str], Mark]


def export(
    course: Path,
    target: Path,
    layout: Layout,
    *,
    assignments: Sequence[str] | None = None,
    db_url: str | None = None,
    canvas: Path | None = None,
) -> Path:
    """Write the gradebook's scores for another program.

    Parameters
    ----------
    course : Path
        Root of the nbgrader course.
    target : Path
        The CSV file to write.
    layout : {"csv", "canvas", "moodle"}
    assignments : sequence of str, optional
        By default all.
    db_url : str, optional
        By default ``gradebook.db`` in the course.
    canvas : Path, optional
        For the layout "canvas": a gradebook exported from Canvas, to be filled in.

    Returns
    -------
    Path
        ``target``.

    Raises
    ------
    FileNotFoundError
        If there is no gradebook.
    ValueError
        If a layout or an assignment is not known, or ``canvas`` is not a Canvas gradebook.
    Refused
        If the gradebook cannot be opened.
    """
    if layout not in _PLUGINS:
        raise ValueError(f"got layout {layout!r}, expected one of {', '.join(_PLUGINS)}.")
    course = Path(course).resolve()
    plugin = _PLUGINS[layout]()
    plugin.to, plugin.assignment = str(target), list(assignments or [])
    plugin.course = str(course)
    if canvas is not None:
        if layout != "canvas":
            raise ValueError(f"a Canvas file goes with the layout canvas, got {layout}.")
        plugin.canvas = str(canvas)
    url = db_url or default_url(course)
    with refusing(url):
        if not database_exists(url):
            raise FileNotFoundError(f"{url} does not exist: run autograde first, or name another.")
        gradebook = Gradebook(url, _course_id(url))
    with gradebook:
        plugin.export(gradebook)
    return Path(target)


def read_marks(
    gradebook: Gradebook, assignments: Sequence[str] = (), students: Sequence[str] = ()
) -> Marks:
    """Read scores, penalties and times with a few queries, however many students there are.

    Raises
    ------
    ValueError
        If an assignment is not in the gradebook.
    """
    known = {assignment.name: assignment for assignment in gradebook.assignments}
    for name in assignments:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise ValueError(f"the gradebook has no assignment {name!r}, expected of: {listed}.")
    chosen = sorted(assignments or known)
    people = [
        Person(
            student.id,
            student.first_name or "",
            student.last_name or "",
            student.email or "",
            student.lms_user_id or "",
        )
        for student in gradebook.students
        if not students or student.id in students
    ]
    ids = {person.id for person in people}
    marks = {
        (student, name): mark
        for name in chosen
        for student, mark in _marks_of(gradebook, known[name]).items()
        if student in ids
    }
    possible = {name: float(known[name].max_score or 0) for name in chosen}
    return Marks(sorted(people, key=lambda person: person.id), possible, marks)


def guarded(value: object) -> str:
    """The text of a cell, changed so that no spreadsheet takes it for a formula; numbers stay."""
    if isinstance(value, float):
        return f"{value:.10g}"
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", str(value))
    if text[:1] in ("\t", "\r", "\n"):
        return f"'{text}"
    # Some spreadsheets read a full-width = as a plain one, and NFKC turns such forms into it.
    begins = unicodedata.normalize("NFKC", text[:100]).lstrip()[:1]
    if begins and begins in "=+-−@|" and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return f"'{text}"
    return text


class GradesExport(ExportPlugin):
    """One row per student and assignment, for a spreadsheet or a program."""

    course = Unicode("", help="Root of the course, for what the ledger says.").tag(config=True)

    default_target = "grades.csv"

    def export(self, gradebook: Gradebook) -> None:
        """Write the file."""
        marks = read_marks(gradebook, self.assignment, [str(name) for name in self.student])
        write_whole(Path(self.to or self.default_target).absolute(), _as_csv(self.rows(marks)))

    def rows(self, marks: Marks) -> list[list[object]]:
        """The cells, not yet changed by :func:`guarded`."""
        rows: list[list[object]] = [list(CSV_COLUMNS)]
        for name, possible in marks.possible.items():
            for person in marks.people:
                about = [person.id, person.last_name, person.first_name, person.email, name]
                mark = marks.marks.get((person.id, name))
                if mark is None:
                    rows.append([*about, "", possible, "", "", "", "", ""])
                    continue
                moment = f"{mark.handed_in:%Y-%m-%dT%H:%M:%SZ}" if mark.handed_in else ""
                waits = "yes" if mark.waits else "no"
                late = round(mark.hours_late, 2)
                rows.append(
                    [*about, mark.score, possible, mark.raw, mark.penalty, late, moment, waits]
                )
        return rows


class CanvasExport(GradesExport):
    """Canvas's gradebook: one row per student, one column per assignment."""

    canvas = Unicode("", help="A gradebook exported from Canvas, to fill in.").tag(config=True)

    default_target = "canvas.csv"

    def rows(self, marks: Marks) -> list[list[object]]:
        if self.canvas:
            return self._filled_in(marks)
        rows: list[list[object]] = [
            [*CANVAS_COLUMNS, *marks.possible],
            ["    Points Possible", "", "", "", "", *marks.possible.values()],
        ]
        for person in marks.people:
            named = ", ".join(part for part in (person.last_name, person.first_name) if part)
            about = [named or person.id, person.lms_id, "", person.id, ""]
            rows.append([*about, *(_score(marks, person, name) for name in marks.possible)])
        return rows

    def _filled_in(self, marks: Marks) -> list[list[object]]:
        """What Canvas exported, with our scores in the assignments' columns.

        Canvas writes an assignment's number behind its name, "Homework 1 (4711)", and finds
        it by that; so a column that is there already keeps its heading.
        """
        rows = _read_canvas(Path(self.canvas))
        header = rows[0]
        columns = {name: _column(header, name) for name in marks.possible}
        for row in rows:
            row.extend([""] * (len(header) - len(row)))
        people = _by_name(marks.people)
        found = set()
        for row in rows[1:]:
            if str(row[0]).strip() == "Points Possible":
                for name, column in columns.items():
                    row[column] = row[column] or marks.possible[name]
                continue
            person = next((people[key] for key in _names(header, row) if key in people), None)
            if person is None:
                continue
            found.add(person.id)
            for name, column in columns.items():
                score = _score(marks, person, name)
                row[column] = row[column] if score == "" else score
        graded = {student for student, _ in marks.marks}
        for student in sorted(graded - found):
            self.log.warning("%s is not in %s: their scores are left out", student, self.canvas)
        return rows


class MoodleExport(GradesExport):
    """Moodle's grade import: one row per person, with a grade and a comment per assignment."""

    default_target = "moodle.csv"

    def rows(self, marks: Marks) -> list[list[object]]:
        header = list(MOODLE_COLUMNS)
        for name in marks.possible:
            header += [f"Assignment: {name} (Real)", f"Assignment: {name} (Feedback)"]
        rows: list[list[object]] = [header]
        for person in marks.people:
            row: list[object] = [
                person.first_name,
                person.last_name,
                person.lms_id or person.id,
                person.email or (person.id if "@" in person.id else ""),
            ]
            for name in marks.possible:
                row += [_score(marks, person, name), self._comment(marks, person, name)]
            rows.append(row)
        return rows

    def _comment(self, marks: Marks, person: Person, name: str) -> str:
        """What passed and what did not, in a few lines of HTML, as Moodle reads it."""
        mark = marks.marks.get((person.id, name))
        if mark is None:
            return ""
        said = []
        entry = None
        with contextlib.suppress(Damaged):
            entry = Ledger(Path(self.course)).read(name, person.id)
        if entry and entry.reason:
            said.append(entry.reason[:300])
        for verdict in entry.verdicts if entry else ():
            cause = f" ({verdict.mistake})" if verdict.mistake and not verdict.passed else ""
            said.append(f"{verdict.exercise}: {verdict.points:g} of {verdict.max_points:g}{cause}")
        if mark.penalty:
            said.append(f"{mark.penalty:g} points off for handing in late")
        if mark.waits:
            said.append("written answers are not marked yet")
        return "<br>".join(html.escape(text) for text in said)


_PLUGINS: dict[str, type[GradesExport]] = {
    "csv": GradesExport,
    "canvas": CanvasExport,
    "moodle": MoodleExport,
}


def _marks_of(gradebook: Gradebook, assignment: api.Assignment) -> dict[str, Mark]:
    """The marks by student, from a few queries; nbgrader's attributes take one per student."""
    rows = gradebook.db.execute(
        select(
            api.SubmittedAssignment.student_id,
            api.SubmittedAssignment.timestamp,
            api.SubmittedAssignment.extension,
            func.sum(func.coalesce(api.SubmittedNotebook.late_submission_penalty, 0.0)),
        )
        .join(api.SubmittedNotebook, api.SubmittedAssignment.notebooks)
        .where(api.SubmittedAssignment.assignment_id == assignment.id)
        .group_by(api.SubmittedAssignment.id)
    ).all()
    scores = {row["student"]: row for row in gradebook.submission_dicts(assignment.name)}
    marks = {}
    for student, moment, extension, penalty in rows:
        hours = 0.0
        if moment is not None and assignment.duedate is not None:
            due = assignment.duedate + extension if extension else assignment.duedate
            hours = max(0.0, (moment - due).total_seconds() / 3600)
        score = scores.get(student, {"score": 0.0, "needs_manual_grade": False})
        marks[student] = Mark(
            raw=float(score["score"]),
            penalty=float(penalty or 0.0),
            hours_late=hours,
            handed_in=moment,
            waits=bool(score["needs_manual_grade"]),
        )
    return marks


def _course_id(db_url: str) -> str:
    """The id of the gradebook's course; nbgrader would add a new course under any other id."""
    with create_engine(db_url).connect() as connection:
        found = connection.execute(select(api.Course.id)).scalars().first()
    return found or "default_course"


def _score(marks: Marks, person: Person, name: str) -> float | str:
    mark = marks.marks.get((person.id, name))
    return "" if mark is None else mark.score


def _read_canvas(path: Path) -> list[list[object]]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows: list[list[object]] = [list(row) for row in csv.reader(file) if row]
    except (csv.Error, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not a CSV file in UTF-8 ({error}).") from error
    if not rows or not {"Student", "ID"} <= set(rows[0]):
        got = ", ".join(map(str, rows[0][:6])) if rows else "an empty file"
        raise ValueError(f"{path} begins with {got}, expected the columns Student and ID.")
    return rows


def _column(header: list[object], name: str) -> int:
    """The column of an assignment's scores; a new one is added if there is none."""
    for index, heading in enumerate(header):
        if re.fullmatch(rf"{re.escape(name)}(\s*\(\d+\))?", str(heading).strip()):
            return index
    header.append(name)
    return len(header) - 1


def _by_name(people: Iterable[Person]) -> dict[tuple[str, str], Person]:
    """People by kind of identifier and identifier; one that two people share is left out."""
    found: dict[tuple[str, str], Person | None] = {}
    for person in people:
        keys = {("ID", person.lms_id), ("SIS Login ID", person.id), ("SIS User ID", person.id)}
        keys |= {("SIS Login ID", person.email), ("SIS User ID", person.lms_id)}
        for key in keys:
            if key[1]:
                found[key] = person if key not in found else None
    return {key: person for key, person in found.items() if person is not None}


def _names(header: list[object], row: list[object]) -> list[tuple[str, str]]:
    cells = dict(zip(map(str, header), map(str, row), strict=False))
    kinds = ("ID", "SIS Login ID", "SIS User ID")
    return [(kind, cells[kind].strip()) for kind in kinds if cells.get(kind, "").strip()]


def _as_csv(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue()

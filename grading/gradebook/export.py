"""From the gradebook to files that a spreadsheet, Canvas, Moodle or Blackboard reads.

The layouts are nbgrader export plugins too:
``nbgrader export --exporter=grading.gradebook.export.CanvasExport --to=grades.csv``.
"""

import contextlib
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from nbgrader import api
from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from sqlalchemy import create_engine, select
from traitlets import Tuple, Unicode

from cs231n_utils.system.files import write_whole

from ..ledger import Damaged, Entry, Ledger
from .database import default_url, refusing
from .grades import database_exists
from .marks import Marks, read_marks
from .people import Person
from .platforms import BLACKBOARD, CANVAS, MOODLE, POSSIBLE, Filling, Platform
from .tables import as_text, listed

ANONYMOUS = "anon_"
"""Canvas calls people so where names are hidden, and finds nobody by it in a gradebook."""

CSV_COLUMNS = (
    "student", "last_name", "first_name", "email", "assignment", "score", "max_score",
    "raw_score", "late_penalty", "hours_late", "handed_in", "needs_manual_grade", "why",
)  # fmt: skip
PARTS_COLUMNS = (
    "student", "last_name", "first_name", "email", "assignment", "exercise", "part", "score",
    "max_score", "why",
)  # fmt: skip


@dataclass(frozen=True)
class Exported:
    """What was written, and whose grades are not in it.

    Attributes
    ----------
    path : Path
    left_out : tuple of str
        One line for each student with a grade that the platform would not get.
    differing : tuple of str
        One line for each assignment that has other points possible on the platform.
    """

    path: Path
    left_out: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()


def export(
    course: Path,
    target: Path,
    layout: str,
    *,
    assignments: Sequence[str] | None = None,
    db_url: str | None = None,
    fill: Path | None = None,
    columns: Sequence[str] = (),
    people: Mapping[str, Person] | None = None,
    numbers: Mapping[tuple[str, str], str] | None = None,
) -> Exported:
    """Write the gradebook's scores for another program.

    Parameters
    ----------
    course : Path
        Root of the nbgrader course.
    target : Path
        The file to write.
    layout : {"csv", "parts", "canvas", "moodle", "blackboard"}
    assignments : sequence of str, optional
        By default all.
    db_url : str, optional
        By default ``gradebook.db`` in the course.
    fill : Path, optional
        A file exported by the platform, to be filled in.
    columns : sequence of str
        What the platform calls the assignments, in their order.
    people : mapping of str to Person, optional
        By id, what is known of people beside the gradebook.
    numbers : mapping of (str, str) to str, optional
        By student and assignment, what the platform calls a person where it hides the name.

    Returns
    -------
    Exported

    Raises
    ------
    FileNotFoundError
        If there is no gradebook.
    ValueError
        If a layout, an assignment or a column is not known, or ``fill`` is not of the platform.
    Refused
        If the gradebook cannot be opened.
    """
    if layout not in _PLUGINS:
        raise ValueError(f"got layout {layout!r}, expected one of {', '.join(_PLUGINS)}.")
    course = Path(course).resolve()
    plugin = _PLUGINS[layout]()
    plugin.to, plugin.assignment = str(target), list(assignments or [])
    plugin.course, plugin.fill = str(course), str(fill or "")
    plugin.people, plugin.numbers = dict(people or {}), dict(numbers or {})
    if fill is not None and plugin.platform is None:
        raise ValueError(f"a file to fill in goes with the layout of a platform, got {layout}.")
    plugin.headings = tuple(columns)
    url = db_url or default_url(course)
    with refusing(url):
        if not database_exists(url):
            raise FileNotFoundError(f"{url} does not exist: run autograde first, or name another.")
        gradebook = Gradebook(url, _course_id(url))
    with gradebook:
        return plugin.write(gradebook)


class GradesExport(ExportPlugin):
    """One row per student and assignment, for a spreadsheet or a program."""

    course = Unicode("", help="Root of the course, for what the ledger says.").tag(config=True)
    fill = Unicode("", help="A file exported by the platform, to fill in.").tag(config=True)
    headings = Tuple(help="What the platform calls the assignments.").tag(config=True)

    default_target = "grades.csv"
    platform: ClassVar[Platform | None] = None
    columns: Mapping[str, str] = {}
    people: Mapping[str, Person] = {}
    numbers: Mapping[tuple[str, str], str] = {}

    def export(self, gradebook: Gradebook) -> None:
        """Write the file, as nbgrader asks for it."""
        written = self.write(gradebook)
        for line in (*written.differing, *(f"left out: {line}" for line in written.left_out)):
            self.log.warning(line)

    def write(self, gradebook: Gradebook) -> Exported:
        """Write the file; what it says of who is left out."""
        students = [str(name) for name in self.student]
        marks = read_marks(gradebook, self.assignment, students, self.people)
        names = list(self.assignment) or list(marks.possible)
        if self.headings and len(self.headings) != len(names):
            raise ValueError(
                f"got {len(self.headings)} --column for {listed(names)}, expected one for each: "
                "name the assignments with --assignment, in the same order."
            )
        self.columns = dict(zip(names, self.headings, strict=False))
        target = Path(self.to or self.default_target)
        differing: list[str] = []
        if self.fill and self.platform is not None:
            filling = Filling(self.platform, Path(self.fill))
            content, left_out, differing = self._filled(marks, filling)
        else:
            content, left_out = as_text(self.rows(marks)), self.without_id(marks)
        write_whole(target.absolute(), content)
        return Exported(target, tuple(left_out), tuple(differing))

    def rows(self, marks: Marks) -> list[list[object]]:
        """The cells of a new file."""
        rows: list[list[object]] = [list(CSV_COLUMNS)]
        for name, possible in marks.possible.items():
            for person in marks.people:
                mark = marks.marks.get((person.id, name))
                if mark is None:
                    rows.append([*_about(person), name, "", possible, "", "", "", "", "", ""])
                    continue
                moment = f"{mark.handed_in:%Y-%m-%dT%H:%M:%SZ}" if mark.handed_in else ""
                waits = "yes" if mark.waits else "no"
                score = mark.score
                row = [*_about(person), name, score.points, possible, score.raw, score.penalty]
                row += [round(mark.hours_late, 2), moment, waits, "; ".join(score.why)]
                rows.append(row)
        return rows

    def without_id(self, marks: Marks) -> list[str]:
        """Whom the platform could not find in a new file, though there is a grade."""
        return []

    def comment(self, marks: Marks, person: Person, assignment: str) -> str:
        """What stands beside a grade, where the platform takes a comment."""
        return ""

    def comment_column(self, header: Sequence[str], grades: int) -> int | None:
        """The place of the comments that belong to a column of grades."""
        return None

    def _filled(self, marks: Marks, filling: Filling) -> tuple[str | bytes, list[str], list[str]]:
        """What the platform exported, with our scores in the assignments' columns.

        A platform finds an assignment by its own heading, so that stays as it is.
        """
        places = {name: filling.column(name, self.columns.get(name, "")) for name in marks.possible}
        if len(set(places.values())) < len(places):
            raise ValueError(
                f"{self.fill} has one column for {listed(list(places))}: name one assignment with "
                "--assignment."
            )
        comments = {name: self.comment_column(filling.header, at) for name, at in places.items()}
        differing = [
            f"{name} has {marks.possible[name]:g} points here and {theirs:g} in {self.fill}: "
            "scores go over as they are, so change the points there"
            for name, at in places.items()
            if (theirs := filling.possible(at)) not in (None, marks.possible[name])
        ]
        for row in filling.table.rows[1:]:
            if row[0].strip() == POSSIBLE:
                for name, at in places.items():
                    row[at] = row[at] or f"{marks.possible[name]:g}"
        numbers = {
            student: number
            for (student, name), number in self.numbers.items()
            if name in places and len(places) == 1
        }
        found = set()
        for row, person in filling.people(marks.people, numbers):
            if person is None:
                continue
            found.add(person.id)
            for name, at in places.items():
                score = marks.score(person, name)
                if isinstance(score, float):
                    row[at] = f"{score:.10g}"
                    if (beside := comments[name]) is not None:
                        row[beside] = self.comment(marks, person, name)
        left_out = [
            f"{person.id}: {self.fill} has no row that is theirs alone"
            for person in marks.graded
            if person.id not in found
        ]
        table = filling.table
        text = as_text(table.rows, table.delimiter)
        # Canvas and Moodle read UTF-8; Blackboard reads what it writes.
        keeps = self.platform is BLACKBOARD and table.encoding.startswith("utf-16")
        return (text.encode("utf-16") if keeps else text), left_out, differing


class PartsExport(GradesExport):
    """One row per student, assignment, exercise and part of it."""

    default_target = "parts.csv"

    def rows(self, marks: Marks) -> list[list[object]]:
        rows: list[list[object]] = [list(PARTS_COLUMNS)]
        for name in marks.possible:
            for person in marks.people:
                entry = _entry(self.course, name, person.id)
                verdicts = {one.exercise: one for one in entry.verdicts} if entry else {}
                mark = marks.marks.get((person.id, name))
                for exercise, counted in sorted(mark.score.questions.items()) if mark else ():
                    about = [*_about(person), name, exercise]
                    points = counted.given.points or 0.0
                    rows.append([*about, "", points, counted.possible, counted.note])
                    verdict = verdicts.get(exercise)
                    for part, passed in verdict.parts.items() if verdict else ():
                        points = verdict.part_points[part]
                        rows.append([*about, part, points if passed else 0.0, points, ""])
        return rows


class CanvasExport(GradesExport):
    """Canvas's gradebook: one row per student, one column per assignment."""

    default_target = "canvas.csv"
    platform = CANVAS

    def rows(self, marks: Marks) -> list[list[object]]:
        rows: list[list[object]] = [
            [*CANVAS.about, *(self.columns.get(name, name) for name in marks.possible)],
            [f"    {POSSIBLE}", "", "", "", "", *marks.possible.values()],
        ]
        for person in marks.people:
            named = ", ".join(part for part in (person.last_name, person.first_name) if part)
            about = [named or person.id, person.lms_id, person.sis_id, person.login, person.section]
            rows.append([*about, *(marks.score(person, name) for name in marks.possible)])
        return rows

    def without_id(self, marks: Marks) -> list[str]:
        return [
            f"{person.id}: no Canvas id, SIS id or login is known: make a roster"
            for person in marks.graded
            if not (person.lms_id or person.sis_id or person.login)
            or (person.id.startswith(ANONYMOUS) and not person.lms_id)
        ]


class MoodleExport(GradesExport):
    """Moodle's grade import: one row per person, with a grade and a comment per assignment."""

    default_target = "moodle.csv"
    platform = MOODLE

    def rows(self, marks: Marks) -> list[list[object]]:
        header = list(MOODLE.about)
        for name in marks.possible:
            title = self.columns.get(name, f"Assignment: {name}")
            header += [f"{title} (Real)", f"{title} (Feedback)"]
        rows: list[list[object]] = [header]
        for person in marks.people:
            number = person.sis_id or person.lms_id or person.login
            row: list[object] = [person.first_name, person.last_name, number, person.address]
            for name in marks.possible:
                row += [marks.score(person, name), self.comment(marks, person, name)]
            rows.append(row)
        return rows

    def without_id(self, marks: Marks) -> list[str]:
        return [
            f"{person.id}: no e-mail address or ID number is known: make a roster"
            for person in marks.graded
            if not (person.sis_id or person.lms_id or person.login or person.address)
        ]

    def comment_column(self, header: Sequence[str], grades: int) -> int | None:
        beside = header[grades].removesuffix(" (Real)") + " (Feedback)"
        found = [at for at, one in enumerate(header) if one in ("Feedback comments", beside)]
        return found[0] if found else None

    def comment(self, marks: Marks, person: Person, assignment: str) -> str:
        """What passed and what did not, in a few lines of HTML, as Moodle reads it."""
        mark = marks.marks.get((person.id, assignment))
        if mark is None:
            return ""
        said = []
        entry = _entry(self.course, assignment, person.id)
        if entry and entry.reason:
            said.append(entry.reason[:300])
        for verdict in entry.verdicts if entry else ():
            cause = f" ({verdict.mistake})" if verdict.mistake and not verdict.passed else ""
            said.append(f"{verdict.exercise}: {verdict.points:g} of {verdict.max_points:g}{cause}")
        said += mark.score.why
        if mark.waits:
            said.append("written answers are not marked yet")
        return "<br>".join(html.escape(text) for text in said)


class BlackboardExport(GradesExport):
    """Blackboard's grade center: one row per person, one column per assignment."""

    default_target = "blackboard.csv"
    platform = BLACKBOARD

    def rows(self, marks: Marks) -> list[list[object]]:
        unnamed = [name for name in marks.possible if "|" not in self.columns.get(name, "")]
        if unnamed:
            raise ValueError(
                f"Blackboard finds {listed(unnamed)} by the number in its heading: give the file "
                "that it exports with --fill, or --column 'Title [Total Pts: 10 Score] |12345'."
            )
        headings = [self.columns[name] for name in marks.possible]
        rows: list[list[object]] = [[*BLACKBOARD.about, *headings]]
        for person in marks.people:
            about = [person.last_name, person.first_name, person.login, person.sis_id]
            rows.append([*about, *(marks.score(person, name) for name in marks.possible)])
        return rows

    def without_id(self, marks: Marks) -> list[str]:
        return [
            f"{person.id}: no user name is known: make a roster"
            for person in marks.graded
            if not person.login
        ]


_PLUGINS: dict[str, type[GradesExport]] = {
    "csv": GradesExport,
    "parts": PartsExport,
    "canvas": CanvasExport,
    "moodle": MoodleExport,
    "blackboard": BlackboardExport,
}


def _about(person: Person) -> list[object]:
    return [person.id, person.last_name, person.first_name, person.address]


def _entry(course: str, assignment: str, student: str) -> Entry | None:
    with contextlib.suppress(Damaged):
        return Ledger(Path(course)).read(assignment, student)
    return None


def _course_id(db_url: str) -> str:
    """The id of the gradebook's course; nbgrader would add a new course under any other id."""
    with create_engine(db_url).connect() as connection:
        found = connection.execute(select(api.Course.id)).scalars().first()
    return found or "default_course"

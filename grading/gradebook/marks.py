"""The scores of a whole class, read from the gradebook with a few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nbgrader import api
from nbgrader.api import Gradebook
from sqlalchemy import func, select

from .people import Person, people_in


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
    cells : dict of (str, str) to list of (str, float, float)
        By student and assignment, the graded cells: name, points and most points.
    """

    people: list[Person]
    possible: dict[str, float]
    marks: dict[tuple[str, str], Mark]
    cells: dict[tuple[str, str], list[tuple[str, float, float]]] = field(default_factory=dict)

    def score(self, person: Person, assignment: str) -> float | str:
        """The points of a person; an empty text if nothing was handed in."""
        mark = self.marks.get((person.id, assignment))
        return "" if mark is None else mark.score

    @property
    def graded(self) -> list[Person]:
        """Who handed anything in."""
        students = {student for student, _ in self.marks}
        return [person for person in self.people if person.id in students]


def read_marks(
    gradebook: Gradebook,
    assignments: Sequence[str] = (),
    students: Sequence[str] = (),
    known: Mapping[str, Person] | None = None,
) -> Marks:
    """Read scores, penalties and times with a few queries, however many students there are.

    Parameters
    ----------
    gradebook : Gradebook
    assignments, students : sequence of str
        Only these; by default all.
    known : mapping of str to Person, optional
        By id, what is known of people beside the gradebook.

    Raises
    ------
    ValueError
        If an assignment is not in the gradebook.
    """
    entered = {assignment.name: assignment for assignment in gradebook.assignments}
    for name in assignments:
        if name not in entered:
            names = ", ".join(entered) or "none"
            raise ValueError(f"the gradebook has no assignment {name!r}, expected of: {names}.")
    chosen = sorted(assignments or entered)
    people = [
        known[person.id].completed_by(person) if known and person.id in known else person
        for person in people_in(gradebook)
        if not students or person.id in students
    ]
    ids = {person.id for person in people}
    marks: dict[tuple[str, str], Mark] = {}
    cells: dict[tuple[str, str], list[tuple[str, float, float]]] = {}
    for name in chosen:
        for student, mark in _marks_of(gradebook, entered[name]).items():
            if student in ids:
                marks[student, name] = mark
        for student, *cell in _cells_of(gradebook, entered[name]):
            if student in ids:
                cells.setdefault((student, name), []).append(tuple(cell))
    possible = {name: float(entered[name].max_score or 0) for name in chosen}
    return Marks(people, possible, marks, cells)


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


def _cells_of(
    gradebook: Gradebook, assignment: api.Assignment
) -> list[tuple[str, str, float, float]]:
    given = func.coalesce(api.Grade.manual_score, api.Grade.auto_score, 0.0)
    extra = func.coalesce(api.Grade.extra_credit, 0.0)
    found = (
        select(
            api.SubmittedAssignment.student_id,
            api.GradeCell.name,
            given + extra,
            api.GradeCell.max_score,
        )
        .join(api.SubmittedNotebook, api.SubmittedNotebook.id == api.Grade.notebook_id)
        .join(api.SubmittedAssignment, api.SubmittedNotebook.assignment)
        .join(api.GradeCell, api.GradeCell.id == api.Grade.cell_id)
        .where(api.SubmittedAssignment.assignment_id == assignment.id)
        .order_by(api.GradeCell.name)
    )
    return [tuple(row) for row in gradebook.db.execute(found)]

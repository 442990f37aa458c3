"""What the gradebook has of an assignment, and what rules have set aside in it.

nbgrader's tables hold what counts after the rules, so that the formgrader and every export show
it. What a person gave to a question that counts no more, and why points were taken off, stands in
a table of our own beside them.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, Text, delete, insert, inspect, select
from sqlalchemy.orm import Session

from ..rules.count import NOTHING, Counted, Given, Score
from .schema import ASSIGNMENT, CELL, GRADE, GRADE_CELL, NOTEBOOK, SUBMISSIONS, SUBMITTED

APPLIED = Table(
    "cs231n_applied_rules",
    MetaData(),
    Column("notebook_id", String(32), primary_key=True),
    Column("content", Text, nullable=False),
)
"""By nbgrader's id of a submitted notebook, an `Applied` as JSON."""


@dataclass(frozen=True)
class Applied:
    """What the rules did to a submission.

    Attributes
    ----------
    due : str
        When it was due, ISO 8601; empty without a due date.
    late : str
        Why points were taken off.
    notes : dict of str to str
        By question, which rule made a difference.
    rubric : str
        Digest of what judged it.
    aside : dict of str to Given
        By question, what was given by hand and does not count.
    """

    due: str = ""
    late: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    rubric: str = ""
    aside: Mapping[str, Given] = field(default_factory=dict)

    def as_text(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def of(cls, text: str) -> "Applied":
        """Read what `as_text` wrote."""
        data: dict[str, Any] = json.loads(text)
        aside = {name: Given(**given) for name, given in data.pop("aside").items()}
        return cls(**data, aside=aside)


@dataclass(frozen=True)
class Recorded:
    """What the gradebook has of one submission.

    Attributes
    ----------
    notebook_id : str
    handed_in : datetime or None
        In UTC, without a zone, as nbgrader keeps it.
    due : datetime or None
        What nbgrader has of the assignment, kept likewise.
    extension : timedelta or None
    penalty : float
    given : dict of str to Given
        By question, what counts.
    possible : dict of str to float
    waits : bool
        Whether a person has to look at it.
    applied : Applied
    """

    notebook_id: str
    handed_in: datetime | None = None
    due: datetime | None = None
    extension: timedelta | None = None
    penalty: float = 0.0
    given: Mapping[str, Given] = field(default_factory=dict)
    possible: Mapping[str, float] = field(default_factory=dict)
    waits: bool = False
    applied: Applied = field(default_factory=Applied)

    @property
    def by_hand(self) -> dict[str, Given]:
        """By question, all that a person gave, whether it counts or not."""
        found = {}
        for name in {*self.given, *self.applied.aside}:
            now = self.given.get(name, NOTHING)
            before = self.applied.aside.get(name, NOTHING)
            found[name] = Given(
                None,
                before.manual if now.manual is None else now.manual,
                before.extra if now.extra is None else now.extra,
            )
        return found

    @property
    def seconds_late(self) -> float:
        """How long after the due date it was handed in."""
        if self.handed_in is None or self.due is None:
            return 0.0
        due = self.due + (self.extension or timedelta())
        return max(0.0, (self.handed_in - due).total_seconds())

    @property
    def score(self) -> Score:
        """What the submission has."""
        notes = self.applied.notes
        questions = {
            name: Counted(given, self.possible[name], notes.get(name, ""))
            for name, given in self.given.items()
        }
        return Score(questions, self.penalty, self.applied.late)


def recorded_in(
    session: Session, assignment: str, student: str | None = None
) -> dict[str, Recorded]:
    """By student, what an open gradebook has of an assignment, from a few queries."""
    submitted = (
        select(
            SUBMITTED.c.student_id,
            NOTEBOOK.c.id,
            SUBMITTED.c.timestamp,
            ASSIGNMENT.c.duedate,
            SUBMITTED.c.extension,
            NOTEBOOK.c.late_submission_penalty,
        )
        .select_from(SUBMISSIONS)
        .where(ASSIGNMENT.c.name == assignment)
    )
    grades = (
        select(
            GRADE.c.notebook_id,
            CELL.c.name,
            GRADE_CELL.c.max_score,
            GRADE.c.auto_score,
            GRADE.c.manual_score,
            GRADE.c.extra_credit,
            GRADE.c.needs_manual_grade,
        )
        .select_from(
            SUBMISSIONS.join(GRADE, GRADE.c.notebook_id == NOTEBOOK.c.id)
            .join(GRADE_CELL, GRADE_CELL.c.id == GRADE.c.cell_id)
            .join(CELL, CELL.c.id == GRADE.c.cell_id)
        )
        .where(ASSIGNMENT.c.name == assignment)
    )
    if student is not None:
        submitted = submitted.where(SUBMITTED.c.student_id == student)
        grades = grades.where(SUBMITTED.c.student_id == student)
    given: dict[str, dict[str, Given]] = {}
    possible: dict[str, dict[str, float]] = {}
    waits: set[str] = set()
    for notebook, name, most, auto, manual, extra, needs in session.execute(grades):
        given.setdefault(notebook, {})[name] = Given(auto, manual, extra)
        possible.setdefault(notebook, {})[name] = most
        waits |= {notebook} if needs else set()
    found = session.execute(submitted).all()
    only = None if student is None else [row.id for row in found]
    applied = _applied_in(session, only)
    return {
        name: Recorded(
            notebook_id=notebook,
            handed_in=moment,
            due=due,
            extension=extension,
            penalty=penalty or 0.0,
            given=given.get(notebook, {}),
            possible=possible.get(notebook, {}),
            waits=notebook in waits,
            applied=applied.get(notebook, Applied()),
        )
        for name, notebook, moment, due, extension, penalty in found
    }


def make_room(session: Session) -> None:
    """Make the table beside nbgrader's, if it is not there."""
    APPLIED.create(session.connection(), checkfirst=True)


def keep_applied(session: Session, notebook_id: str, applied: Applied) -> None:
    """Write what the rules did to a submission, within the session's transaction."""
    session.execute(delete(APPLIED).where(APPLIED.c.notebook_id == notebook_id))
    session.execute(insert(APPLIED).values(notebook_id=notebook_id, content=applied.as_text()))


def drop_orphans(session: Session) -> None:
    """Delete what belongs to submissions that are not in the gradebook any more."""
    if inspect(session.connection()).has_table(APPLIED.name):
        there = select(NOTEBOOK.c.id)
        session.execute(delete(APPLIED).where(APPLIED.c.notebook_id.not_in(there)))
        session.commit()


def _applied_in(session: Session, only: list[str] | None) -> dict[str, Applied]:
    """By id of a submitted notebook, of all or only of some."""
    if not inspect(session.connection()).has_table(APPLIED.name):
        return {}
    wanted = select(APPLIED)
    if only is not None:
        wanted = wanted.where(APPLIED.c.notebook_id.in_(only))
    return {row.notebook_id: Applied.of(row.content) for row in session.execute(wanted)}

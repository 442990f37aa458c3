"""What a gradebook says of one submission; it is only read."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from nbgrader import api
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class CellGrade:
    """What the gradebook says of one cell; ``manual`` is None until somebody gave a mark."""

    points: float
    auto: float | None = None
    manual: float | None = None
    extra: float = 0.0
    comment: str = ""
    waits: bool = False

    @property
    def score(self) -> float:
        """The points that count: those given by hand, where there are any."""
        given = self.auto if self.manual is None else self.manual
        return (given or 0.0) + self.extra


@dataclass(frozen=True)
class Grades:
    """What the gradebook says of one submission.

    Attributes
    ----------
    cells : dict of str to CellGrade
        By grade id.
    comments : dict of str to str
        By grade id, what a person wrote to an answer cell.
    late_penalty : float
        Points taken off.
    """

    cells: dict[str, CellGrade] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    late_penalty: float = 0.0


def read_grades(db_url: str, assignment: str, student: str) -> Grades | None:
    """What an nbgrader gradebook says of a submission; None if the submission is not in it.

    The gradebook is only read, and not created if it does not exist.
    """
    if not database_exists(db_url):
        return None
    found = (
        select(api.SubmittedNotebook.id, api.SubmittedNotebook.late_submission_penalty)
        .join(api.SubmittedAssignment, api.SubmittedNotebook.assignment)
        .join(api.Assignment, api.SubmittedAssignment.assignment)
        .where(api.Assignment.name == assignment)
        .where(api.SubmittedAssignment.student_id == student)
    )
    with Session(_engine(db_url)) as session:
        notebook = session.execute(found).first()
        if notebook is None:
            return None
        grades = session.scalars(select(api.Grade).where(api.Grade.notebook_id == notebook.id))
        comments = session.execute(
            select(api.BaseCell.name, api.Comment.manual_comment)
            .join(api.Comment, api.Comment.cell_id == api.BaseCell.id)
            .where(api.Comment.notebook_id == notebook.id)
        )
        written = {name: text for name, text in comments if text}
        cells = {
            grade.cell.name: CellGrade(
                points=grade.max_score,
                auto=grade.auto_score,
                manual=grade.manual_score,
                extra=grade.extra_credit or 0.0,
                waits=grade.needs_manual_grade,
            )
            for grade in grades
        }
    return Grades(cells, written, notebook.late_submission_penalty or 0.0)


def read_scores(db_url: str, assignment: str) -> dict[str, dict[str, float | None]]:
    """By student, by exercise, the points in a gradebook; empty where there is no gradebook."""
    if not database_exists(db_url):
        return {}
    with Session(_engine(db_url)) as session:
        return scores_in(session, assignment)


def scores_in(session: Session, assignment: str) -> dict[str, dict[str, float | None]]:
    """By student, by exercise, the points in an open gradebook."""
    found = (
        select(api.SubmittedAssignment.student_id, api.GradeCell.name, api.Grade.auto_score)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.id == api.Grade.notebook_id)
        .join(api.SubmittedAssignment, api.SubmittedNotebook.assignment)
        .join(api.Assignment, api.SubmittedAssignment.assignment)
        .join(api.GradeCell, api.GradeCell.id == api.Grade.cell_id)
        .where(api.Assignment.name == assignment)
        .where(api.GradeCell.cell_type == "code")
    )
    scores: dict[str, dict[str, float | None]] = {}
    for student, exercise, points in session.execute(found):
        scores.setdefault(student, {})[exercise] = points
    return scores


def database_exists(db_url: str) -> bool:
    """Whether there is a gradebook; for SQLite that is whether its file exists."""
    url = make_url(db_url)
    if not url.drivername.startswith("sqlite"):
        return True
    return bool(url.database) and Path(url.database).is_file()


@lru_cache(maxsize=4)
def _engine(db_url: str) -> Engine:
    return create_engine(db_url)

"""What a gradebook says of one submission; it is only read."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from ..rules.count import Score
from .recorded import Recorded, recorded_in
from .schema import CELL, COMMENT


@dataclass(frozen=True)
class Grades:
    """What the gradebook says of one submission.

    Attributes
    ----------
    score : Score
    comments : dict of str to str
        By grade id, what a person wrote to an answer cell.
    """

    score: Score
    comments: dict[str, str] = field(default_factory=dict)


def read_grades(db_url: str, assignment: str, student: str) -> Grades | None:
    """What an nbgrader gradebook says of a submission; None if the submission is not in it.

    The gradebook is only read, and not created if it does not exist.
    """
    if not database_exists(db_url):
        return None
    with Session(_engine(db_url)) as session:
        recorded = recorded_in(session, assignment, student).get(student)
        if recorded is None:
            return None
        comments = session.execute(
            select(CELL.c.name, COMMENT.c.manual_comment)
            .select_from(COMMENT.join(CELL, CELL.c.id == COMMENT.c.cell_id))
            .where(COMMENT.c.notebook_id == recorded.notebook_id)
        )
        return Grades(recorded.score, {name: text for name, text in comments if text})


def read_recorded(db_url: str, assignment: str) -> dict[str, Recorded]:
    """By student, what a gradebook has; nothing where there is no gradebook."""
    if not database_exists(db_url):
        return {}
    with Session(_engine(db_url)) as session:
        return recorded_in(session, assignment)


def database_exists(db_url: str) -> bool:
    """Whether there is a gradebook; for SQLite that is whether its file exists."""
    url = make_url(db_url)
    if not url.drivername.startswith("sqlite"):
        return True
    return bool(url.database) and Path(url.database).is_file()


@lru_cache(maxsize=4)
def _engine(db_url: str) -> Engine:
    return create_engine(db_url)

"""Third step of grading: scores into an ordinary nbgrader gradebook, one writer at a time."""

import contextlib
import warnings
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbgrader import api
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import SaveAutoGrades, SaveCells
from sqlalchemy import Connection, event, select, text
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import Session
from traitlets.config import Config

from ..errors import Refused
from ..handout.release import read_source, student_version
from ..ledger import Entry
from ..rules.count import Score
from ..rules.rules import NO_RULES, Rules
from .apply import apply, enter_rules
from .database import open_gradebook
from .people import Person, enter_people
from .recorded import Recorded, recorded_in
from .schema import ASSIGNMENT, CELL, NOTEBOOK, SUBMISSIONS, SUBMITTED
from .scoring import Scoring

# SQLAlchemy warns about the order in which nbgrader builds a submission; the result is right.
warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")

LOCK_NUMBER = 231_003
"""The number of the PostgreSQL advisory lock that the only writer of a gradebook holds."""


class GradebookInUse(Refused):
    """Another grader writes in this gradebook."""


class Recorder:
    """Writes scores into a gradebook; a submission is there as a whole or not at all.

    Parameters
    ----------
    db_url : str
        SQLAlchemy URL of the gradebook.
    course_id : str
    assignment : str
        Entered in the gradebook if it is not there.
    rules : Rules
        By which points become scores.
    config : Config, optional
        nbgrader's settings, for late penalties.
    people : iterable of Person
        Whose names go into nbgrader's student table.

    Raises
    ------
    GradebookInUse
        If another grader has this PostgreSQL gradebook open for writing.
    Refused
        If the gradebook cannot be opened.
    """

    def __init__(
        self,
        db_url: str,
        course_id: str,
        assignment: str,
        rules: Rules = NO_RULES,
        config: Config | None = None,
        people: Iterable[Person] = (),
    ):
        self._db_url, self._assignment = db_url, assignment
        self._released = student_version(read_source(assignment))
        self.scoring = Scoring(assignment, rules, config=config)
        self._gradebook = open_gradebook(db_url, course_id)
        self._keeper: Connection | None = None
        if self._gradebook.engine.dialect.name == "sqlite":
            event.listen(self._gradebook.engine, "connect", _fast_and_durable)
            self._gradebook.engine.dispose()
        else:
            self._lock()
        self._enter_assignment()
        enter_people(self._gradebook, people)

    def close(self) -> None:
        """Close the gradebook and let other graders write."""
        if self._keeper is not None:
            self._keeper.close()
        self._gradebook.close()

    def recorded(self) -> dict[str, Recorded]:
        """By student, what the gradebook has."""
        return recorded_in(self._gradebook.db, self._assignment)

    def record(
        self, entry: Entry, notebook: Mapping[str, Any], submitted: datetime | None = None
    ) -> Score:
        """Write one submission's score; marks and comments given by hand stay.

        Parameters
        ----------
        entry : Entry
        notebook : mapping
            The graded notebook.
        submitted : datetime, optional
            When it was handed in.
        """
        with self._whole():
            self._submit(entry.student, submitted)
            _SaveScores(_Rows(self._gradebook.db, self._assignment, entry.student)).save(notebook)
            return apply(self._gradebook, self.scoring, entry)

    def renew(self, entry: Entry, submitted: datetime | None = None) -> Score:
        """Write what the rules make of a submission that is in the gradebook and was not judged
        again, so that nobody has to look at marks given by hand once more."""
        with self._whole():
            self._submit(entry.student, submitted)
            return apply(self._gradebook, self.scoring, entry)

    def _submit(self, student: str, submitted: datetime | None) -> None:
        self._gradebook.update_or_create_student(student)
        when = {"timestamp": submitted} if submitted else {}
        self._gradebook.update_or_create_submission(self._assignment, student, **when)

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        """One transaction: nbgrader commits after every cell."""
        database = self._gradebook.db
        commit = database.commit
        database.commit = database.flush
        try:
            yield
            commit()
        except BaseException:
            database.rollback()
            raise
        finally:
            database.commit = commit

    def _enter_assignment(self) -> None:
        """Enter the assignment's cells where the gradebook has none or others, and its rules."""
        possible = self.scoring.possible
        try:
            notebook = self._gradebook.find_notebook(self._assignment, self._assignment)
            entered = {cell.name: cell.max_score for cell in notebook.grade_cells}
        except MissingEntry:
            self._gradebook.update_or_create_assignment(self._assignment)
            entered = {}
        if entered != possible:
            try:
                SaveCells().preprocess(self._released, self._resources(""))
            except RuntimeError as error:
                raise Refused(
                    f"the gradebook has submissions of another version of {self._assignment}: use "
                    "a new course or --db"
                ) from error
            self._gradebook.db.expire_all()
        enter_rules(self._gradebook, self.scoring)
        self._gradebook.db.commit()

    def _resources(self, student: str) -> ResourcesDict:
        return ResourcesDict(
            nbgrader={
                "student": student,
                "assignment": self._assignment,
                "notebook": self._assignment,
                "db_url": self._db_url,
            }
        )

    def _lock(self) -> None:
        connection = self._gradebook.engine.connect()
        self._keeper = connection.execution_options(isolation_level="AUTOCOMMIT")
        taken = self._keeper.execute(text(f"SELECT pg_try_advisory_lock({LOCK_NUMBER})"))
        if not taken.scalar():
            self.close()
            raise GradebookInUse("another grader writes in this gradebook: wait until it is done")


class _Rows:
    """The rows of a submission, read at once, where SaveAutoGrades asks a gradebook for each."""

    def __init__(self, session: Session, assignment: str, student: str):
        self.db = self
        self._grades = self._by_cell(session, api.Grade, assignment, student)
        self._comments = self._by_cell(session, api.Comment, assignment, student)

    @staticmethod
    def _by_cell(session: Session, kind: type, assignment: str, student: str) -> dict[str, Any]:
        rows = (
            select(CELL.c.name, kind)
            .select_from(SUBMISSIONS.join(kind, kind.notebook_id == NOTEBOOK.c.id))
            .join(CELL, CELL.c.id == kind.cell_id)
            .where(ASSIGNMENT.c.name == assignment, SUBMITTED.c.student_id == student)
        )
        return dict(session.execute(rows).all())

    def find_grade(self, cell: str, *_: str) -> api.Grade:
        return self._grades[cell]

    def find_comment(self, cell: str, *_: str) -> api.Comment:
        return self._comments[cell]

    def commit(self) -> None:
        """The submission is committed as a whole."""


class _SaveScores(SaveAutoGrades):
    """nbgrader's SaveAutoGrades, on rows that were read before."""

    def __init__(self, rows: _Rows):
        super().__init__()
        self.gradebook = rows
        self.notebook_id = self.assignment_id = self.student_id = ""

    def save(self, notebook: Mapping[str, Any]) -> None:
        """Write what the graded cells of a notebook show."""
        for index, cell in enumerate(notebook["cells"]):
            if "nbgrader" in cell["metadata"]:
                self.preprocess_cell(nbformat.from_dict(cell), ResourcesDict(), index)


def _fast_and_durable(connection: Any, _: Any) -> None:
    """Use a write-ahead log: it survives a crash, and readers such as formgrader do not wait."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=10000")

"""Third step of grading: scores into an ordinary nbgrader gradebook, one writer at a time."""

import warnings
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import (
    AssignLatePenalties,
    NbGraderPreprocessor,
    SaveAutoGrades,
    SaveCells,
)
from nbgrader.utils import is_grade
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from ..errors import Refused
from ..handout.release import read_source, student_version
from .database import open_gradebook
from .grades import scores_in
from .people import Person, enter_people

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
        config: Config | None = None,
        people: Iterable[Person] = (),
    ):
        self._db_url, self._assignment, self._config = db_url, assignment, config
        self._gradebook = open_gradebook(db_url, course_id)
        self._keeper: Connection | None = None
        if self._gradebook.engine.dialect.name == "sqlite":
            event.listen(self._gradebook.engine, "connect", _fast_and_durable)
            self._gradebook.engine.dispose()
        else:
            self._lock()
        self._save = _SaveScores(self._gradebook)
        self._enter_assignment()
        enter_people(self._gradebook, people)

    def close(self) -> None:
        """Close the gradebook and let other graders write."""
        if self._keeper is not None:
            self._keeper.close()
        self._gradebook.close()

    def scores(self) -> dict[str, dict[str, float | None]]:
        """By student, by exercise, the points that the gradebook has."""
        return scores_in(self._gradebook.db, self._assignment)

    def record(
        self, student: str, notebook: Mapping[str, Any], submitted: datetime | None = None
    ) -> None:
        """Write one submission's scores; marks and comments given by hand stay.

        Parameters
        ----------
        student : str
        notebook : mapping
            The graded notebook.
        submitted : datetime, optional
            When it was handed in.
        """
        resources = self._resources(student)
        database = self._gradebook.db
        commit = database.commit
        # nbgrader commits after every cell; a submission is to be recorded whole or not at all.
        database.commit = database.flush
        try:
            self._gradebook.update_or_create_student(student)
            when = {"timestamp": submitted} if submitted else {}
            submission = self._gradebook.update_or_create_submission(
                self._assignment, student, **when
            )
            self._save.preprocess(nbformat.from_dict(notebook), resources)
            commit()
        except BaseException:
            database.rollback()
            raise
        finally:
            database.commit = commit
        if submission.total_seconds_late > 0 or submission.late_submission_penalty:
            AssignLatePenalties(config=self._config).preprocess(
                nbformat.from_dict(notebook), resources
            )

    def _enter_assignment(self) -> None:
        """Enter the assignment's cells where the gradebook has none or others."""
        released = student_version(read_source(self._assignment))
        points = {
            cell.metadata.nbgrader.grade_id: float(cell.metadata.nbgrader.points)
            for cell in filter(is_grade, released.cells)
        }
        try:
            notebook = self._gradebook.find_notebook(self._assignment, self._assignment)
            if {cell.name: cell.max_score for cell in notebook.grade_cells} == points:
                return
        except MissingEntry:
            self._gradebook.update_or_create_assignment(self._assignment)
        try:
            SaveCells().preprocess(released, self._resources(""))
        except RuntimeError as error:
            raise Refused(
                f"the gradebook has submissions of another version of {self._assignment}: use a "
                "new course or --db"
            ) from error
        self._gradebook.db.expire_all()

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


class _SaveScores(SaveAutoGrades):
    """nbgrader's SaveAutoGrades, on a gradebook that stays open."""

    def __init__(self, gradebook: Gradebook):
        super().__init__()
        self.gradebook = gradebook

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple:
        marks = resources["nbgrader"]
        self.notebook_id, self.assignment_id = marks["notebook"], marks["assignment"]
        self.student_id = marks["student"]
        return NbGraderPreprocessor.preprocess(self, nb, resources)


def _fast_and_durable(connection: Any, _: Any) -> None:
    """Use a write-ahead log: it survives a crash, and readers such as formgrader do not wait."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=10000")

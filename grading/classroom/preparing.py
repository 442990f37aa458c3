"""What is read and checked before a class is graded."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from traitlets.config import Config

from cs231n_utils.system.processors import n_processors

from ..errors import Refused
from ..gradebook.database import COURSE_ID
from ..gradebook.people import Person
from ..gradebook.record import Recorder
from ..rules.rules import Rules
from ..sandbox.outside import Sandbox
from ..submission.grade import Graded, Settings
from ..submission.read import Task
from . import pool
from .autograde import settings_for
from .course import Course
from .hand_in import untimed_sentence
from .nbgrader_autograde import GradedNotebook
from .submissions import find_submissions


@dataclass(frozen=True)
class Options:
    """How a class is graded.

    Attributes
    ----------
    assignment : str
    students : tuple of str
        Only these; empty for all.
    jobs : int
        Worker processes on this machine; 0 for one per processor.
    scheduler : str
        Address of a dask scheduler; empty to use this machine alone.
    resume : bool
        Keep results of submissions that have not changed.
    timeout : float, optional
        Seconds that one cell may take; by default what the course's nbgrader_config.py says.
    confined : bool
    as_json : bool
        One JSON object per line instead of lines for people.
    """

    assignment: str
    students: tuple[str, ...] = ()
    jobs: int = 0
    scheduler: str = ""
    resume: bool = False
    timeout: float | None = None
    confined: bool = True
    as_json: bool = False


@dataclass(frozen=True)
class Prepared:
    """All that grading needs of a course."""

    course: Course
    settings: Settings
    rules: Rules
    config: Config
    people: list[Person]

    @property
    def untimed(self) -> str:
        """Who is late by nobody knows how much, in a sentence; empty where that costs nothing."""
        if not self.rules.penalty_per_day:
            return ""
        return untimed_sentence(self.course.root, self.settings.assignment)

    def recorder(self) -> Recorder:
        """Open the gradebook for writing."""
        return Recorder(
            self.course.db_url,
            COURSE_ID,
            self.settings.assignment,
            self.rules,
            self.config,
            self.people,
        )


def prepare(course: Course, options: Options) -> Prepared:
    """Read what a course says of grading an assignment.

    Raises
    ------
    Refused
        If it says something that cannot be meant.
    """
    course.create()
    config = course.nbgrader_config()
    asked = GradedNotebook(config=config)
    settings = settings_for(
        options.assignment,
        timeout=asked.timeout if options.timeout is None else options.timeout,
        confined=asked.confined and options.confined,
    )
    roster = course.roster()
    return Prepared(
        course,
        settings,
        course.rules().of(options.assignment),
        config,
        roster.people if roster else [],
    )


def tasks_of(submissions: Path, options: Options) -> list[Task]:
    """The submissions to be graded.

    Raises
    ------
    Refused
        If there is none, or none of a student who was named.
    """
    tasks = find_submissions(submissions, options.assignment)
    if not tasks:
        raise Refused(f"{submissions} holds no submission of {options.assignment}")
    unknown = set(options.students) - {task.student for task in tasks}
    if unknown:
        raise Refused(f"there is no submission of {', '.join(sorted(unknown))}")
    return [task for task in tasks if not options.students or task.student in options.students]


def graders(options: Options, settings: Settings) -> Callable[[list[Task]], Iterator[Graded]]:
    """What grades submissions: processes of this machine, or a cluster.

    Raises
    ------
    Refused
        If this machine is asked and has no sandbox.
    """
    if options.scheduler:
        from .cluster import grade_on_cluster

        return lambda tasks: grade_on_cluster(tasks, settings, options.scheduler)
    # Without this, a missing sandbox would be reported by every worker instead of once.
    Sandbox(confined=settings.rubric.confined)
    jobs = options.jobs or n_processors()
    return lambda tasks: pool.grade_all(tasks, settings, min(jobs, len(tasks) or 1))

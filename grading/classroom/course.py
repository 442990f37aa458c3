"""The folder of a course: where its hand-ins, ledger, gradebook and pages are.

All paths in it are relative, so that a course can be moved, or copied for another term.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cs231n_utils.system.files import locked, write_whole

from ..errors import Refused
from ..gradebook.database import default_url
from ..handout.release import PROJECT
from ..ledger import Ledger
from ..rules.course_file import read_rules
from ..rules.rules import CourseRules
from .roster import Roster, course_roster

if TYPE_CHECKING:
    from traitlets.config import Config

COURSE = PROJECT / "course"
"""The course folder that is used if no other one is named."""

CONFIG = "nbgrader_config.py"

_DATABASE = "c.CourseDirectory.db_url"
"""What names the gradebook in it."""

_OWN_CONFIG = '''\
"""nbgrader in this course: run it, or the formgrader, in this folder."""

import os
from pathlib import Path

import grading
from grading.handout.release import NOTEBOOKS

here = Path(__file__).resolve().parent
c = get_config()
load_subconfig("{config}", path=str(Path(grading.__file__).parent))

c.CourseDirectory.root = str(here)
c.CourseDirectory.source_directory = os.path.relpath(NOTEBOOKS, here)
{database}'''


@dataclass
class Course:
    """A folder that nbgrader knows as a course.

    Parameters
    ----------
    root : Path
    db_url : str, optional
        SQLAlchemy URL; by default the one that the course remembers, else ``gradebook.db`` in
        ``root``.
    """

    root: Path = COURSE
    db_url: str = ""

    def __post_init__(self) -> None:
        self.root = self.root.resolve()
        self._database = self.db_url
        self.db_url = self.db_url or self._remembered() or default_url(self.root)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger of this course."""
        return Ledger(self.root)

    @property
    def submitted(self) -> Path:
        """Where nbgrader expects what was handed in."""
        return self.root / "submitted"

    def autograded(self, assignment: str, student: str) -> Path:
        """The path of a graded notebook."""
        return self.root / "autograded" / student / assignment / f"{assignment}.ipynb"

    def released(self, assignment: str) -> Path:
        """The folder that students get."""
        return self.root / "release" / assignment

    def create(self) -> None:
        """Make the folder, and let nbgrader's own commands and the formgrader work in it.

        A gradebook that was named is remembered, for them as for the commands that come.

        Raises
        ------
        Refused
            If it cannot be written.
        """
        path = self.root / CONFIG
        database = f"{_DATABASE} = {self._database!r}\n" if self._database else ""
        try:
            if not path.exists():
                write_whole(path, _OWN_CONFIG.format(config=CONFIG, database=database))
            elif database and self._remembered() != self._database:
                write_whole(path, f"{path.read_text(encoding='utf-8').rstrip()}\n{database}")
        except OSError as error:
            raise self._unwritable(error) from error

    def _remembered(self) -> str:
        """The gradebook that the course's configuration names; empty if it names none."""
        path = self.root / CONFIG
        # Most courses name none, and running the configuration imports all of nbgrader.
        if not path.is_file() or _DATABASE not in path.read_text(encoding="utf-8"):
            return ""
        return str(self.nbgrader_config().CourseDirectory.db_url)

    def nbgrader_config(self) -> "Config":
        """nbgrader's settings in this course, such as limits and late penalties.

        Raises
        ------
        Refused
            If its file cannot be read.
        """
        from traitlets.config import PyFileConfigLoader

        try:
            return PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()
        except Exception as error:
            raise Refused(
                f"{self.root / CONFIG} cannot be read ({type(error).__name__}: {error}): correct "
                "it, or delete it to have it written anew"
            ) from error

    def roster(self) -> Roster | None:
        """Who is in the course; None if nobody has said so.

        Raises
        ------
        Refused
            If the roster cannot be read.
        """
        try:
            return course_roster(self.root)
        except (OSError, ValueError) as error:
            raise Refused(str(error).rstrip(".")) from error

    def rules(self) -> CourseRules:
        """What ``course.toml`` says; an extension must be of somebody on the roster, if any.

        Raises
        ------
        Refused
            If the file holds a mistake, or the roster cannot be read.
        """
        roster = self.roster()
        return read_rules(self.root, None if roster is None else roster.ids)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other grader out of this course.

        Raises
        ------
        Refused
            If there is one already, or the course cannot be written.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = locked(self.root / ".grading.lock", seconds=0)
        except TimeoutError:
            raise Refused(f"another grader works in {self.root}: wait until it is done") from None
        except OSError as error:
            raise self._unwritable(error) from error
        with lock:
            yield

    def _unwritable(self, error: OSError) -> Refused:
        return Refused(
            f"{self.root} cannot be written ({error.strerror}): name another course with --course"
        )

"""The folder of a course: where its hand-ins, ledger, gradebook and pages are."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import Refused
from ..handout.release import PROJECT
from ..ledger import read_result

COURSE = PROJECT / "grading"


@dataclass
class Course:
    """A folder that nbgrader knows as a course.

    Parameters
    ----------
    root : Path
    db_url : str, optional
        SQLAlchemy URL; by default ``gradebook.db`` in ``root``.
    """

    root: Path = COURSE
    db_url: str = ""

    def __post_init__(self) -> None:
        self.root = self.root.resolve()
        self.db_url = self.db_url or f"sqlite:///{self.root / 'gradebook.db'}"

    @property
    def submitted(self) -> Path:
        """Where nbgrader expects what was handed in."""
        return self.root / "submitted"

    def ledger(self, assignment: str, student: str) -> Path:
        """The file that keeps what came of a submission."""
        return self.root / "ledger" / assignment / f"{student}.json"

    def autograded(self, assignment: str, student: str) -> Path:
        """The graded notebook."""
        return self.root / "autograded" / student / assignment / f"{assignment}.ipynb"

    def results(self, assignment: str) -> list[dict[str, Any]]:
        """What is kept of an assignment, by student; damaged files are left out."""
        return [
            result
            for path in sorted((self.root / "ledger" / assignment).glob("*.json"))
            if (result := read_result(path)) is not None
        ]

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
            file = open(self.root / ".grading.lock", "a+")  # noqa: SIM115 - kept open below
        except OSError as error:
            raise Refused(
                f"{self.root} cannot be written ({error.strerror}): name another course with --out"
            ) from error
        with file as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.seek(0)
                raise Refused(
                    f"another grader (process {lock.read().strip() or 'unknown'}) works in "
                    f"{self.root}: wait until it is done"
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

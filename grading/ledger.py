"""What was judged, by what, with which verdict: the one record everything else derives from.

``COURSE/ledger/ASSIGNMENT/STUDENT.json`` holds one :class:`Entry`. Scores in the gradebook,
feedback pages and reports are made from entries, and can be made anew from them.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from cs231n_utils.checking.verdict import Verdict
from cs231n_utils.system.files import write_whole

from .errors import Refused

VERDICT_TYPE = "application/vnd.cs231n.verdict+json"
"""The MIME type under which a verdict stands as data in the output of a graded cell."""

GRADED, UNGRADABLE = "graded", "ungradable"


class Damaged(Refused):
    """A file of the ledger cannot be read as an entry; the message says which and what to do."""

    def __init__(self, student: str, message: str):
        super().__init__(message)
        self.student = student


@dataclass(frozen=True)
class Rubric:
    """What an entry was judged by; an entry that was judged by another one is stale.

    Attributes
    ----------
    exercises : str
        Digest of the assignment's exercises and of the notebook as it was released.
    timeout : float
        Seconds that one cell may take.
    confined : bool
        Whether answers ran in the sandbox.
    """

    exercises: str
    timeout: float
    confined: bool


@dataclass(frozen=True)
class Entry:
    """What came of one submission.

    Attributes
    ----------
    student, assignment : str
    status : str
        "graded" or "ungradable".
    reason : str
        Why it could not be graded, or why its run ended early; empty if neither.
    verdicts : tuple of Verdict
        One for each exercise, in the order of the notebook.
    answers : mapping of str to str
        By grade id, the text of every answer cell.
    unusable : mapping of str to str
        By grade id, why an answer was left as released.
    submission : str
        Digest of what was handed in.
    rubric : Rubric
        What judged it.
    graded_at : str
        UTC, ISO 8601.
    seconds : float
    spent : mapping of str to float
        Seconds of each step.
    peak_mb : int
        Largest resident size of one of its processes.
    notes : mapping of str to str
        By grade id, which of several cells were taken for an answer.
    """

    student: str
    assignment: str
    status: str
    reason: str
    verdicts: tuple[Verdict, ...]
    answers: Mapping[str, str]
    unusable: Mapping[str, str]
    submission: str
    rubric: Rubric
    graded_at: str
    seconds: float
    spent: Mapping[str, float] = field(default_factory=dict)
    peak_mb: int = 0
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def exercises(self) -> dict[str, float]:
        """Points by exercise."""
        return {verdict.exercise: verdict.points for verdict in self.verdicts}

    @property
    def score(self) -> float:
        """Points for all exercises."""
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def max_score(self) -> float:
        """Points that all exercises can give."""
        return sum(verdict.max_points for verdict in self.verdicts)

    @classmethod
    def of(cls, data: Any) -> "Entry":
        """Build from what a file of the ledger holds.

        Raises
        ------
        TypeError, KeyError
            If it is not an entry.
        """
        values = {"notes": {}} | {
            one.name: data[one.name] for one in fields(cls) if one.name in data
        }
        for name in ("student", "assignment", "status", "reason", "submission", "graded_at"):
            if not isinstance(values[name], str):
                raise TypeError(name)
        for name in ("answers", "unusable", "spent", "notes"):
            if not isinstance(values[name], dict):
                raise TypeError(name)
        if not all(map(math.isfinite, (values["seconds"], values["peak_mb"]))):
            raise TypeError("seconds or peak_mb")
        values["verdicts"] = tuple(Verdict(**verdict) for verdict in values["verdicts"])
        values["rubric"] = Rubric(**values["rubric"])
        return cls(**values)


class Ledger:
    """The entries of a course.

    Parameters
    ----------
    root : Path
        The folder of the course.
    """

    def __init__(self, root: Path):
        self._folder = root / "ledger"

    def path(self, assignment: str, student: str) -> Path:
        """The file of an entry, whether it is there or not."""
        return self._folder / assignment / f"{student}.json"

    def write(self, entry: Entry) -> None:
        """Keep an entry instead of the one before.

        Raises
        ------
        Refused
            If it cannot be written.
        """
        path = self.path(entry.assignment, entry.student)
        try:
            write_whole(path, json.dumps(asdict(entry), indent=1))
        except OSError as error:
            raise Refused(
                f"{path} cannot be written ({error.strerror}): mend that, then go on with --resume"
            ) from error

    def read(self, assignment: str, student: str) -> Entry | None:
        """The entry of a submission; None if there is none.

        Raises
        ------
        Damaged
            If its file is not an entry.
        """
        path = self.path(assignment, student)
        try:
            return Entry.of(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise Damaged(
                student,
                f"{path} is not an entry of the ledger ({type(error).__name__}: {error}): grade "
                "this submission again",
            ) from error

    def assignments(self) -> list[str]:
        """Names of the assignments of which anything was graded."""
        return sorted(path.name for path in self._folder.glob("*") if path.is_dir())

    def students(self, assignment: str) -> list[str]:
        """Who has an entry for an assignment, damaged or not, sorted."""
        return sorted(path.stem for path in (self._folder / assignment).glob("*.json"))

    def entries(self, assignment: str) -> tuple[list[Entry], list[Damaged]]:
        """All entries of an assignment, by student, and what is wrong with the other files."""
        found, damaged = [], []
        for student in self.students(assignment):
            try:
                entry = self.read(assignment, student)
            except Damaged as error:
                damaged.append(error)
            else:
                found += [entry] if entry else []
        return found, damaged


def verdict_as_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data that stands in the output of a graded cell.

    Notebooks are written with sorted keys, so what has an order becomes a list of pairs.
    """
    return {
        key: [list(pair) for pair in value.items()] if isinstance(value, dict) else value
        for key, value in asdict(verdict).items()
    }


def stored_verdict(cell: Mapping[str, Any]) -> Verdict | None:
    """The verdict that stands in the output of a graded cell; None if there is none.

    Only a notebook that was graded here may be read: the data is taken at its word. What a
    student hands in never gets there, since sanitizing rebuilds the notebook from our source,
    without outputs, and whatever a graded cell put out is replaced.

    Raises
    ------
    ValueError
        If what is stored is not a whole verdict.
    """
    empty = Verdict("")
    for output in cell.get("outputs", []):
        stored = output.get("data", {}).get(VERDICT_TYPE)
        if stored is not None:
            try:
                values = {name: stored[name] for name in Verdict.__dataclass_fields__}
                return Verdict(
                    **{
                        name: dict(value) if isinstance(getattr(empty, name), dict) else value
                        for name, value in values.items()
                    }
                )
            except (KeyError, TypeError, ValueError) as error:
                name = cell["metadata"]["nbgrader"]["grade_id"]
                raise ValueError(
                    f"the graded cell {name} holds a verdict that is not whole: grade this "
                    "submission again."
                ) from error
    return None

"""Who has what: a row for everybody in the class, from ledger, gradebook and roster."""

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import numpy as np

from ..gradebook.database import default_url
from ..gradebook.grades import read_recorded
from ..gradebook.people import Person
from ..gradebook.recorded import Recorded
from ..gradebook.scoring import Scoring
from ..gradebook.tables import as_text
from ..ledger import UNGRADABLE, Entry, Ledger
from ..rules.count import Score
from ..rules.course_file import read_rules

GRADED, WAITING, LATE = "graded", "waiting for a mark", "late"
NOT_GRADED, NOTHING = "could not be graded", "nothing handed in"
BY_HAND = "marked by hand"
STATES = (GRADED, NOT_GRADED, NOTHING, LATE, WAITING, BY_HAND)

COLUMNS = (
    "student", "last_name", "first_name", "email", "section", "state", "score", "max_score",
    "late_penalty", "hours_late", "handed_in", "why", "feedback",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What one student has.

    Attributes
    ----------
    person : Person
    score : Score or None
        What counts; None if nothing was handed in.
    problem : str
        Why it could not be graded.
    hours_late : float
    late : bool
        After the due date, or marked so by the platform.
    handed_in : datetime or None
        In UTC.
    page : str
        The feedback page, relative to the report; empty if there is none.
    """

    person: Person
    score: Score | None = None
    problem: str = ""
    hours_late: float = 0.0
    late: bool = False
    handed_in: datetime | None = None
    page: str = ""

    @property
    def states(self) -> list[str]:
        """All that can be asked for: such as graded, late, waiting for a mark."""
        if self.score is None:
            return [NOTHING]
        given = [one.given for one in self.score.questions.values()]
        return [
            NOT_GRADED if self.problem else GRADED,
            *([LATE] if self.late else []),
            *([WAITING] if self.score.waiting and not self.problem else []),
            *([BY_HAND] if any(one.by_hand for one in given) else []),
        ]

    @property
    def why(self) -> str:
        """Why it could not be graded, and what rules did to the score."""
        rules = self.score.why if self.score else []
        return "; ".join(filter(None, [self.problem, *rules]))

    @property
    def cells(self) -> list[object]:
        """Its line of the CSV file."""
        person, score = self.person, self.score
        numbers: list[object] = ["", "", "", ""]
        if score is not None:
            numbers = [score.points, score.possible, score.penalty, round(self.hours_late, 2)]
        moment = f"{self.handed_in:%Y-%m-%dT%H:%M:%SZ}" if self.handed_in else ""
        about = [person.id, person.last_name, person.first_name, person.email, person.section]
        return [*about, ", ".join(self.states), *numbers, moment, self.why, self.page]


@dataclass(frozen=True)
class Class:
    """All that is known of an assignment.

    Attributes
    ----------
    assignment : str
    rows : dict of str to Row
        By student, everybody of the roster, the ledger and the gradebook.
    graded : list of Entry
    """

    assignment: str
    rows: dict[str, Row] = field(default_factory=dict)
    graded: list[Entry] = field(default_factory=list)

    @property
    def scores(self) -> list[Score]:
        """What counts of every graded submission, in the order of ``graded``."""
        return [self.rows[entry.student].score for entry in self.graded]

    @property
    def possible(self) -> float:
        """The most points, without extra credit; 0 if nothing was graded."""
        return max((score.possible for score in self.scores), default=0.0)

    def values(self, name: str) -> np.ndarray:
        """A number of every graded submission, float64 of shape (N,)."""
        return np.array([getattr(entry, name) for entry in self.graded], dtype=np.float64)

    def as_csv(self) -> str:
        """The rows as a table for a spreadsheet."""
        return as_text([COLUMNS, *(row.cells for row in self.rows.values())])


def read_class(
    course: Path,
    assignment: str,
    db_url: str | None = None,
    people: Mapping[str, Person] | None = None,
    marked_late: Collection[str] = (),
) -> Class:
    """Read what everybody has; an entry that cannot be read counts as not gradable.

    Scores are those of the gradebook; of whom it lacks, what ledger and rules say.

    Parameters
    ----------
    course : Path
    assignment : str
    db_url : str, optional
        The gradebook, by default ``gradebook.db`` in the course.
    people : mapping of str to Person, optional
        Who is in the class, by id.
    marked_late : collection of str
        Whose hand-in the platform marks as late.

    Raises
    ------
    FileNotFoundError
        If nothing was graded.
    """
    people = people or {}
    entries, damaged = Ledger(course).entries(assignment)
    recorded = read_recorded(db_url or default_url(course.resolve()), assignment)
    if not entries and not damaged:
        raise FileNotFoundError(
            f"{course} holds no entry of {assignment}, expected one per submission: run autograde "
            "first."
        )
    scoring = Scoring(assignment, read_rules(course).of(assignment))
    problems = {error.student: str(error) for error in damaged}
    problems |= {one.student: one.reason for one in entries if one.status == UNGRADABLE}
    scores = {one.student: scoring.score(one) for one in entries}
    scores |= {student: one.score for student, one in recorded.items()}
    found = Class(assignment)
    found.graded.extend(one for one in entries if one.status != UNGRADABLE)
    for student in sorted({*people, *scores, *problems}):
        known = recorded.get(student, Recorded(""))
        found.rows[student] = Row(
            person=people.get(student, Person(student)),
            score=scores.get(student, Score({}) if student in problems else None),
            problem=problems.get(student, ""),
            hours_late=known.seconds_late / 3600,
            late=known.seconds_late > 0 or student in marked_late,
            handed_in=known.handed_in,
            page=_page(course, assignment, student),
        )
    return found


def anonymous(text: str, people: Iterable[Person]) -> str:
    """The text without the ids, names and addresses of people, whatever their case."""
    said = {
        value
        for one in people
        for value in (one.id, one.first_name, one.last_name, one.email, one.lms_id, one.sis_id)
        if len(value) > 1
    }
    if not said:
        return text
    names = "|".join(map(re.escape, sorted(said, key=len, reverse=True)))
    return re.sub(rf"(?<!\w)(?:{names})(?!\w)", "…", text, flags=re.IGNORECASE)


def _page(course: Path, assignment: str, student: str) -> str:
    parts = ("feedback", student, assignment, f"{assignment}.html")
    if not os.path.isfile(os.path.join(course, *parts)):
        return ""
    return "/".join(["..", *(quote(part, safe="") for part in parts)])

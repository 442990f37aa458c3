"""The scores of a whole class, read from the gradebook with a few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from nbgrader.api import Gradebook

from ..rules.count import Score
from .people import Person, people_in
from .recorded import recorded_in


@dataclass(frozen=True)
class Mark:
    """What one student has on one assignment.

    Attributes
    ----------
    score : Score
    hours_late : float
    handed_in : datetime or None
        In UTC.
    waits : bool
        Some answer still waits for a mark by hand.
    """

    score: Score
    hours_late: float = 0.0
    handed_in: datetime | None = None
    waits: bool = False


@dataclass(frozen=True)
class Marks:
    """The part of a gradebook that is exported.

    Attributes
    ----------
    people : list of Person
        Sorted by id.
    possible : dict of str to float
        By assignment, the most points.
    marks : dict of (str, str) to Mark
        By student and assignment; who handed nothing in has none.
    """

    people: list[Person]
    possible: dict[str, float]
    marks: dict[tuple[str, str], Mark]

    def score(self, person: Person, assignment: str) -> float | str:
        """The points of a person; an empty text if nothing was handed in."""
        mark = self.marks.get((person.id, assignment))
        return "" if mark is None else mark.score.points

    @property
    def graded(self) -> list[Person]:
        """Who handed anything in."""
        students = {student for student, _ in self.marks}
        return [person for person in self.people if person.id in students]


def read_marks(
    gradebook: Gradebook,
    assignments: Sequence[str] = (),
    students: Sequence[str] = (),
    known: Mapping[str, Person] | None = None,
) -> Marks:
    """Read scores, penalties and times with a few queries, however many students there are.

    Parameters
    ----------
    gradebook : Gradebook
    assignments, students : sequence of str
        Only these; by default all.
    known : mapping of str to Person, optional
        By id, what is known of people beside the gradebook.

    Raises
    ------
    ValueError
        If an assignment is not in the gradebook.
    """
    entered = {assignment.name: assignment for assignment in gradebook.assignments}
    for name in assignments:
        if name not in entered:
            names = ", ".join(entered) or "none"
            raise ValueError(f"the gradebook has no assignment {name!r}, expected of: {names}.")
    chosen = sorted(assignments or entered)
    people = [
        known[person.id].completed_by(person) if known and person.id in known else person
        for person in people_in(gradebook)
        if not students or person.id in students
    ]
    ids = {person.id for person in people}
    marks: dict[tuple[str, str], Mark] = {}
    for name in chosen:
        for student, recorded in recorded_in(gradebook.db, name).items():
            if student in ids:
                score = recorded.score
                marks[student, name] = Mark(
                    score, recorded.seconds_late / 3600, recorded.handed_in, recorded.waits
                )
    possible = {name: float(entered[name].max_score or 0) for name in chosen}
    return Marks(people, possible, marks)

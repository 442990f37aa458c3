"""Written answers of a class with their marks, read from and written to nbgrader's gradebook.

Marks are written as the formgrader writes them, so that both can be used side by side.
"""

import contextlib
import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbgrader import api
from nbgrader.api import Gradebook
from sqlalchemy import select

from ..errors import Refused
from ..exercises import WRITTEN
from ..exercises.describe import Written
from ..gradebook.database import COURSE_ID, default_url, open_gradebook
from ..gradebook.grades import database_exists
from ..gradebook.people import Person
from ..handout.marks import grade_id, is_answer, is_blank
from ..handout.release import read_source, student_version
from ..ledger import GRADED, Entry, Ledger
from ..rules.course_file import read_rules

MOST_COMMENTS = 30
"""At most so many comments are offered again."""

MOST_LETTERS = 20_000
"""Of a comment."""


class Changed(Refused):
    """Somebody else has given another mark or comment in the meantime."""

    def __init__(self, mark: "Mark"):
        given = "no mark" if mark.points is None else f"{mark.points:g}"
        super().__init__(
            f"somebody else has changed this to {given}, comment {mark.comment!r}: save again to "
            "replace it"
        )
        self.mark = mark


@dataclass(frozen=True)
class Mark:
    """What an answer has.

    Attributes
    ----------
    points : float or None
        None without a mark.
    by_hand : bool
        Whether a person gave them.
    comment : str
    extra : float
        Extra credit, which the formgrader has a field for; it is added.
    """

    points: float | None
    by_hand: bool
    comment: str
    extra: float = 0.0

    @property
    def waits(self) -> bool:
        """Whether nobody has given anything."""
        return self.points is None and not self.extra

    @property
    def revision(self) -> str:
        """Another text for each other mark or comment."""
        said = json.dumps([self.points, self.by_hand, self.comment])
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Answer:
    """A written answer, and its mark."""

    student: str
    name: str
    words: str
    blank: bool
    mark: Mark


@contextlib.contextmanager
def marking_of(
    course: Path,
    assignment: str,
    db_url: str | None = None,
    people: Mapping[str, Person] | None = None,
) -> Iterator["Marking"]:
    """Open a gradebook for marking the written answers of an assignment.

    Parameters
    ----------
    course : Path
        Root of an nbgrader course that has a ledger.
    assignment : str
    db_url : str, optional
        The gradebook, by default ``gradebook.db`` in the course.
    people : mapping of str to Person, optional
        Who is in the class, by id.

    Raises
    ------
    Refused
        If there is nothing to mark.
    """
    url = db_url or default_url(course)
    if not database_exists(url):
        raise Refused(f"{course} has no gradebook: run autograde first")
    with open_gradebook(url, COURSE_ID) as gradebook:
        yield Marking(course, assignment, gradebook, people)


class Marking:
    """The written answers of an assignment.

    Parameters
    ----------
    course : Path
        Root of an nbgrader course that has a ledger.
    assignment : str
    gradebook : Gradebook
        Stays open as long as this is used.
    people : mapping of str to Person, optional
        Who is in the class, by id.

    Raises
    ------
    Refused
        If the assignment has no written question that counts, or nothing was graded.
    """

    def __init__(
        self,
        course: Path,
        assignment: str,
        gradebook: Gradebook,
        people: Mapping[str, Person] | None = None,
    ):
        self.assignment, self._gradebook, self._people = assignment, gradebook, people or {}
        released = student_version(read_source(assignment))
        self._released = {grade_id(cell): cell.source for cell in released.cells if is_answer(cell)}
        rules = read_rules(course).of(assignment)
        given_away = {name for name, parts in rules.full_points.items() if not parts}
        own = {one.id: one for one in WRITTEN.values() if one.assignment == assignment}
        self.questions: dict[str, Written] = {
            name: own[name]
            for name in self._released
            if name in own and name not in rules.dropped | given_away
        }
        if not self.questions:
            raise Refused(f"{assignment} has no written question that counts: nothing to mark")
        entries, _ = Ledger(course).entries(assignment)
        self._entries = {one.student: one for one in entries if one.status == GRADED}
        recorded = set(self._grades(next(iter(self.questions))))
        self.missing = sorted(self._entries.keys() - recorded)
        """Who was graded and is not in the gradebook."""
        if not self._entries.keys() & recorded:
            raise Refused(
                f"the gradebook holds no answer to {assignment}: run autograde first, or with "
                "--resume if it ran already"
            )

    def preset(self) -> int:
        """Give 0 to blank answers that wait, as nbgrader does; how many there were."""
        count = 0
        for question in self.questions:
            for student, (grade, _) in self._grades(question).items():
                entry = self._entries.get(student)
                waits = grade.auto_score is None and grade.manual_score is None
                if entry is not None and waits and self._is_blank(entry, question):
                    grade.auto_score, grade.needs_manual_grade = 0.0, False
                    count += 1
            self._gradebook.db.commit()
        return count

    def answers(self, question: str) -> list[Answer]:
        """All answers to a question, in an order that tells nothing of who they are."""
        found = [
            Answer(
                student,
                self._name(student),
                self._entries[student].answers.get(question, ""),
                self._is_blank(self._entries[student], question),
                _mark(grade, comment),
            )
            for student, (grade, comment) in self._grades(question).items()
            if student in self._entries
        ]
        return sorted(
            found, key=lambda one: hashlib.sha256((question + one.student).encode()).digest()
        )

    def waiting(self) -> dict[str, int]:
        """By question, how many answers wait for a mark."""
        return {
            question: sum(one.mark.waits for one in self.answers(question))
            for question in self.questions
        }

    def comments(self, question: str) -> list[str]:
        """Comments on a question, those used most often first, to be used again."""
        texts = (comment.manual_comment for _, comment in self._grades(question).values())
        used = Counter(text for text in texts if text)
        return [text for text, _ in used.most_common(MOST_COMMENTS)]

    def give(
        self, question: str, student: str, points: float | None, comment: str, seen: str
    ) -> Mark:
        """Write a mark and a comment, as the formgrader does.

        Parameters
        ----------
        question, student : str
        points : float or None
            None takes the mark back.
        comment : str
        seen : str
            The revision of the mark that is replaced.

        Raises
        ------
        Changed
            If it is not that revision any more.
        Refused
            If there is no such answer, or it cannot have so many points.
        """
        if question not in self.questions:
            raise Refused(f"{self.assignment} has no written question {question!r}: load it anew")
        most = self.questions[question].points
        if points is not None and not (math.isfinite(points) and 0 <= points <= most):
            raise Refused(f"got {points:g} points, expected 0 to {most:g}: correct them")
        if len(comment) > MOST_LETTERS:
            raise Refused(f"a comment has at most {MOST_LETTERS} letters: shorten it")
        found = self._grades(question, student).get(student)
        if found is None or student not in self._entries:
            raise Refused(f"the gradebook has no answer of {student} to {question}: load it anew")
        grade, written = found
        before = _mark(grade, written)
        if before.revision != seen:
            raise Changed(before)
        # A blank answer keeps the 0 that nbgrader gave it.
        if points != before.points or before.by_hand:
            grade.manual_score = points
        grade.needs_manual_grade = _mark(grade, written).waits
        written.manual_comment = comment or None
        self._gradebook.db.commit()
        return _mark(grade, written)

    def _grades(
        self, question: str, student: str | None = None
    ) -> dict[str, tuple[api.Grade, api.Comment]]:
        """By student, what the gradebook has of a question now."""
        # What others have written since is read only in a new transaction.
        self._gradebook.db.rollback()
        cells = select(api.SolutionCell.id).where(api.SolutionCell.name == question)
        found = (
            select(api.SubmittedAssignment.student_id, api.Grade, api.Comment)
            .join(api.SubmittedNotebook, api.SubmittedNotebook.id == api.Grade.notebook_id)
            .join(api.SubmittedAssignment, api.SubmittedNotebook.assignment)
            .join(api.Assignment, api.SubmittedAssignment.assignment)
            .join(api.GradeCell, api.GradeCell.id == api.Grade.cell_id)
            .join(api.Comment, api.Comment.notebook_id == api.SubmittedNotebook.id)
            .where(api.Assignment.name == self.assignment)
            .where(api.GradeCell.name == question)
            .where(api.Comment.cell_id.in_(cells))
        )
        if student is not None:
            found = found.where(api.SubmittedAssignment.student_id == student)
        rows = self._gradebook.db.execute(found)
        return {name: (grade, comment) for name, grade, comment in rows}

    def _is_blank(self, entry: Entry, question: str) -> bool:
        return is_blank(entry.answers.get(question, ""))

    def _name(self, student: str) -> str:
        return self._people.get(student, Person(student)).shown


def _mark(grade: api.Grade, comment: api.Comment) -> Mark:
    by_hand = grade.manual_score is not None
    points = grade.manual_score if by_hand else grade.auto_score
    return Mark(points, by_hand, comment.manual_comment or "", grade.extra_credit or 0.0)

"""Writes a submission's score, as the rules make it, where nbgrader keeps scores."""

from datetime import UTC
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import api
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import select

from ..ledger import Entry, Ledger
from ..rules.count import Score
from ..rules.course_file import read_rules
from .recorded import keep_applied, make_room, recorded_in
from .scoring import Scoring


def enter_rules(gradebook: Gradebook, scoring: Scoring) -> None:
    """Write the due date of an assignment, and the points possible; the caller commits."""
    make_room(gradebook.db)
    assignment = gradebook.find_assignment(scoring.assignment)
    if scoring.rules.named:
        due = scoring.rules.due
        # nbgrader keeps times in UTC, without a zone.
        assignment.duedate = due and due.astimezone(UTC).replace(tzinfo=None)
    possible = scoring.possible
    for cell in gradebook.find_notebook(scoring.assignment, scoring.assignment).grade_cells:
        if cell.max_score != possible.get(cell.name, cell.max_score):
            cell.max_score = possible[cell.name]
    gradebook.db.flush()


def apply(gradebook: Gradebook, scoring: Scoring, entry: Entry) -> Score:
    """Write what counts of one submission that is in the gradebook; the caller commits."""
    name, student, session = scoring.assignment, entry.student, gradebook.db
    session.flush()
    recorded = recorded_in(session, name, student)[student]
    if scoring.rules.named:
        gradebook.find_submission(name, student).extension = scoring.extension(student)
    score = scoring.score(entry, recorded)
    notebook = session.get(api.SubmittedNotebook, recorded.notebook_id)
    notebook.late_submission_penalty = score.penalty or None
    grades = session.execute(
        select(api.GradeCell.name, api.Grade)
        .join(api.GradeCell, api.GradeCell.id == api.Grade.cell_id)
        .where(api.Grade.notebook_id == recorded.notebook_id)
    ).all()
    for question, grade in grades:
        counted = score.questions.get(question)
        if counted is None:
            continue
        given = counted.given
        if (grade.manual_score, grade.extra_credit) != (given.manual, given.extra):
            grade.manual_score, grade.extra_credit = given.manual, given.extra
            grade.needs_manual_grade = False
        grade.auto_score = given.auto
        if given.points is None:
            grade.needs_manual_grade = True
        elif given.manual is None:
            grade.needs_manual_grade = False
    keep_applied(session, recorded.notebook_id, scoring.applied(entry, score, recorded))
    session.flush()
    return score


class ApplyRules(AssignLatePenalties):
    """What `nbgrader autograde` and the formgrader do after nbgrader has saved the points.

    It is an ``AssignLatePenalties``, so that a course's ``c.AssignLatePenalties.plugin_class``
    holds for it.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple:
        about = resources["nbgrader"]
        assignment, student = about["assignment"], about["student"]
        # The working directory is the course's root, where nbgrader converts.
        course = Path(about.get("course", "."))
        entry = Ledger(course).read(assignment, student)
        rules = read_rules(course).of(assignment)
        scoring = Scoring(assignment, rules, config=self.config)
        with Gradebook(about["db_url"]) as gradebook:
            enter_rules(gradebook, scoring)
            apply(gradebook, scoring, entry)
            gradebook.db.commit()
        return nb, resources

"""A graded course in a folder, as ``python -m grading autograde`` leaves it, made directly."""

import copy
import dataclasses
import os
import sys
import tempfile
import warnings
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from cs231n_utils.checking.verdict import Verdict
from grading.demo import Submission, put_answers
from grading.exercises import EXERCISES
from grading.handout.answers import fill_answers
from grading.handout.marks import is_answer
from grading.handout.release import read_source, student_version
from grading.judge.diagnosis import judge_here
from grading.ledger import GRADED, Entry, Ledger, Rubric
from grading.submission.scores import verdicts_of, write_scores

ASSIGNMENT = "01-loss-functions"
IDS = [name for name, exercise in EXERCISES.items() if exercise.assignment == ASSIGNMENT]
WRITTEN = "written-sanity-check"


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text a reader sees."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(str(page))

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


@cache
def verdict_on(name: str, mistake: str | None) -> Verdict:
    """What the exercise says of its reference, or of one of its known mistakes."""
    exercise = EXERCISES[name]
    function = exercise.reference
    if mistake is not None:
        function = next(m.function for m in exercise.mistakes if m.name == mistake)
    return judge_here(exercise, function, np.random.default_rng(231))


@cache
def _released() -> NotebookNode:
    return student_version(read_source(ASSIGNMENT))


@cache
def solved() -> dict[str, str]:
    """By grade id, the right answers."""
    return {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in fill_answers(read_source(ASSIGNMENT)).cells
        if "nbgrader" in cell.metadata
    }


def handed_in(submission: Submission) -> NotebookNode:
    """The notebook that a student of the demo class hands in; written questions are answered."""
    source = read_source(submission.assignment)
    notebook = student_version(source)
    put_answers(notebook, submission, fill_answers(read_source(submission.assignment)))
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and is_answer(cell):
            cell.source = "Because it is so."
    return notebook


def add_student(
    course: Path,
    student: str,
    mistakes: Mapping[str, str | None] | None = None,
    *,
    answers: Mapping[str, str] | None = None,
    outputs: Mapping[str, list] | None = None,
    unjudged: tuple[str, ...] = (),
    notebook: bool = True,
    confined: bool = True,
    **fields: Any,
) -> Entry:
    """Write a student's graded notebook and ledger entry.

    Parameters
    ----------
    mistakes : mapping of str to str, optional
        By exercise, the known mistake that the answer shows.
    answers : mapping of str to str, optional
        By grade id, other text of an answer cell.
    outputs : mapping of str to list, optional
        By grade id, what an answer cell printed.
    unjudged : tuple of str
        Exercises without a verdict.
    notebook : bool
        Whether there is a graded notebook.
    confined : bool
        Whether it was graded in the sandbox.
    fields
        Other fields of the ledger entry.
    """
    verdicts = {
        name: verdict_on(name, (mistakes or {}).get(name)) for name in IDS if name not in unjudged
    }
    graded = copy.deepcopy(_released())
    texts = {**solved(), WRITTEN: "", "written-two-losses": "", **(answers or {})}
    for cell in graded.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = texts[name]
            if cell.cell_type == "code":
                cell.outputs = (outputs or {}).get(name, [])
    final = verdicts_of(graded, verdicts.values(), unusable=fields.get("unusable"))
    write_scores(graded, final)
    if notebook:
        folder = course / "autograded" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        nbformat.write(nbformat.from_dict(graded), folder / f"{ASSIGNMENT}.ipynb")
    entry = Entry(
        student=student,
        assignment=ASSIGNMENT,
        status=GRADED,
        reason="",
        verdicts=tuple(final.values()),
        answers={
            name: texts[name] for name in texts if name.endswith("-answer") or "written" in name
        },
        unusable={},
        submission="0" * 64,
        rubric=Rubric("0" * 16, 10.0, confined),
        graded_at="2026-11-21T08:00:00+00:00",
        seconds=1.5,
        peak_mb=120,
    )
    entry = dataclasses.replace(entry, **fields)
    Ledger(course).write(entry)
    return entry


def add_gradebook(
    course: Path, students: Mapping[str, Mapping[str, Any]], **assignment: Any
) -> str:
    """Make a real nbgrader gradebook; its URL.

    Parameters
    ----------
    students : mapping of str to mapping
        By student, fields of the student and under ``"grades"`` by grade id fields of the
        grade, under ``"comments"`` by grade id what was written, under ``"timestamp"`` the
        time of handing in, under ``"penalty"`` the points off. Without ``"grades"`` nothing
        was handed in.
    assignment
        Fields of the assignment.
    """
    url = f"sqlite:///{course / 'gradebook.db'}"
    course.mkdir(parents=True, exist_ok=True)
    (course / "gradebook.db").write_bytes(_empty_gradebook())
    # nbgrader's own queries warn about the order in which it builds a submission.
    with warnings.catch_warnings(), Gradebook(url, "a-course") as gradebook:
        warnings.simplefilter("ignore", SAWarning)
        gradebook.add_assignment(ASSIGNMENT, **assignment)
        gradebook.add_notebook(ASSIGNMENT, ASSIGNMENT)
        place = (ASSIGNMENT, ASSIGNMENT)
        for name in IDS:
            points = EXERCISES[name].points
            gradebook.add_grade_cell(name, *place, max_score=points, cell_type="code")
            gradebook.add_solution_cell(f"{name}-answer", *place)
        gradebook.add_grade_cell(WRITTEN, *place, max_score=2, cell_type="markdown")
        gradebook.add_solution_cell(WRITTEN, *place)
        for student, about in students.items():
            about = dict(about)
            grades = about.pop("grades", None)
            comments, stamp = about.pop("comments", {}), about.pop("timestamp", None)
            penalty = about.pop("penalty", None)
            gradebook.add_student(student, **about)
            if grades is None:
                continue
            submission = gradebook.add_submission(ASSIGNMENT, student, timestamp=stamp)
            submission.notebooks[0].late_submission_penalty = penalty
            for name, fields in grades.items():
                grade = gradebook.find_grade(name, *place, student)
                grade.needs_manual_grade = False
                for key, value in fields.items():
                    setattr(grade, key, value)
            for name, text in comments.items():
                gradebook.find_comment(name, *place, student).manual_comment = text
            gradebook.db.commit()
    return url


@cache
def _empty_gradebook() -> bytes:
    # A new gradebook asks the `alembic` program, which is beside this Python, for its version.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gradebook.db"
        Gradebook(f"sqlite:///{path}", "a-course").close()
        return path.read_bytes()

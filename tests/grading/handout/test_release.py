"""What students get, and that notebooks and exercises say the same."""

import dataclasses

import nbformat
import pytest
from nbconvert.exporters.exporter import ResourcesDict
from nbgrader.preprocessors import ClearOutput, ClearSolutions, ComputeChecksums, LockCells

from grading.errors import Refused
from grading.exercises import EXERCISES
from grading.handout.marks import UNANSWERED, UNWRITTEN, is_answer, is_graded
from grading.handout.release import assignments, read_source, student_version
from tests.support.reference_lines import solution_lines


@pytest.mark.parametrize("assignment", assignments())
def test_notebook_and_exercises_agree_on_points(assignment):
    read_source(assignment)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda it: {"parts": {**it.parts, "one more": 2.0}}, "grading/exercises: make them equal"),
        (lambda it: {"id": "another"}, "another has no cell in the notebook and"),
    ],
)
def test_points_that_differ_are_one_sentence(monkeypatch, change, said):
    exercise = EXERCISES["softmax"]
    changed = dataclasses.replace(exercise, **change(exercise))
    monkeypatch.setitem(EXERCISES, "softmax", changed)
    with pytest.raises(Refused, match=r"^01-loss-functions says two things: ") as error:
        read_source("01-loss-functions")
    assert said in str(error.value) and "\n" not in str(error.value)


def test_unknown_assignment_is_refused():
    with pytest.raises(Refused, match="expected one of 00-start-here"):
        read_source("99-nothing")


@pytest.mark.parametrize("assignment", assignments())
def test_release_holds_no_line_of_any_solution(assignment):
    cells = student_version(read_source(assignment)).cells
    squeezed = "".join("".join(cell.source for cell in cells).split())
    assert not [line for line in solution_lines() if line in squeezed]
    assert "BEGINSOLUTION" not in squeezed
    written = [cell.source for cell in cells if is_answer(cell) and is_graded(cell)]
    assert set(written) == {UNANSWERED}


def as_nbgrader_makes_it(source):
    notebook, resources = nbformat.from_dict(source), ResourcesDict(nbgrader={})
    for step in (LockCells(), ClearSolutions(), ClearOutput(), ComputeChecksums()):
        notebook, resources = step.preprocess(notebook, resources)
    return notebook


@pytest.mark.parametrize("assignment", assignments())
def test_release_is_what_nbgrader_makes_of_the_source(assignment):
    source = read_source(assignment)
    assert student_version(source) == as_nbgrader_makes_it(source)


@pytest.mark.parametrize(
    "answer",
    [
        "def f():\n    ### BEGIN SOLUTION\n    a = 1\n\n    return a\n    ### END SOLUTION\n",
        "### BEGIN SOLUTION\n1\n### END SOLUTION\n2\n    ### BEGIN SOLUTION\n3\n### END SOLUTION",
        "def f():\n    return 'no region'",
        "",
    ],
)
@pytest.mark.parametrize("new_cell", [nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell])
@pytest.mark.parametrize("points", [None, 2])
def test_answers_are_cleared_as_nbgrader_clears_them(answer, new_cell, points):
    marks = {"grade_id": "a", "schema_version": 3, "solution": True, "locked": False}
    marks |= {"grade": False} if points is None else {"grade": True, "points": points}
    source = nbformat.v4.new_notebook(cells=[new_cell(answer, metadata={"nbgrader": marks})])
    assert student_version(source) == as_nbgrader_makes_it(source)


def test_answer_that_is_not_ended_is_cleared_to_the_end_of_its_cell():
    marks = {"grade_id": "a", "solution": True, "grade": False, "locked": False}
    cell = nbformat.v4.new_code_cell("### BEGIN SOLUTION\nsecret", metadata={"nbgrader": marks})
    (cleared,) = student_version(nbformat.v4.new_notebook(cells=[cell])).cells
    assert cleared.source == UNWRITTEN

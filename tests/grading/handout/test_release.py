"""What students get, and that notebooks and exercises say the same."""

import dataclasses

import pytest

from grading.errors import Refused
from grading.exercises import EXERCISES
from grading.handout.marks import UNANSWERED, is_answer, is_graded
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

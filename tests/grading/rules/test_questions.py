"""The points of questions are those of the notebook that students get."""

import pytest

from grading.handout.marks import grade_id, points_of
from grading.handout.release import assignments, read_source
from grading.rules import questions


@pytest.mark.parametrize("assignment", assignments())
def test_questions_are_those_of_the_notebook(assignment):
    shown = {grade_id(cell): points_of(cell) for cell in read_source(assignment).cells}
    assert questions.points_of(assignment) == {n: p for n, p in shown.items() if n and p}
